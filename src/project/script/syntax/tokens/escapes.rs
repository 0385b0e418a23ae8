//! The escapes in strings and templates.

use super::lexer::Lexer;

impl Lexer<'_> {
    /// Appends the character of the escape that begins at the next byte, a backslash.
    pub(super) fn escape(&mut self, text: &mut String) {
        self.at += 1;
        let Some(byte) = self.peek(0) else { return };
        let simple = match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'v' => '\u{b}',
            b'0'..=b'7' => return self.octal(text),
            b'x' => return self.code(text, 2),
            b'u' => return self.code(text, 4),
            b'\r' if self.peek(1) == Some(b'\n') => {
                self.at += 2;
                return;
            }
            b'\n' | b'\r' => {
                self.at += 1;
                return;
            }
            _ => return self.copy(text),
        };
        text.push(simple);
        self.at += 1;
    }

    /// `\0`, and the older `\033`.
    fn octal(&mut self, text: &mut String) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = if rest.first().is_some_and(|byte| *byte > b'3') { 2 } else { 3 };
        let digits = rest.iter().take(length).take_while(|byte| matches!(byte, b'0'..=b'7'));
        let (count, code) =
            digits.fold((0, 0), |(count, code), byte| (count + 1, code * 8 + byte - b'0'));
        text.push(char::from(code));
        self.at += count;
    }

    /// The digits after `\x` or `\u`.
    fn code(&mut self, text: &mut String, length: usize) {
        let Some((mut code, used)) = self.code_at(self.at + 1, length) else {
            return self.copy(text);
        };
        self.at += 1 + used;
        if (0xd800..0xdc00).contains(&code)
            && self.peek(0) == Some(b'\\')
            && self.peek(1) == Some(b'u')
            && let Some((low @ 0xdc00..0xe000, used)) = self.code_at(self.at + 2, length)
        {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            self.at += 2 + used;
        }
        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    /// A code of `length` digits, or between braces, and how many bytes that takes.
    fn code_at(&self, at: usize, length: usize) -> Option<(u32, usize)> {
        const MAX_DIGITS: usize = 8;
        let rest = self.text.get(at..)?;
        let braced = rest.strip_prefix('{').filter(|_| length == 4).and_then(|rest| {
            let end = rest.bytes().take(MAX_DIGITS + 1).position(|byte| byte == b'}')?;
            rest.get(..end)
        });
        let (digits, used) = match braced {
            Some(digits) => (digits, digits.len() + 2),
            None => (rest.get(..length)?, length),
        };
        Some((u32::from_str_radix(digits, 16).ok()?, used))
    }
}
