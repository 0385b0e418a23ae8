//! The place of the parser between the tokens.

use super::token::Token;

/// The maximum depth of nested expressions and statements. None of 36,417 real scripts reaches a
/// depth of 60 (`npm run compare:scripts`, 2026-11-29).
const MAX_DEPTH: usize = 160;

/// Where the parser is in a script, or in an expression of a template.
pub(super) struct Parser<'t> {
    pub(super) tokens: &'t [Token<'t>],
    pub(super) at: usize,
    /// For each opening bracket the index of its closing one, or the number of tokens.
    closing: Vec<usize>,
    pub(super) depth: usize,
    /// True while the parser reads the head of a `for`: there, `in` isn't an operator.
    pub(super) is_in_head: bool,
    /// False if a limit was reached, so a part was skipped; see [`Tree`].
    pub(super) is_whole: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn new(tokens: &'t [Token<'t>], depth: usize) -> Parser<'t> {
        let mut closing = vec![tokens.len(); tokens.len()];
        let mut open = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                Token::Mark("(" | "[" | "{") => open.push(index),
                Token::Mark(")" | "]" | "}") => {
                    if let Some(start) = open.pop() {
                        closing[start] = index;
                    }
                }
                _ => {}
            }
        }
        Parser { tokens, at: 0, closing, depth, is_in_head: false, is_whole: true }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<&'t Token<'t>> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn mark(&self, ahead: usize) -> &'t str {
        match self.peek(ahead) {
            Some(Token::Mark(mark)) => mark,
            _ => "",
        }
    }

    pub(super) fn word(&self, ahead: usize) -> &'t str {
        match self.peek(ahead) {
            Some(Token::Word(word)) => word,
            _ => "",
        }
    }

    /// Skips a punctuator, if it is the next token.
    pub(super) fn take(&mut self, mark: &str) -> bool {
        let is_next = self.mark(0) == mark;
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.word(0) == word;
        self.at += usize::from(is_next);
        is_next
    }

    /// The index of the bracket that closes the one at `ahead`.
    pub(super) fn end_of_group(&self, ahead: usize) -> usize {
        self.closing.get(self.at + ahead).copied().unwrap_or(self.tokens.len())
    }

    /// Counts a level of nesting. False if there are too many: the next group or token is skipped.
    pub(super) fn enter(&mut self) -> bool {
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            return true;
        }
        self.is_whole = false;
        if matches!(self.mark(0), "(" | "[" | "{") {
            self.at = self.end_of_group(0);
        }
        self.at += 1;
        false
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }
}
