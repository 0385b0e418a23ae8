//! Tokens with contents of their own: numbers, strings, templates, regular expressions.

use super::super::token::{Part, Token};
use super::lexer::Lexer;

/// Templates that are nested deeper are read as text.
const MAX_TEMPLATE_DEPTH: usize = 8;

impl<'a> Lexer<'a> {
    pub(super) fn number(&mut self) {
        loop {
            self.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
            // "1e-3"
            let is_exponent = matches!(self.peek(0), Some(b'+' | b'-'))
                && self.at.checked_sub(1).is_some_and(|before| {
                    matches!(self.text.as_bytes().get(before), Some(b'e' | b'E'))
                })
                && self.peek(1).is_some_and(|byte| byte.is_ascii_digit());
            if !is_exponent {
                return;
            }
            self.at += 1;
        }
    }

    pub(super) fn string(&mut self, quote: u8) -> String {
        self.at += 1;
        let mut text = String::new();
        while let Some(byte) = self.peek(0) {
            match byte {
                _ if byte == quote => {
                    self.at += 1;
                    break;
                }
                b'\n' => break, // The string isn't closed: this isn't JavaScript.
                b'\\' => self.escape(&mut text),
                _ => self.copy(&mut text),
            }
        }
        text
    }
    pub(super) fn template(&mut self, depth: usize) -> Token<'a> {
        self.at += 1;
        let mut parts = Vec::new();
        let mut text = String::new();
        while let Some(byte) = self.peek(0) {
            match byte {
                b'`' => {
                    self.at += 1;
                    break;
                }
                b'\\' => self.escape(&mut text),
                b'$' if self.peek(1) == Some(b'{') && depth < MAX_TEMPLATE_DEPTH => {
                    self.at += 2;
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(Part::Expression(self.tokens(depth + 1)));
                    self.at += 1;
                }
                b'\r' => self.at += 1,
                _ => self.copy(&mut text),
            }
        }
        // A list has room for four parts at first, and a hostile script may have a million
        // templates.
        parts.reserve_exact(1);
        parts.push(Part::Text(text));
        Token::Template(parts)
    }

    pub(super) fn regex(&mut self) {
        let mut in_class = false;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' => return,
                b'\\' => self.at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at += 1;
        self.skip_while(|byte| byte.is_ascii_alphabetic());
    }
}
