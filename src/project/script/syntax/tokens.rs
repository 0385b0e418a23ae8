//! JavaScript text → tokens. Nothing is rejected: text that isn't JavaScript gives tokens without
//! a meaning.

use super::brackets::Brackets;
use super::token::{Part, Token};

/// Templates that are nested deeper are read as text.
const MAX_TEMPLATE_DEPTH: usize = 8;

/// The tokens of a script.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    Lexer { text, at: 0 }.tokens(0)
}

/// The string that begins at the first quote of a text.
#[must_use]
pub fn first_string(text: &str) -> Option<String> {
    let at = text.find(['\'', '"'])?;
    let quote = *text.as_bytes().get(at)?;
    Some(Lexer { text, at }.string(quote))
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Tokens up to the end of the text, or up to the `}` that ends a template's expression.
    fn tokens(&mut self, depth: usize) -> Vec<Token<'a>> {
        let mut tokens = Vec::new();
        let mut brackets = Brackets::default();
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    end_line(&mut tokens);
                }
                b'/' if self.peek(1) == Some(b'/') => {
                    self.skip_past("\n");
                    end_line(&mut tokens);
                }
                b'/' if self.peek(1) == Some(b'*') => self.skip_past("*/"),
                b'#' if self.at == 0 && self.peek(1) == Some(b'!') => self.skip_past("\n"),
                b'\'' | b'"' => tokens.push(Token::Text(self.string(byte))),
                b'`' => tokens.push(self.template(depth)),
                b'/' if !brackets.ends_value(&tokens) => {
                    self.regex();
                    tokens.push(Token::Regex);
                }
                b'0'..=b'9' => {
                    self.number();
                    tokens.push(Token::Number);
                }
                b'.' if self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) => {
                    self.number();
                    tokens.push(Token::Number);
                }
                b'}' if !brackets.is_in_braces() && depth > 0 => break,
                b'#' if self.peek(1).is_some_and(is_word) => {
                    let start = self.at;
                    self.at += 1;
                    self.word();
                    tokens.push(Token::Word(self.text.get(start..self.at).unwrap_or_default()));
                }
                _ if is_word(byte) => match self.word() {
                    "" => self.skip_space(),
                    word => tokens.push(Token::Word(word)),
                },
                _ => match mark(self.text.as_bytes().get(self.at..).unwrap_or_default()) {
                    Some(mark) => {
                        self.at += mark.len();
                        brackets.note(mark, &tokens);
                        tokens.push(Token::Mark(mark));
                    }
                    None => self.at += 1,
                },
            }
        }
        tokens
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn skip_while(&mut self, holds: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !holds(*byte)).unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The name at this place; empty before the spaces of other scripts.
    fn word(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_end = |c: char| {
            if c.is_ascii() { !is_word(c as u8) } else { is_space(c) }
        };
        let word = rest.split(is_end).next().unwrap_or_default();
        self.at += word.len();
        word
    }

    /// Skips a character that isn't ASCII.
    fn skip_space(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.chars().next().map_or(1, char::len_utf8);
    }

    fn skip_past(&mut self, end: &str) {
        // A comment begins with two characters, which are no part of its end.
        let start = self.at + 2;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let found = memchr::memmem::find(rest, end.as_bytes());
        self.at = found.map_or(self.text.len(), |found| start + found + end.len());
    }

    fn number(&mut self) {
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

    fn string(&mut self, quote: u8) -> String {
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

    fn escape(&mut self, text: &mut String) {
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

    fn copy(&mut self, text: &mut String) {
        if let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            text.push(c);
            self.at += c.len_utf8();
        } else {
            self.at += 1;
        }
    }

    fn template(&mut self, depth: usize) -> Token<'a> {
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

    fn regex(&mut self) {
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

/// Ends a statement whose keyword is the last word of its line: no value may follow in the next
/// one.
fn end_line(tokens: &mut Vec<Token<'_>>) {
    let is_whole = match tokens.as_slice() {
        [.., Token::Mark("." | "?."), Token::Word(_)] => false,
        [.., Token::Word(word)] => matches!(*word, "break" | "continue" | "return" | "yield"),
        _ => false,
    };
    if is_whole {
        tokens.push(Token::Mark(";"));
    }
}

/// True for spaces beyond ASCII, and for the byte order mark.
fn is_space(c: char) -> bool {
    c == '\u{feff}' || c.is_whitespace()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The longest punctuator at the beginning of `rest`.
fn mark(rest: &[u8]) -> Option<&'static str> {
    let candidates: &[&'static str] = match rest.first()? {
        b'{' => &["{"],
        b'}' => &["}"],
        b'(' => &["("],
        b')' => &[")"],
        b'[' => &["["],
        b']' => &["]"],
        b';' => &[";"],
        b',' => &[","],
        b':' => &[":"],
        b'~' => &["~"],
        b'@' => &["@"],
        b'#' => &["#"],
        b'.' => &["...", "."],
        b'<' => &["<<=", "<<", "<=", "<"],
        b'>' => &[">>>=", ">>>", ">>=", ">>", ">=", ">"],
        b'=' => &["===", "==", "=>", "="],
        b'!' => &["!==", "!=", "!"],
        b'+' => &["++", "+=", "+"],
        b'-' => &["--", "-=", "-"],
        b'*' => &["**=", "**", "*=", "*"],
        b'/' => &["/=", "/"],
        b'%' => &["%=", "%"],
        b'&' => &["&&=", "&&", "&=", "&"],
        b'|' => &["||=", "||", "|=", "|"],
        b'^' => &["^=", "^"],
        // "a?.5:b" is a choice.
        b'?' if rest.get(2).is_some_and(u8::is_ascii_digit) => &["??", "?"],
        b'?' => &["??=", "??", "?.", "?"],
        _ => return None,
    };
    candidates.iter().find(|mark| rest.starts_with(mark.as_bytes())).copied()
}

#[cfg(test)]
mod tests {
    use super::super::token::{Part, Token};
    use super::tokens;

    fn texts(script: &str) -> Vec<String> {
        tokens(script)
            .into_iter()
            .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
            .collect()
    }

    #[test]
    fn strings_are_told_from_comments_and_regular_expressions() {
        for (script, expected) in [
            ("a = 'b' // 'c'\n/* 'd' */ + \"e\\\"f\"", vec!["b", "e\"f"]),
            ("x.replace(/['\"]/g, 'y'); z = a / b / 'c'", vec!["y", "c"]),
            ("#!/usr/bin/env node 'x'\n'y'", vec!["y"]),
            ("/**/ 'x' /*/ 'y' */", vec!["x"]),
            ("\u{feff}a\u{a0}/ 'x' / 2", vec!["x"]),
            // A division only after the parentheses of a value.
            ("if (a) /'/.test(b); 'x'", vec!["x"]),
            ("while (f(a)) /'/.test(b); 'x'", vec!["x"]),
            ("(a) / 'x' / 2", vec!["x"]),
            ("a.if(b) / 'x' / 2", vec!["x"]),
            ("if (a) {} /'/.test('x')", vec!["x"]),
            ("a = { b: 1 } / 'x' / 2", vec!["x"]),
            ("() => {}\n/'/.test('x')", vec!["x"]),
            ("i++ / 'x' / 2", vec!["x"]),
            ("return /'/.test('x')", vec!["x"]),
            ("a.return / 'x' / 2", vec!["x"]),
            ("1e-3 / 'x' / 2", vec!["x"]),
        ] {
            assert_eq!(texts(script), expected, "{script}");
        }
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(texts(r"'\x61\u0062\u{63}\n\'\q\u{110000}'"), ["abc\n'q\u{fffd}"]);
        assert_eq!(texts(r"'\ud83d\ude00\ud83d\0\033[0m\477'"), ["\u{1f600}\u{fffd}\0\u{1b}[0m'7"]);
        assert_eq!(texts("'a\\\nb\\\r\nc'"), ["abc"]);
        assert_eq!(texts(r"'\xzz\u12'"), ["xzzu12"]);
    }

    #[test]
    fn marks_are_the_longest_that_fit() {
        let marks: Vec<_> = tokens("a?.b ?? c?.5:d >>>= e => f !== g ...h")
            .into_iter()
            .filter_map(|token| if let Token::Mark(mark) = token { Some(mark) } else { None })
            .collect();
        assert_eq!(marks, ["?.", "??", "?", ":", ">>>=", "=>", "!==", "..."]);
    }

    #[test]
    fn a_keyword_at_the_end_of_its_line_ends_its_statement() {
        for (script, count) in
            [("return\nx", 3), ("return // y\nx", 3), ("return x\ny", 3), ("a.return\nx", 4)]
        {
            assert_eq!(tokens(script).len(), count, "{script}");
        }
        assert_eq!(tokens("break\nx")[1], Token::Mark(";"));
    }

    #[test]
    fn templates_hold_their_expressions() {
        let found = tokens("`a${b + `c${'d'}`}e`");
        let [Token::Template(parts)] = found.as_slice() else {
            unreachable!("one template: {found:?}")
        };
        assert_eq!(parts[0], Part::Text("a".to_owned()));
        let Part::Expression(inner) = &parts[1] else { unreachable!("an expression") };
        assert_eq!(inner[..2], [Token::Word("b"), Token::Mark("+")]);
        assert_eq!(parts[2], Part::Text("e".to_owned()));
    }

    #[test]
    fn any_text_ends() {
        for text in [
            "'",
            "`${",
            "/",
            "/*",
            "/*/",
            "\\",
            "`${`${`${",
            "\u{1f600}'\\\u{1f600}",
            "x = `${'}'}",
            "/[/",
            "..",
            "'\\",
            "'\\u{",
            "'\\u\u{1f600}",
            "#",
        ] {
            assert!(tokens(text).len() <= text.len());
        }
        let deep = "`${".repeat(100_000);
        assert!(!tokens(&deep).is_empty());
    }
}
