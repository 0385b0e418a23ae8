//! Whether a `/` divides or begins a regular expression.

use super::token::Token;

/// The open brackets, with the facts that decide whether a `/` after them divides or begins a
/// regular expression.
#[derive(Default)]
pub(super) struct Brackets {
    /// For each `(`: true if it begins the head of an `if`, `for`, `while` or `with`.
    heads: Vec<bool>,
    /// For each `{`: true if it begins an object, false if it begins a block.
    objects: Vec<bool>,
    /// True if the last token closed a head.
    closed_head: bool,
    /// True if the last token closed an object.
    closed_object: bool,
}

impl Brackets {
    pub(super) fn note(&mut self, mark: &str, before: &[Token<'_>]) {
        (self.closed_head, self.closed_object) = (false, false);
        match mark {
            "(" => {
                let is_head = matches!(
                    before,
                    [.., Token::Word("if" | "for" | "while" | "with")]
                        | [.., Token::Word("for"), Token::Word("await")]
                );
                self.heads.push(is_head && !is_member(before));
            }
            ")" => self.closed_head = self.heads.pop().unwrap_or(false),
            "{" => self.objects.push(begins_object(before)),
            "}" => self.closed_object = self.objects.pop().unwrap_or(false),
            _ => {}
        }
    }

    /// True if a `{` is open.
    pub(super) fn is_in_braces(&self) -> bool {
        !self.objects.is_empty()
    }

    /// True if a `/` after `last` divides.
    pub(super) fn ends_value(&self, tokens: &[Token<'_>]) -> bool {
        match tokens.last() {
            None => false,
            Some(Token::Mark(")")) => !self.closed_head,
            Some(Token::Mark("}")) => self.closed_object,
            Some(Token::Mark(mark)) => matches!(*mark, "]" | "++" | "--"),
            Some(Token::Word(word)) => !precedes_value(word) || is_member(tokens),
            Some(_) => true,
        }
    }
}

/// True if the last token is the name of a member: `.if`.
fn is_member(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [.., Token::Mark("." | "?."), _])
}

/// True if a `{` after these tokens begins an object.
fn begins_object(before: &[Token<'_>]) -> bool {
    match before.last() {
        Some(Token::Mark(mark)) => !matches!(*mark, ")" | "}" | "{" | ";" | "=>"),
        Some(Token::Word(word)) => {
            precedes_value(word) && !matches!(*word, "else" | "do") && !is_member(before)
        }
        _ => false,
    }
}

/// True for keywords that stand before a value.
fn precedes_value(word: &str) -> bool {
    matches!(
        word,
        "await"
            | "case"
            | "delete"
            | "do"
            | "else"
            | "in"
            | "instanceof"
            | "new"
            | "of"
            | "return"
            | "throw"
            | "typeof"
            | "void"
            | "yield"
    )
}
