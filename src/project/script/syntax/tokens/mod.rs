//! JavaScript text → tokens. Nothing is rejected: text that isn't JavaScript gives tokens without
//! a meaning.

mod escapes;
mod lexer;
mod literals;
mod marks;
#[cfg(test)]
mod tests;

use super::brackets::Brackets;
use super::token::Token;
use lexer::{Lexer, is_word};
use marks::mark;

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
