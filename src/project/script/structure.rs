//! Where blocks, statements and operands of a script end.

use super::lexer::{ARROW, EQUAL, Token, UNEQUAL, past_bracket};

/// Steps after which nothing more is looked for: a hostile script could make the search quadratic.
const MOST_STEPS: usize = 1 << 21;
/// Deepest chain of statements without braces.
const DEEPEST: usize = 64;

/// The tokens of a script, and how much has been looked for in them.
pub(super) struct Structure<'t, 'a> {
    pub tokens: &'t [Token<'a>],
    steps: usize,
}

impl<'t, 'a> Structure<'t, 'a> {
    pub fn new(tokens: &'t [Token<'a>]) -> Structure<'t, 'a> {
        Structure { tokens, steps: 0 }
    }

    pub fn mark(&self, index: usize) -> Option<char> {
        match self.tokens.get(index) {
            Some(Token::Mark(mark)) => Some(*mark),
            _ => None,
        }
    }

    pub fn is_word(&self, index: usize, word: &str) -> bool {
        matches!(self.tokens.get(index), Some(Token::Word(found)) if *found == word)
    }

    /// Counts a step; true when there were too many.
    pub fn is_tired(&mut self) -> bool {
        self.steps += 1;
        self.steps > MOST_STEPS
    }

    /// The index behind the bracket that closes the one at `open`.
    pub fn close(&mut self, open: usize) -> Option<usize> {
        let left = MOST_STEPS.saturating_sub(self.steps);
        let end = past_bracket(self.tokens, open, left);
        self.steps += end.unwrap_or(self.tokens.len()).saturating_sub(open).min(left);
        end
    }

    /// Where an expression ends that begins at `from`: at what closes the group around it,
    /// separates it from the next, or begins a new statement; `of_and`: also at `||`, `??` and `?`,
    /// which bind less than `&&`.
    pub fn end_of_operand(&mut self, from: usize, of_and: bool) -> Option<usize> {
        let mut index = from;
        let mut choices = 0usize;
        while index < self.tokens.len() && !(index > from && self.begins_statement(index)) {
            if self.is_tired() {
                return None;
            }
            index = match self.mark(index) {
                Some('(' | '[' | '{') => self.close(index)?,
                Some(')' | ']' | '}' | ',' | ';') => return Some(index),
                Some(':') if choices == 0 => return Some(index),
                Some('|' | '?') if of_and => return Some(index),
                Some(':') => {
                    choices -= 1;
                    index + 1
                }
                Some('?') if self.mark(index + 1) == Some('?') => index + 2,
                Some('?') => {
                    choices += 1;
                    index + 1
                }
                _ => index + 1,
            };
        }
        Some(index)
    }

    /// The index behind the statement, or the block, that begins at `from`.
    pub fn end_of_statement(&mut self, from: usize) -> Option<usize> {
        self.statement(from, 0)
    }

    fn statement(&mut self, from: usize, depth: usize) -> Option<usize> {
        if depth > DEEPEST {
            return None;
        }
        match self.tokens.get(from)? {
            Token::Mark('{') => return self.close(from),
            Token::Word("if") if self.mark(from + 1) == Some('(') => {
                let body = self.close(from + 1)?;
                let end = self.statement(body, depth + 1)?;
                return if self.is_word(end, "else") {
                    self.statement(end + 1, depth + 1)
                } else {
                    Some(end)
                };
            }
            Token::Word("for" | "while" | "switch" | "with")
                if self.mark(from + 1) == Some('(') =>
            {
                let body = self.close(from + 1)?;
                return self.statement(body, depth + 1);
            }
            Token::Word("try") => {
                let mut end = self.close(from + 1)?;
                while self.is_word(end, "catch") || self.is_word(end, "finally") {
                    let block = if self.mark(end + 1) == Some('(') {
                        self.close(end + 1)?
                    } else {
                        end + 1
                    };
                    end = self.close(block)?;
                }
                return Some(end);
            }
            _ => {}
        }
        let mut index = from;
        while index < self.tokens.len() && !(index > from && self.begins_statement(index)) {
            if self.is_tired() {
                return None;
            }
            index = match self.mark(index) {
                Some('(' | '[' | '{') => self.close(index)?,
                Some(')' | ']' | '}') => return Some(index),
                Some(';') => return Some(index + 1),
                _ => index + 1,
            };
        }
        Some(index)
    }

    /// True where a value follows a value, with no operator between: a line ended there.
    pub fn begins_statement(&self, index: usize) -> bool {
        let ends_value = match index.checked_sub(1).and_then(|before| self.tokens.get(before)) {
            Some(Token::Word(word)) => !is_operator(word),
            Some(
                Token::Text(_) | Token::Template(_) | Token::Other | Token::Mark(')' | ']' | '}'),
            ) => true,
            _ => false,
        };
        let is_value = match self.tokens.get(index) {
            Some(Token::Word(word)) => {
                !matches!(*word, "as" | "extends" | "from" | "in" | "instanceof" | "of")
            }
            Some(Token::Text(_) | Token::Other) => true,
            _ => false,
        };
        ends_value && is_value
    }
}

/// True for words that stand before a value.
fn is_operator(word: &str) -> bool {
    const OPERATORS: [&str; 27] = [
        "as",
        "async",
        "await",
        "case",
        "class",
        "const",
        "default",
        "delete",
        "else",
        "export",
        "extends",
        "from",
        "function",
        "get",
        "import",
        "in",
        "instanceof",
        "let",
        "new",
        "of",
        "return",
        "static",
        "throw",
        "typeof",
        "var",
        "void",
        "yield",
    ];
    OPERATORS.contains(&word)
}

/// True for the marks behind which a new statement or argument begins.
#[must_use]
pub fn begins_expression(before: Option<&Token<'_>>) -> bool {
    match before {
        None
        | Some(Token::Mark(
            '(' | ',' | '=' | ':' | '[' | '{' | '}' | ';' | '?' | '|' | '&' | ARROW | EQUAL
            | UNEQUAL | ')' | '!',
        )) => true,
        Some(Token::Word(word)) => {
            matches!(
                *word,
                "return" | "case" | "in" | "of" | "await" | "new" | "default" | "else" | "throw"
            )
        }
        Some(_) => false,
    }
}
