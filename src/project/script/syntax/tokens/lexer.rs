//! The position in a script's text, and the simple steps from there.

/// Reads a script from its beginning to its end.
pub(super) struct Lexer<'a> {
    pub text: &'a str,
    /// The offset of the next byte.
    pub at: usize,
}

impl<'a> Lexer<'a> {
    /// The byte that is `ahead` bytes after the next one.
    pub fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// The text up to the first byte for which `holds` is false.
    pub fn skip_while(&mut self, holds: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !holds(*byte)).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The name at this place; empty before the spaces of other scripts.
    pub fn word(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_end = |c: char| {
            if c.is_ascii() { !is_word(c as u8) } else { is_space(c) }
        };
        let word = rest.split(is_end).next().unwrap_or_default();
        self.at += word.len();
        word
    }

    /// Skips a character that isn't ASCII.
    pub fn skip_space(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.chars().next().map_or(1, char::len_utf8);
    }

    pub fn skip_past(&mut self, end: &str) {
        // A comment begins with two characters, which are no part of its end.
        let start = self.at + 2;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let found = memchr::memmem::find(rest, end.as_bytes());
        self.at = found.map_or(self.text.len(), |found| start + found + end.len());
    }

    /// Appends the next character to `text`.
    pub fn copy(&mut self, text: &mut String) {
        if let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            text.push(c);
            self.at += c.len_utf8();
        } else {
            self.at += 1;
        }
    }
}

/// True for spaces beyond ASCII, and for the byte order mark.
fn is_space(c: char) -> bool {
    c == '\u{feff}' || c.is_whitespace()
}

/// True for a byte of a name; every byte beyond ASCII counts as one.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}
