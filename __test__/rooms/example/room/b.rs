pub struct Second;

fn second() {
    crate::other::used();
}

#[cfg(test)]
mod tests {
    use super::Second;
}
