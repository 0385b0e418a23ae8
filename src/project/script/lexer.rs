//! JavaScript text → tokens: as much of the language as it takes to tell strings, templates,
//! comments and regular expressions apart. Nothing is rejected; text that is no JavaScript gives
//! tokens of no use.

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// A name or keyword.
    Word(&'a str),
    /// A string, with its escapes resolved.
    Text(String),
    /// A template: texts, and the tokens of what stands between them.
    Template(Vec<Part<'a>>),
    /// A number or a regular expression: of no interest.
    Other,
    /// One character of punctuation; `=>` is `\u{21d2}`, `==` and `===` are `\u{2261}`, `!=` and
    /// `!==` are `\u{2262}`, `?.` is `.`, `...` is nothing.
    Mark(char),
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part<'a> {
    /// Between the expressions.
    Text(String),
    /// `${…}`
    Expression(Vec<Token<'a>>),
}

/// `=>`
pub const ARROW: char = '\u{21d2}';
/// `==` and `===`
pub const EQUAL: char = '\u{2261}';
/// `!=` and `!==`
pub const UNEQUAL: char = '\u{2262}';

/// Templates nested deeper than this are taken as text.
const DEEPEST: usize = 8;

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

/// The index behind the bracket that closes the one at `open`, when that is at most `most` tokens
/// away.
pub(super) fn past_bracket(tokens: &[Token<'_>], open: usize, most: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().skip(open).take(most) {
        match token {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The index of the bracket that the one at `close` closes, when that is at most `most` tokens
/// away.
pub(super) fn before_bracket(tokens: &[Token<'_>], close: usize, most: usize) -> Option<usize> {
    let mut depth = 0usize;
    for index in (close.saturating_sub(most)..=close).rev() {
        match tokens.get(index) {
            Some(Token::Mark(')' | ']' | '}')) => depth += 1,
            Some(Token::Mark('(' | '[' | '{')) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// Tokens up to the end, or below a template up to the `}` that closes its expression.
    fn tokens(&mut self, depth: usize) -> Vec<Token<'a>> {
        let mut tokens = Vec::new();
        let mut open = 0usize;
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'/' if self.peek(1) == Some(b'/') => self.skip_past("\n"),
                b'/' if self.peek(1) == Some(b'*') => self.skip_past("*/"),
                b'#' if self.at == 0 && self.peek(1) == Some(b'!') => self.skip_past("\n"),
                b'\'' | b'"' => tokens.push(Token::Text(self.string(byte))),
                b'`' => tokens.push(self.template(depth)),
                b'/' if !ends_a_value(tokens.last()) => {
                    self.regex();
                    tokens.push(Token::Other);
                }
                b'0'..=b'9' => {
                    self.skip_while(|byte| {
                        byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_'
                    });
                    tokens.push(Token::Other);
                }
                b'}' if open == 0 && depth > 0 => break,
                _ if is_word(byte) => tokens.push(Token::Word(self.skip_while(is_word))),
                _ => {
                    if let Some(mark) = self.mark(byte) {
                        open = match mark {
                            '{' => open + 1,
                            '}' => open.saturating_sub(1),
                            _ => open,
                        };
                        tokens.push(Token::Mark(mark));
                    }
                }
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

    fn skip_past(&mut self, end: &str) {
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        let found = memchr::memmem::find(rest, end.as_bytes());
        self.at = found.map_or(self.text.len(), |found| self.at + 1 + found + end.len());
    }

    fn mark(&mut self, byte: u8) -> Option<char> {
        let two = (byte, self.peek(1).unwrap_or(0));
        let three = (byte, two.1, self.peek(2).unwrap_or(0));
        let (length, mark) = match (two, three) {
            (_, (b'=', b'=', b'=')) => (3, Some(EQUAL)),
            (_, (b'!', b'=', b'=')) => (3, Some(UNEQUAL)),
            (_, (b'.', b'.', b'.')) => (3, None),
            ((b'=', b'='), _) => (2, Some(EQUAL)),
            ((b'!', b'='), _) => (2, Some(UNEQUAL)),
            ((b'=', b'>'), _) => (2, Some(ARROW)),
            ((b'?', b'.'), _) if !three.2.is_ascii_digit() => (2, Some('.')),
            _ => (1, Some(char::from(byte))),
        };
        self.at += length;
        mark
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
                b'\n' => break, // Not closed: no JavaScript.
                b'\\' => self.escape(&mut text),
                _ => self.copy(&mut text),
            }
        }
        text
    }

    fn escape(&mut self, text: &mut String) {
        self.at += 1;
        match self.peek(0) {
            Some(b'n') => text.push('\n'),
            Some(b'\n') | None => {}
            // \xNN and \uNNNN stand in no path that matters; what follows the backslash does for
            // the others.
            Some(_) => return self.copy(text),
        }
        self.at += 1;
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
                b'$' if self.peek(1) == Some(b'{') && depth < DEEPEST => {
                    self.at += 2;
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(Part::Expression(self.tokens(depth + 1)));
                    self.at += 1;
                }
                _ => self.copy(&mut text),
            }
        }
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

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// After a value `/` divides, elsewhere it begins a regular expression.
fn ends_a_value(last: Option<&Token<'_>>) -> bool {
    match last {
        None => false,
        Some(Token::Mark(mark)) => matches!(mark, ')' | ']'),
        Some(Token::Word(word)) => !matches!(
            *word,
            "return" | "typeof" | "case" | "in" | "of" | "delete" | "void" | "throw" | "new"
        ),
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Token, tokens};

    fn texts(script: &str) -> Vec<String> {
        tokens(script)
            .into_iter()
            .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
            .collect()
    }

    #[test]
    fn strings_are_told_from_comments_and_regular_expressions() {
        assert_eq!(texts("a = 'b' // 'c'\n/* 'd' */ + \"e\\\"f\""), ["b", "e\"f"]);
        assert_eq!(texts("x.replace(/['\"]/g, 'y'); z = a / b / 'c'"), ["y", "c"]);
        assert_eq!(texts("#!/usr/bin/env node 'x'\n'y'"), ["y"]);
    }

    #[test]
    fn templates_hold_their_expressions() {
        let found = tokens("`a${b + `c${'d'}`}e`");
        let [Token::Template(parts)] = found.as_slice() else {
            unreachable!("one template: {found:?}")
        };
        assert_eq!(parts[0], Part::Text("a".to_owned()));
        let Part::Expression(inner) = &parts[1] else { unreachable!("an expression") };
        assert_eq!(inner[..2], [Token::Word("b"), Token::Mark('+')]);
        assert_eq!(parts[2], Part::Text("e".to_owned()));
    }

    #[test]
    fn any_text_ends() {
        for text in [
            "'",
            "`${",
            "/",
            "/*",
            "\\",
            "`${`${`${",
            "\u{1f600}'\\\u{1f600}",
            "x = `${'}'}",
            "/[/",
            "..",
            "'\\",
        ] {
            assert!(tokens(text).len() <= text.len());
        }
        let deep = "`${".repeat(100_000);
        assert!(!tokens(&deep).is_empty());
    }
}
