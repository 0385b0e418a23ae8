//! Expressions → the values they can have, with gaps for what is known only at run time. Never runs
//! anything: `path.join`, concatenation, templates, conditions about the system and constants are
//! followed, all else is a gap.

use super::lexer::{EQUAL, Part, Token, UNEQUAL};
use super::meaning::{called, is_method_of_a_value, method, property};
use super::value::{
    Scope, Value, both, either, equal, first_of, inverse, product, size, text, truth, unknown,
};

/// Longest expression, in tokens.
pub(super) const MOST_TOKENS: usize = 400;
/// Deepest expression.
const DEEPEST: usize = 24;
/// Most elements of a list that are kept.
const MOST_ELEMENTS: usize = 32;

/// What an expression can be.
#[derive(Default)]
pub struct Evaluated {
    /// None where it is no expression; a lone gap where nothing is known of it.
    pub values: Vec<Value>,
    /// How many tokens it is long.
    pub used: usize,
    /// An expression that begins at one of its operands before this token, counted from its
    /// beginning, has the same values.
    pub repeated_until: usize,
}

/// What the expression at the beginning of `tokens` can be.
#[must_use]
pub fn evaluate(tokens: &[Token<'_>], scope: Scope<'_, '_>) -> Evaluated {
    if scope.work.is_spent() {
        return Evaluated::default();
    }
    let tokens = &tokens[..tokens.len().min(MOST_TOKENS)];
    let mut reader = Reader { tokens, at: 0, repeated_until: 0, scope };
    let values = reader.expression(0).unwrap_or_default();
    Evaluated { values, used: reader.at, repeated_until: reader.repeated_until }
}

/// Whether the condition that is all of `tokens` holds; `None` when that isn't known.
#[must_use]
pub fn holds(tokens: &[Token<'_>], scope: Scope<'_, '_>) -> Option<bool> {
    let Evaluated { values, used, .. } = evaluate(tokens, scope);
    if used == tokens.len() { truth(&values) } else { None }
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    /// See [`Evaluated`].
    repeated_until: usize,
    scope: Scope<'t, 't>,
}

impl<'a> Reader<'_, 'a> {
    fn mark(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Mark(mark)) => Some(*mark),
            _ => None,
        }
    }

    fn is_twice(&self, mark: char) -> bool {
        self.mark(0) == Some(mark) && self.mark(1) == Some(mark)
    }

    /// `a ? b : c`
    fn expression(&mut self, depth: usize) -> Option<Vec<Value>> {
        if depth > DEEPEST {
            return None;
        }
        let condition = self.alternatives(depth)?;
        if self.mark(0) != Some('?') {
            return Some(condition);
        }
        self.at += 1;
        let chosen = self.expression(depth + 1).unwrap_or_default();
        if self.mark(0) != Some(':') {
            return Some(chosen);
        }
        self.at += 1;
        let otherwise = self.expression(depth + 1).unwrap_or_default();
        Some(match truth(&condition) {
            Some(true) => chosen,
            Some(false) => otherwise,
            None => first_of(chosen.into_iter().chain(otherwise)),
        })
    }

    /// `a || b`, `a ?? b`
    fn alternatives(&mut self, depth: usize) -> Option<Vec<Value>> {
        let mut values = self.conjunction(depth)?;
        while self.is_twice('|') || self.is_twice('?') {
            self.at += 2;
            let more = self.conjunction(depth + 1).unwrap_or_default();
            self.scope.work.spend_bytes(size(&values) + size(&more));
            values = either(values, more);
        }
        Some(values)
    }

    /// `a && b`
    fn conjunction(&mut self, depth: usize) -> Option<Vec<Value>> {
        let mut values = self.comparison(depth)?;
        while self.is_twice('&') {
            self.at += 2;
            let more = self.comparison(depth + 1).unwrap_or_default();
            values = both(&values, more);
        }
        Some(values)
    }

    /// `a === b`, `a < b`, `a in b`
    fn comparison(&mut self, depth: usize) -> Option<Vec<Value>> {
        let mut values = self.sum(depth)?;
        loop {
            let operator = match self.tokens.get(self.at) {
                Some(Token::Mark(mark @ (EQUAL | UNEQUAL | '<' | '>'))) => *mark,
                Some(Token::Word("in" | "instanceof")) => '<',
                _ => return Some(values),
            };
            self.at += 1;
            // "<="
            if matches!(operator, '<' | '>') && self.mark(0) == Some('=') {
                self.at += 1;
            }
            let right = self.sum(depth + 1).unwrap_or_default();
            let is_equal = if matches!(operator, EQUAL | UNEQUAL) {
                equal(&values, &right, self.scope.host)
            } else {
                None
            };
            values = is_equal.map_or_else(unknown, |is_equal| {
                vec![Value::Truth(is_equal == (operator == EQUAL))]
            });
        }
    }

    fn sum(&mut self, depth: usize) -> Option<Vec<Value>> {
        let is_first = self.at == 0;
        let mut values = self.operand(depth)?;
        loop {
            match (self.mark(0), self.mark(1)) {
                (Some('+'), next) if !matches!(next, Some('+' | '=')) => {
                    self.at += 1;
                    let Some(more) = self.operand(depth) else { return Some(values) };
                    values = product(values, more, "");
                    self.scope.work.spend_bytes(size(&values));
                }
                (Some(mark @ ('-' | '*' | '/' | '%' | '^' | '&' | '|')), next)
                    if next != Some(mark) && next != Some('=') =>
                {
                    // Nothing is known of what comes of numbers, whichever stand before.
                    if is_first {
                        self.repeated_until = self.at;
                    }
                    self.at += 1;
                    self.operand(depth);
                    values = unknown();
                }
                _ => return Some(values),
            }
        }
    }

    fn operand(&mut self, depth: usize) -> Option<Vec<Value>> {
        if depth > DEEPEST || !self.scope.work.spend(1) {
            return None;
        }
        let values = match self.tokens.get(self.at)? {
            Token::Text(string) => {
                self.at += 1;
                text(string)
            }
            Token::Template(parts) => {
                self.at += 1;
                self.template(parts, depth)
            }
            Token::Other => {
                self.at += 1;
                unknown()
            }
            Token::Mark('!') => {
                self.at += 1;
                return Some(inverse(&self.operand(depth + 1)?));
            }
            Token::Word("typeof") => {
                self.at += 1;
                let values = self.operand(depth + 1)?;
                // What isn't set is all that is known to be false.
                return Some(if values == [Value::Truth(false)] {
                    text("undefined")
                } else {
                    unknown()
                });
            }
            Token::Word("void") | Token::Mark('-' | '+' | '~') => {
                self.at += 1;
                self.operand(depth + 1)?;
                return Some(unknown());
            }
            Token::Word("new" | "await") => {
                self.at += 1;
                return self.operand(depth + 1);
            }
            Token::Word(
                "function" | "class" | "async" | "return" | "throw" | "const" | "let" | "var"
                | "if" | "else",
            ) => {
                return None;
            }
            Token::Word(_) => {
                // "require('path').join(…)" is "path.join(…)".
                let is_core = |module: &str| {
                    matches!(module.trim_start_matches("node:"), "path" | "os" | "process")
                };
                if let [
                    Token::Word("require"),
                    Token::Mark('('),
                    Token::Text(module),
                    Token::Mark(')'),
                    Token::Mark('.'),
                    ..,
                ] = &self.tokens[self.at..]
                    && is_core(module)
                {
                    self.at += 5;
                }
                self.name(depth)
            }
            Token::Mark('(') => self.parenthesis(depth),
            Token::Mark('[') => self.list(depth),
            Token::Mark('{') => {
                self.skip_group();
                unknown()
            }
            Token::Mark(_) => return None,
        };
        let values = self.suffixes(values, depth);
        // Values are copied on their way up, and combined with those of other operands.
        self.scope.work.spend_bytes(size(&values));
        Some(values)
    }

    fn template(&mut self, parts: &[Part<'a>], depth: usize) -> Vec<Value> {
        let mut values = text("");
        for part in parts {
            let more = match part {
                Part::Text(string) => text(string),
                Part::Expression(tokens) => {
                    let mut inner = Reader {
                        tokens: &tokens[..tokens.len().min(MOST_TOKENS)],
                        at: 0,
                        repeated_until: 0,
                        scope: self.scope,
                    };
                    inner
                        .expression(depth + 1)
                        .filter(|values| !values.is_empty())
                        .unwrap_or_else(unknown)
                }
            };
            values = product(values, more, "");
            self.scope.work.spend_bytes(size(&values));
        }
        values
    }

    /// `[a, b]`
    fn list(&mut self, depth: usize) -> Vec<Value> {
        let start = self.at;
        self.at += 1;
        let mut elements = Vec::new();
        while self.mark(0) != Some(']') {
            match self.expression(depth + 1) {
                Some(values)
                    if elements.len() < MOST_ELEMENTS
                        && matches!(self.mark(0), Some(',' | ']')) =>
                {
                    elements.extend(values.into_iter().map(Value::into_text));
                }
                _ => {
                    self.at = start;
                    self.skip_group();
                    return unknown();
                }
            }
            if self.mark(0) == Some(',') {
                self.at += 1;
            }
        }
        self.at += 1;
        vec![Value::List(elements)]
    }

    /// `a.b.c` and `a.b.c(…)`
    fn name(&mut self, depth: usize) -> Vec<Value> {
        let mut path: Vec<&str> = Vec::new();
        while let Some(Token::Word(word)) = self.tokens.get(self.at) {
            path.push(word);
            self.at += 1;
            // A method of a string is a suffix.
            let is_path = path.first() == Some(&"path");
            let goes_on = |next| is_path || !is_method_of_a_value(next);
            let next = self.tokens.get(self.at + 1);
            let more = self.mark(0) == Some('.')
                && matches!(next, Some(Token::Word(next)) if goes_on(next));
            if !more {
                break;
            }
            self.at += 1;
        }
        if self.mark(0) == Some('(') {
            // "parts.join('-')" is no path.
            let Some(first) = path.first() else { return self.call("", depth) };
            let of_path = path.len() == 1
                || first.to_ascii_lowercase().contains("path")
                || *first == "require";
            let of_system = path.len() == 1 || first.to_ascii_lowercase().contains("os");
            let is_left = |function: &str| match function {
                "join" | "resolve" => of_path,
                "platform" | "arch" => of_system,
                _ => true,
            };
            let function =
                path.last().copied().filter(|function| is_left(function)).unwrap_or_default();
            return self.call(function, depth);
        }
        property(&path, self.scope)
    }

    /// `(…)`, and `(0, path_1.join)(…)` as TypeScript writes it.
    fn parenthesis(&mut self, depth: usize) -> Vec<Value> {
        let is_detached =
            self.tokens.get(self.at + 1) == Some(&Token::Other) && self.mark(2) == Some(',');
        if is_detached {
            let start = self.at;
            self.skip_group();
            let function = match self.tokens.get(self.at.saturating_sub(2)) {
                Some(Token::Word(word)) if self.mark(0) == Some('(') => *word,
                _ => {
                    self.at = self.at.max(start + 1);
                    return unknown();
                }
            };
            return self.call(function, depth);
        }
        self.at += 1;
        let values = self.expression(depth + 1).unwrap_or_else(unknown);
        if self.mark(0) == Some(')') {
            self.at += 1;
            values
        } else {
            self.skip_to_close();
            unknown()
        }
    }

    fn call(&mut self, function: &str, depth: usize) -> Vec<Value> {
        self.arguments(depth)
            .map_or_else(unknown, |arguments| called(function, arguments, self.scope.host))
    }

    /// `(a, b)`; `None`, behind it, when one of them isn't followed.
    fn arguments(&mut self, depth: usize) -> Option<Vec<Vec<Value>>> {
        let start = self.at;
        self.at += 1;
        let mut arguments = Vec::new();
        while !matches!(self.mark(0), Some(')')) && self.at < self.tokens.len() {
            match self.expression(depth + 1) {
                Some(values) if matches!(self.mark(0), Some(',' | ')')) => arguments.push(values),
                _ => {
                    // A function or the like.
                    self.at = start;
                    self.skip_group();
                    return None;
                }
            }
            if self.mark(0) == Some(',') {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(arguments)
    }

    /// Methods of what stands before.
    fn suffixes(&mut self, mut values: Vec<Value>, depth: usize) -> Vec<Value> {
        loop {
            match (self.mark(0), self.tokens.get(self.at + 1)) {
                (Some('.'), Some(Token::Word(name))) => {
                    let name = *name;
                    self.at += 2;
                    let arguments = if self.mark(0) == Some('(') {
                        self.arguments(depth + 1)
                    } else {
                        Some(Vec::new())
                    };
                    values = method(values, name, arguments.unwrap_or_default());
                }
                (Some('(' | '['), _) => {
                    self.skip_group();
                    values = unknown();
                }
                _ => return values,
            }
        }
    }

    /// Past the bracket that closes the one here.
    fn skip_group(&mut self) {
        self.at += 1;
        self.skip_to_close();
    }

    fn skip_to_close(&mut self) {
        let mut open = 1usize;
        while open > 0 && self.at < self.tokens.len() {
            match self.mark(0) {
                Some('(' | '[' | '{') => open += 1,
                Some(')' | ']' | '}') => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}
