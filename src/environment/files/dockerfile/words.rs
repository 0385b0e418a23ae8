//! The words of instructions: assignments, options, variables, paths.

use parse_dockerfile::Source;

use super::super::shell::commands;

/// `NAME=value`, several in a line, values with or without quotes; also the old form `ENV NAME
/// value`.
pub(super) fn assignments(text: &str) -> Vec<(String, Option<String>)> {
    let text = plain(text, '\\');
    let words: Vec<String> = commands(&format!("- {text}"), 1)
        .into_iter()
        .flat_map(|command| command.words)
        .skip(1)
        .collect();
    match words.as_slice() {
        [name, rest @ ..] if !name.contains('=') && !rest.is_empty() && !rest[0].contains('=') => {
            vec![(name.clone(), Some(rest.join(" ")))]
        }
        words => {
            let pair = |word: &String| match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word.clone(), None),
            };
            words.iter().map(pair).collect()
        }
    }
}

/// The shell text of one instruction, without comment lines. Lines that end in a backslash are
/// joined.
pub(super) fn plain(text: &str, escape: char) -> String {
    let lines = text.split('\n').map(|line| {
        let end = line.trim_end();
        match end.strip_suffix(escape) {
            _ if line.trim_start().starts_with('#') => "\\".to_owned(),
            Some(start) => format!("{start}\\"),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn quoted(words: Vec<String>) -> String {
    let quote = |word: String| format!("'{}'", word.replace('\'', "'\\''"));
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

pub(super) fn path(source: &Source<'_>) -> Option<String> {
    match source {
        Source::Path(path) => Some(path.value.to_string()),
        _ => None,
    }
}

pub(super) fn flags(options: &[parse_dockerfile::Flag<'_>], name: &str) -> Vec<String> {
    let named = options.iter().filter(|flag| flag.name.value == name);
    named.filter_map(|flag| flag.value.as_ref()).map(|value| value.value.to_string()).collect()
}

/// The names of the variables in a text.
pub(super) fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })
}

/// `to` relative to `folder`, as an absolute path without `.` and `..`.
pub(super) fn joined(folder: &str, to: &str) -> String {
    let whole = if to.starts_with('/') { to.to_owned() } else { format!("{folder}/{to}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
