//! Variables in texts, as Dockerfiles, compose and GitLab write them.

/// `text` with its variables put in: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}`. `None` where one
/// has no value that is known, or stands in a form that isn't.
#[must_use]
pub fn expanded(text: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            result.push('$');
            rest = after;
        } else if let Some(inner) = rest.strip_prefix('{') {
            let end = closing(inner)?;
            result.push_str(&braced(&inner[..end], value)?);
            rest = &inner[end + 1..];
        } else {
            let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
            if end == 0 {
                result.push('$');
                continue;
            }
            result.push_str(&value(&rest[..end])?);
            rest = &rest[end..];
        }
    }
    result.push_str(rest);
    Some(result)
}

fn braced(inner: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let end = inner.find(|c: char| !is_of_name(c)).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let found = value(name);
    if rest.is_empty() {
        return found;
    }
    let (operator, other) = rest
        .strip_prefix(':')
        .map_or((rest.get(..1)?, rest.get(1..)?), |rest| (rest.get(..1).unwrap_or_default(), rest.get(1..).unwrap_or_default()));
    match operator {
        "-" => found.filter(|found| !found.is_empty()).or_else(|| expanded(other, value)),
        "+" if found.as_ref().is_some_and(|found| !found.is_empty()) => expanded(other, value),
        "+" => Some(String::new()),
        "?" => found,
        _ => None,
    }
}

/// Where the bracket closes that was opened before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        // Defaults in defaults in defaults.
        if depth > 16 {
            return None;
        }
    }
    None
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn variables_are_put_in_where_they_are_known() {
        let value = |name: &str| match name {
            "A" => Some("20".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        for (text, expected) in [
            ("node:20", Some("node:20")),
            ("node:$A", Some("node:20")),
            ("node:${A}-alpine", Some("node:20-alpine")),
            ("node:$A-alpine", Some("node:20-alpine")),
            ("node:${B:-22}", Some("node:22")),
            ("node:${B-22}", Some("node:22")),
            ("node:${EMPTY:-22}", Some("node:22")),
            ("node:${B:-${A}}", Some("node:20")),
            ("node:${A:+18}", Some("node:18")),
            ("node:${A:?needed}", Some("node:20")),
            ("node:$B", None),
            ("node:${B}", None),
            ("node:${A%x}", None),
            ("node:${A", None),
            ("${", None),
            ("$", Some("$")),
            ("a$$b", Some("a$b")),
            ("${é}", None),
        ] {
            assert_eq!(expanded(text, &value).as_deref(), expected, "{text}");
        }
        assert_eq!(expanded(&"${A:-".repeat(1000), &value), None);
    }
}
