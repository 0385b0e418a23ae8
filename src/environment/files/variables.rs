//! Variables in texts, in the syntax of Dockerfiles, compose and GitLab.

use super::budget::Budget;

/// The longest expanded text, in bytes: names of images, paths and versions are shorter. The limit
/// keeps `B=$A$A`, `C=$B$B` … from doubling.
pub const LONGEST: usize = 4096;

/// `text` with its variables expanded: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`,
/// `${NAME:+other}`. `None` if the value of a variable or its syntax isn't known, and for a result
/// that is longer than [`LONGEST`].
#[must_use]
pub fn expanded(
    text: &str,
    value: &dyn Fn(&str) -> Option<String>,
    budget: &Budget,
) -> Option<String> {
    let mut result = String::new();
    let mut rest = text;
    if !budget.spend(text.len()) {
        return None;
    }
    while let Some(at) = rest.find('$') {
        if result.len() > LONGEST || !budget.spend(1) {
            return None;
        }
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            result.push('$');
            rest = after;
        } else if let Some(inner) = rest.strip_prefix('{') {
            let end = closing(inner)?;
            result.push_str(&braced(&inner[..end], value, budget)?);
            rest = &inner[end + 1..];
        } else {
            let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
            if end == 0 {
                result.push('$');
                continue;
            }
            let found = value(&rest[..end])?;
            if !budget.spend(found.len()) {
                return None;
            }
            result.push_str(&found);
            rest = &rest[end..];
        }
    }
    result.push_str(rest);
    (result.len() <= LONGEST).then_some(result)
}

fn braced(inner: &str, value: &dyn Fn(&str) -> Option<String>, budget: &Budget) -> Option<String> {
    let end = inner.find(|c: char| !is_of_name(c)).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let found = value(name);
    if !budget.spend(found.as_ref().map_or(0, String::len)) {
        return None;
    }
    if rest.is_empty() {
        return found;
    }
    let (operator, other) =
        rest.strip_prefix(':').map_or((rest.get(..1)?, rest.get(1..)?), |rest| {
            (rest.get(..1).unwrap_or_default(), rest.get(1..).unwrap_or_default())
        });
    match operator {
        "-" => found.filter(|found| !found.is_empty()).or_else(|| expanded(other, value, budget)),
        "+" if found.as_ref().is_some_and(|found| !found.is_empty()) => {
            expanded(other, value, budget)
        }
        "+" => Some(String::new()),
        "?" => found,
        _ => None,
    }
}

/// The position of the bracket that closes the one before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
        // Limits defaults that are nested in defaults.
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
    use super::{Budget, LONGEST, expanded};

    #[test]
    fn known_variables_are_expanded() {
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
            assert_eq!(expanded(text, &value, &Budget::default()).as_deref(), expected, "{text}");
        }
        assert_eq!(expanded(&"${A:-".repeat(1000), &value, &Budget::default()), None);
    }

    #[test]
    fn a_text_over_the_length_limit_is_not_expanded() {
        let value = |_: &str| Some("x".repeat(LONGEST / 2));
        assert_eq!(
            expanded("$A$A", &value, &Budget::default()).map(|text| text.len()),
            Some(LONGEST)
        );
        assert_eq!(expanded("$A$A$A", &value, &Budget::default()), None);
        assert_eq!(expanded(&"$A".repeat(100_000), &value, &Budget::default()), None);
    }
}
