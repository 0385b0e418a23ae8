//! `.dockerignore`: whether a path is excluded from the build context. The rules are those of
//! moby/patternmatcher: like `.gitignore`, but anchored at the root of the context; the last
//! matching line decides, and `!` includes again.

/// The maximum number of lines that are read.
const MOST: usize = 2000;

/// True if `text` excludes the folder `path` (with `/`, relative to the context) from the context.
#[must_use]
pub fn excludes(text: &str, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let mut excluded = false;
    for line in text.lines().take(MOST) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (taken_back, pattern) =
            line.strip_prefix('!').map_or((false, line), |rest| (true, rest.trim()));
        if matches_or_parent(pattern, &parts) {
            excluded = !taken_back;
        }
    }
    excluded
}

/// A pattern also matches everything below the path that it names.
fn matches_or_parent(pattern: &str, path: &[&str]) -> bool {
    let pattern: Vec<&str> =
        pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    // A line with only "." or "/" matches nothing.
    let names_part = !pattern.is_empty()
        && pattern.len() <= 32
        && (1..=path.len()).any(|end| matches(&pattern, &path[..end]));
    // "node_modules/**" and "node_modules/*" exclude the contents of the folder, but not the
    // folder.
    let names_contents = || match pattern.split_last() {
        Some((&("**" | "*"), rest)) => !rest.is_empty() && matches(rest, path),
        _ => false,
    };
    names_part || names_contents()
}

fn matches(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            (0..=path.len()).any(|skipped| matches(rest, &path[skipped..])) && !path.is_empty()
        }
        (Some((part, rest)), Some((name, path))) => matches_part(part, name) && matches(rest, path),
        _ => false,
    }
}

/// Matches `*` and `?` within one part of a path.
fn matches_part(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut seen, mut star) = (0, 0, None);
    while seen < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == name[seen] => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((back, from)) = star else { return false };
                star = Some((back, from + 1));
                at = back + 1;
                seen = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::excludes;

    #[test]
    fn the_last_line_that_matches_decides() {
        for (text, path, expected) in [
            ("node_modules", "node_modules", true),
            ("node_modules/", "node_modules", true),
            ("/node_modules", "node_modules", true),
            ("./node_modules", "node_modules", true),
            ("**/node_modules", "node_modules", true),
            ("**/node_modules", "apps/web/node_modules", true),
            ("**/node_modules/", "apps/web/node_modules", true),
            ("*/node_modules", "node_modules", false),
            ("node_modules", "apps/node_modules", false),
            ("node_modules/*", "node_modules", true),
            ("node_modules/**", "node_modules", true),
            ("*", "node_modules", true),
            ("**", "node_modules", true),
            ("*\n!src\n!package*.json", "node_modules", true),
            ("*\n!node_modules", "node_modules", false),
            ("node_*", "node_modules", true),
            ("# node_modules", "node_modules", false),
            ("!node_modules", "node_modules", false),
            ("dist\n\n.git", "node_modules", false),
            ("node_modules/.cache", "node_modules", false),
            (".", "node_modules", false),
            ("", "node_modules", false),
            ("apps", "apps/web/node_modules", true),
        ] {
            assert_eq!(excludes(text, path), expected, "{text:?} {path}");
        }
    }

    #[test]
    fn no_pattern_takes_long() {
        let stars = "**/".repeat(30) + "x";
        assert!(!excludes(&stars, &"a/".repeat(8)));
        assert!(!excludes(&("*a".repeat(1000) + "b"), &"a".repeat(200)));
    }
}
