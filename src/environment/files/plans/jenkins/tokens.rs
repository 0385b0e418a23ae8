//! The tokens of Groovy, as far as a declarative pipeline needs them.

use crate::environment::files::budget::Budget;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// Its kind.
    pub kind: TokenKind<'t>,
}

/// The kinds of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind<'t> {
    /// A name.
    Word(&'t str),
    /// The contents of a string.
    Text(String),
    /// `{`
    Open,
    /// `}`
    Close,
    /// The end of a statement: `;`, or the end of a line outside of round brackets.
    End,
}

impl TokenKind<'_> {
    /// The name.
    pub fn word(&self) -> Option<&str> {
        if let TokenKind::Word(word) = self { Some(word) } else { None }
    }

    /// The contents of a string.
    pub fn text(&self) -> Option<&str> {
        if let TokenKind::Text(text) = self { Some(text) } else { None }
    }
}

/// The tokens of `text`, until the budget is exceeded.
pub(super) fn tokens<'t>(text: &'t str, budget: &Budget) -> Vec<Token<'t>> {
    let mut all = Vec::new();
    let mut rest = text;
    let mut line = 1;
    let mut brackets = 0_usize;
    while let Some(c) = rest.chars().next() {
        if !budget.spend(16) {
            break;
        }
        let mut kind = None;
        let length = match c {
            '\n' => {
                // A statement goes on after a comma.
                kind = (brackets == 0 && !is_open_ended(text, rest)).then_some(TokenKind::End);
                1
            }
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '#' if all.is_empty() && rest.starts_with("#!") => {
                rest.find('\n').unwrap_or(rest.len())
            }
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '\'' | '"' => {
                let (contents, length) = string(rest, c);
                kind = Some(TokenKind::Text(contents));
                length
            }
            '{' => {
                kind = Some(TokenKind::Open);
                1
            }
            '}' => {
                kind = Some(TokenKind::Close);
                1
            }
            ';' => {
                kind = Some(TokenKind::End);
                1
            }
            '(' | '[' => {
                brackets += 1;
                1
            }
            ')' | ']' => {
                brackets = brackets.saturating_sub(1);
                1
            }
            c if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let end = end.unwrap_or(rest.len());
                kind = Some(TokenKind::Word(&rest[..end]));
                end
            }
            c => c.len_utf8(),
        };
        all.extend(kind.map(|kind| Token { line, kind }));
        let (read, left) = rest.split_at(length);
        line += u32::try_from(read.matches('\n').count()).unwrap_or(0);
        rest = left;
    }
    all
}

/// True if the text before `rest` ends with a comma.
fn is_open_ended(text: &str, rest: &str) -> bool {
    text[..text.len() - rest.len()].trim_end_matches([' ', '\t', '\r']).ends_with(',')
}

/// The contents of the string at the beginning of `rest`, and its length in bytes with its quotes.
fn string(rest: &str, quote: char) -> (String, usize) {
    let mark = quote.to_string().repeat(3);
    let is_long = rest.starts_with(&mark);
    let mark = if is_long { mark.as_str() } else { &mark[..1] };
    let mut contents = String::new();
    let mut at = mark.len();
    while let Some(c) = rest[at..].chars().next() {
        if rest[at..].starts_with(mark) {
            return (contents, at + mark.len());
        }
        if c == '\n' && !is_long {
            break;
        }
        at += c.len_utf8();
        if c != '\\' {
            contents.push(c);
            continue;
        }
        let Some(next) = rest[at..].chars().next() else { break };
        at += next.len_utf8();
        match next {
            'n' => contents.push('\n'),
            't' => contents.push('\t'),
            // The shell reads a backslash at the end of a line.
            '\n' => contents.push_str("\\\n"),
            other => contents.push(other),
        }
    }
    (contents, at)
}
