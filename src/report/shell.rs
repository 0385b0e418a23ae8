//! Commands as they are typed on this system.

/// A command as it is typed on this system, quoted if the shell requires it.
pub(super) fn shell(command: &[String]) -> String {
    let word = if cfg!(windows) { word_of_windows } else { word_of_posix };
    command.iter().map(|part| word(part)).collect::<Vec<_>>().join(" ")
}

/// True for a word that no shell changes; `more` are characters that this shell doesn't change
/// either.
fn is_plain(part: &str, more: &str) -> bool {
    !part.is_empty()
        && part
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./@:=+,".contains(c) || more.contains(c))
}

fn word_of_posix(part: &str) -> String {
    if is_plain(part, "") { part.to_owned() } else { format!("'{}'", part.replace('\'', "'\\''")) }
}

/// Both cmd.exe and PowerShell accept double quotes. A word in which one of them would expand
/// something gets PowerShell's single quotes.
fn word_of_windows(part: &str) -> String {
    match part {
        part if is_plain(part, "\\") && !part.starts_with('@') => part.to_owned(),
        part if !part.contains(['"', '$', '`', '%']) => format!("\"{part}\""),
        part => format!("'{}'", part.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::{word_of_posix, word_of_windows};

    #[test]
    fn words_are_quoted_for_the_shell_of_the_system() {
        for (word, posix, windows) in [
            ("npm", "npm", "npm"),
            ("--force", "--force", "--force"),
            ("", "''", "\"\""),
            ("@scope/name", "@scope/name", "\"@scope/name\""),
            (r"node_modules\x", r"'node_modules\x'", r"node_modules\x"),
            ("a b", "'a b'", "\"a b\""),
            (
                "set a=true&& npm rebuild x",
                "'set a=true&& npm rebuild x'",
                "\"set a=true&& npm rebuild x\"",
            ),
            ("it's", r"'it'\''s'", "\"it's\""),
            ("$(x)", "'$(x)'", "'$(x)'"),
            ("%x% it's", r"'%x% it'\''s'", "'%x% it''s'"),
        ] {
            assert_eq!(
                (word_of_posix(word).as_str(), word_of_windows(word).as_str()),
                (posix, windows),
                "{word}"
            );
        }
    }
}
