//! Cleans logs, which have colors, Windows line ends and prefixes before each line, and gives
//! patterns a view of them.

mod entities;
mod written_out;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

/// A pattern, compiled when it is first used.
pub(super) struct Pattern(LazyLock<Option<Regex>>);

impl Pattern {
    pub const fn new(compile: fn() -> Option<Regex>) -> Pattern {
        Pattern(LazyLock::new(compile))
    }

    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.0.as_ref()?.captures(text)
    }
}

/// A [`Pattern`] of a literal. In it, `<nl>` is a line end with the prefix of the next line: a
/// time, the name of a service, "npm error". `<ws>` is a blank or such a line end, and `<package>`
/// is the name of a package.
///
/// Use `+` for texts of any length; a [`Window`] bounds them. A high count such as `{1,4096}` would
/// create thousands of states, each of which costs time at every byte.
macro_rules! pattern {
    ($($text:literal),+ $(,)?) => {{
        static PATTERN: crate::remedy::explain::text::Pattern =
            crate::remedy::explain::text::Pattern::new(|| {
                crate::remedy::explain::text::compile(concat!($($text),+))
            });
        &PATTERN
    }};
}
pub(super) use pattern;

pub(super) fn compile(text: &str) -> Option<Regex> {
    let whole = text
        .replace("<package>", r"(?:@[\w.~-]{1,100}/)?[\w.~-]{1,100}")
        .replace("<ws>", r"(?:<nl>| +)")
        .replace("<nl>", r"[ \t]*\n[^\n]{0,120}?");
    let compiled = Regex::new(&whole);
    debug_assert!(compiled.is_ok(), "{text}");
    compiled.ok()
}

/// The number of bytes before the anchor that a pattern can see. Paths have up to 4096 bytes.
const BEFORE: usize = 6_000;
const AFTER: usize = 6_000;

/// A place in a text, with the text around it.
pub(super) struct Window<'t> {
    /// The text around the anchor.
    pub text: &'t str,
    /// Where the anchor starts in it.
    at: usize,
    /// Where the anchor ends in it.
    end: usize,
}

impl<'t> Window<'t> {
    pub fn around(text: &'t str, at: usize, length: usize) -> Window<'t> {
        let mut start = at.saturating_sub(BEFORE);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let mut end = (at + length + AFTER).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Window { text: &text[start..end], at: at - start, end: at + length - start }
    }

    /// The text before the anchor in its line.
    pub fn before(&self) -> &'t str {
        let all = &self.text[..self.at];
        &all[all.rfind('\n').map_or(0, |at| at + 1)..]
    }

    /// All text before the anchor.
    pub fn all_before(&self) -> &'t str {
        &self.text[..self.at]
    }

    /// From the anchor on.
    pub fn from(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The text after the anchor.
    pub fn after(&self) -> &'t str {
        &self.text[self.end..]
    }

    /// The rest of the anchor's line.
    pub fn rest(&self) -> &'t str {
        self.after().split('\n').next().unwrap_or_default()
    }

    /// The line with the anchor.
    pub fn line(&self) -> &'t str {
        let start = self.at - self.before().len();
        self.text[start..].split('\n').next().unwrap_or_default()
    }

    /// The path that ends where the anchor starts: "Error: /a b/c.node" → "/a b/c.node".
    pub fn path_before(&self) -> Option<String> {
        let path = super::paths::path_at_end(self.before());
        path.or_else(|| self.wrapped_path())
    }

    /// A path that a terminal wrapped: the line above ends in it, and this line starts with the
    /// rest.
    fn wrapped_path(&self) -> Option<String> {
        let rest = self.before();
        let above = self.all_before().strip_suffix(rest)?.strip_suffix('\n')?;
        let above = &above[above.rfind('\n').map_or(0, |at| at + 1)..];
        let is_rest = rest.ends_with(".node") && !rest.contains(char::is_whitespace);
        let is_start = above.contains("node_modules") && !above.ends_with(char::is_whitespace);
        let path = super::paths::path_at_end(&format!("{above}{rest}"));
        path.filter(|path| is_rest && is_start && !path.contains(": "))
    }
}

/// The text without the changes that terminals, Windows and loggers make: without escape sequences,
/// carriage returns and null bytes, and with real line ends in place of `\n` in JSON and in output
/// of `util.inspect`.
///
/// A log may have 64 MiB: only a step that changes the text copies it.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let plain = written_out::undo(entities::undo(without_controls(text)));
    // Escape sequences may be written out too.
    if first_control(&plain).is_some() {
        without_controls(&plain).into_owned().into()
    } else {
        plain
    }
}

fn first_control(text: &str) -> Option<usize> {
    memchr::memchr3(0x1b, b'\r', 0, text.as_bytes())
}

fn without_controls(text: &str) -> Cow<'_, str> {
    let Some(first) = first_control(text) else { return text.into() };
    let mut clean = String::with_capacity(text.len());
    let (plain, mut rest) = text.split_at(first);
    clean.push_str(plain);
    while let Some(at) = first_control(rest) {
        clean.push_str(&rest[..at]);
        let is_escape = rest.as_bytes()[at] == 0x1b;
        rest = &rest[at + 1..];
        if is_escape {
            rest = after_escape(rest);
        }
    }
    clean.push_str(rest);
    clean.into()
}

/// The text after an escape sequence whose ESC is missing.
fn after_escape(rest: &str) -> &str {
    /// A longer sequence is not an escape sequence.
    const LONGEST: usize = 512;
    let is_final = |c: char| ('\u{40}'..='\u{7e}').contains(&c);
    if let Some(sequence) = rest.strip_prefix('[') {
        let end = sequence.char_indices().take(LONGEST).find(|(_, c)| is_final(*c));
        return end.map_or(sequence, |(at, c)| &sequence[at + c.len_utf8()..]);
    }
    if let Some(sequence) = rest.strip_prefix(']') {
        let end = sequence
            .char_indices()
            .take(LONGEST)
            .find(|(_, c)| matches!(c, '\u{7}' | '\u{1b}' | '\n'));
        return end
            .map_or(sequence, |(at, c)| sequence[at + c.len_utf8()..].trim_start_matches('\\'));
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::without_controls as clean;

    #[test]
    fn escape_sequences_of_terminals_are_removed() {
        assert_eq!(clean("\u{1b}[31;1mError\u{1b}[0m: a\r\nb\0c"), "Error: a\nbc");
        assert_eq!(clean("\u{1b}]8;;file:///x\u{7}x\u{1b}]8;;\u{1b}\\ y"), "x y");
        assert_eq!(clean("end \u{1b}"), "end ");
        assert_eq!(clean("\u{1b}[é"), "é");
    }
}
