//! What can be known of a script's names before it is read in order: those that are set once, the
//! parameters of functions that are always called with something known, the elements of lists that
//! are walked.

use std::collections::HashMap;

use super::expression::{Evaluated, evaluate};
use super::host::Host;
use super::lexer::{ARROW, Token, before_bracket};
use super::value::{Constants, Scope, Value, first_of};
use super::work::Work;

/// Most names, and most functions, of one script that are kept.
const MOST: usize = 2000;
/// Most tokens between the parentheses of a function's parameters.
const MOST_PARAMETERS: usize = 100;
/// What one name is set from can be set further down.
const ROUNDS: usize = 2;

#[derive(Default)]
struct Facts<'a> {
    constants: Constants<'a>,
    /// How often each name is set.
    set: HashMap<&'a str, usize>,
    /// The parameters of functions that have a name.
    functions: HashMap<&'a str, Vec<&'a str>>,
}

/// The values of a script's names that have the same ones wherever they are in sight.
#[must_use]
pub fn settled<'a>(tokens: &[Token<'a>], host: Option<Host<'_>>, work: &Work) -> Constants<'a> {
    let mut facts = Facts::default();
    facts.count(tokens);
    for _ in 0..ROUNDS {
        facts.round(tokens, host, work);
    }
    facts.constants
}

impl<'a> Facts<'a> {
    /// Counts how often names are set, and finds the functions.
    fn count(&mut self, tokens: &[Token<'a>]) {
        for (index, token) in tokens.iter().enumerate() {
            if self.set.len() >= MOST || self.functions.len() >= MOST {
                return;
            }
            match (token, tokens.get(index + 1)) {
                (Token::Word(name), Some(Token::Mark(_)))
                    if !is_member(tokens, index) && is_set(&tokens[index + 1..]) =>
                {
                    self.note(name);
                }
                (Token::Word("function"), _) => self.function(tokens, index),
                (Token::Mark(ARROW), _) => self.arrow(tokens, index),
                (Token::Word("for"), Some(Token::Mark('('))) => {
                    if let Some((name, _)) = walked(tokens, index) {
                        self.note(name);
                    }
                }
                _ => {}
            }
        }
    }

    fn note(&mut self, name: &'a str) {
        *self.set.entry(name).or_default() += 1;
    }

    fn take(&mut self, name: Option<&'a str>, parameters: Vec<&'a str>) {
        for parameter in &parameters {
            self.note(parameter);
        }
        if let Some(name) = name {
            self.functions.insert(name, parameters);
        }
    }

    /// `function name(a, b)`, `name = function (a, b)`
    fn function(&mut self, tokens: &[Token<'a>], index: usize) {
        let (name, open) = match tokens.get(index + 1) {
            Some(Token::Word(name)) => (Some(*name), index + 2),
            _ => (assigned_to(tokens, index), index + 1),
        };
        let parameters = tokens.get(open..).map(parameters).unwrap_or_default();
        self.take(name, parameters);
    }

    /// `name = (a, b) =>`, `name = a =>`
    fn arrow(&mut self, tokens: &[Token<'a>], index: usize) {
        match index.checked_sub(1).map(|before| &tokens[before]) {
            Some(Token::Word(parameter)) => {
                self.take(assigned_to(tokens, index - 1), vec![*parameter]);
            }
            Some(Token::Mark(')')) => {
                if let Some(open) = before_bracket(tokens, index - 1, MOST_PARAMETERS) {
                    self.take(assigned_to(tokens, open), parameters(&tokens[open..]));
                }
            }
            _ => {}
        }
    }

    /// Evaluates what is set once.
    fn round(&mut self, tokens: &[Token<'a>], host: Option<Host<'_>>, work: &Work) {
        let mut given: HashMap<&'a str, Option<Vec<Value>>> = HashMap::new();
        for index in 0..tokens.len() {
            if work.is_spent() {
                break;
            }
            let scope = Scope { constants: &self.constants, host, work };
            let found = match &tokens[index..] {
                [Token::Word(name), Token::Mark('='), value @ ..] if !is_member(tokens, index) => {
                    Some((*name, evaluate(value, scope).values))
                }
                [Token::Word("for"), Token::Mark('('), ..] => walked(tokens, index)
                    .map(|(name, list)| (name, elements(evaluate(list, scope).values))),
                [
                    Token::Word(list),
                    Token::Mark('.'),
                    Token::Word(method),
                    Token::Mark('('),
                    function @ ..,
                ] if matches!(
                    *method,
                    "every" | "filter" | "find" | "flatMap" | "forEach" | "map" | "some"
                ) =>
                {
                    let list = self.constants.get(list).cloned().unwrap_or_default();
                    first_parameter(function).map(|name| (name, elements(list)))
                }
                [Token::Word(name), Token::Mark('('), arguments @ ..]
                    if is_called(tokens, index) =>
                {
                    self.call(name, arguments, scope, &mut given);
                    None
                }
                _ => None,
            };
            if let Some((name, values)) = found {
                self.settle(name, values);
            }
        }
        for (name, values) in given {
            self.settle(name, values.unwrap_or_default());
        }
    }

    fn settle(&mut self, name: &'a str, values: Vec<Value>) {
        let is_known = |value: &Value| !matches!(value, Value::Text(_)) || value.is_known_text();
        if self.set.get(name) == Some(&1) && !values.is_empty() && values.iter().all(is_known) {
            self.constants.insert(name, values);
        }
    }

    /// What the parameters of a function are given by one call of it.
    fn call(
        &self,
        name: &str,
        mut arguments: &[Token<'_>],
        scope: Scope<'_, '_>,
        given: &mut HashMap<&'a str, Option<Vec<Value>>>,
    ) {
        let Some(parameters) = self.functions.get(name) else { return };
        for parameter in parameters {
            let Evaluated { values, used, .. } = evaluate(arguments, scope);
            let known = given.entry(parameter).or_insert_with(|| Some(Vec::new()));
            let is_whole = matches!(arguments.get(used), Some(Token::Mark(',' | ')')));
            *known = match known.take() {
                Some(before) if is_whole && !values.is_empty() => {
                    Some(first_of(before.into_iter().chain(values)))
                }
                _ => None,
            };
            arguments = arguments.get(used + 1..).unwrap_or_default();
        }
    }
}

/// True for what stands behind a name that is set: `=`, `+=`, `||=`.
fn is_set(tokens: &[Token<'_>]) -> bool {
    match tokens {
        [Token::Mark('='), ..] | [Token::Mark('+' | '-'), Token::Mark('='), ..] => true,
        [Token::Mark(first @ ('|' | '&' | '?')), Token::Mark(second), Token::Mark('='), ..] => {
            first == second
        }
        _ => false,
    }
}

/// True for `.name`.
fn is_member(tokens: &[Token<'_>], index: usize) -> bool {
    index.checked_sub(1).is_some_and(|before| tokens[before] == Token::Mark('.'))
}

/// True unless it is a member, or the name of a function where that begins.
fn is_called(tokens: &[Token<'_>], index: usize) -> bool {
    index
        .checked_sub(1)
        .is_none_or(|before| !matches!(tokens[before], Token::Mark('.') | Token::Word("function")))
}

/// The name in `name = ` before what begins at `index`, also with "async" between.
fn assigned_to<'a>(tokens: &[Token<'a>], index: usize) -> Option<&'a str> {
    let mut before = tokens[..index].iter().rev().filter(|token| **token != Token::Word("async"));
    match (before.next(), before.next()) {
        (Some(Token::Mark('=')), Some(Token::Word(name))) => Some(name),
        _ => None,
    }
}

/// The names between the parentheses at the beginning of `tokens`, up to the first that is no plain
/// name.
fn parameters<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    let inside = tokens.iter().skip(1).take(MOST_PARAMETERS);
    for token in inside.take_while(|token| **token != Token::Mark(')')) {
        match token {
            Token::Word(name) => names.push(*name),
            Token::Mark(',') => {}
            _ => break,
        }
    }
    names
}

/// The name and the list of `for (const name of list)`.
fn walked<'t, 'a>(tokens: &'t [Token<'a>], index: usize) -> Option<(&'a str, &'t [Token<'a>])> {
    match tokens.get(index + 2..)? {
        [Token::Word("const" | "let" | "var"), Token::Word(name), Token::Word("of"), list @ ..] => {
            Some((name, list))
        }
        _ => None,
    }
}

/// The first parameter of a function that is an argument: `(a) =>`, `a =>`, `function (a)`.
fn first_parameter<'a>(tokens: &[Token<'a>]) -> Option<&'a str> {
    match tokens {
        [Token::Word("function"), Token::Mark('('), Token::Word(name), ..]
        | [Token::Mark('('), Token::Word(name), Token::Mark(',' | ')'), ..]
        | [Token::Word(name), Token::Mark(ARROW), ..] => Some(name),
        _ => None,
    }
}

/// What a name stands for that goes through a list.
fn elements(list: Vec<Value>) -> Vec<Value> {
    match list.into_iter().next() {
        Some(Value::List(elements)) => first_of(elements.into_iter().map(Value::Text)),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::host::Host;
    use super::super::lexer::tokens;
    use super::super::value::Value;
    use super::super::work::Work;
    use super::settled;
    use crate::runtime::test_host;

    #[test]
    fn names_that_are_set_once_are_known() {
        let runtime = test_host();
        for (script, name, expected) in [
            ("const a = 'x' + b; const b = 'y'", "a", vec!["xy"]),
            ("let a = 'x'; a = 'y'", "a", vec![]),
            ("let a = 'x'; a += 'y'", "a", vec![]),
            ("const paths = ['x', 'y']; for (const a of paths) {}", "a", vec!["x", "y"]),
            ("const paths = ['x', 'y']; paths.map((a) => a)", "a", vec!["x", "y"]),
            ("function load(a) { return a } load('x'); load('y')", "a", vec!["x", "y"]),
            ("function load(a) { return a } load('x'); load(unknown)", "a", vec![]),
            ("const load = (a, b) => b; load(1, 'x')", "b", vec!["x"]),
            ("function load(a) {} function other(a) {} load('x')", "a", vec![]),
            ("exports.a = 'x'", "a", vec![]),
            ("let a = 'x'; a ??= 'y'", "a", vec![]),
            ("const a = 'x' in b ? b.x : null", "a", vec![]),
            ("const a = 'x' * 2", "a", vec![]),
        ] {
            let found = settled(&tokens(script), Some(Host::new(&runtime)), &Work::default());
            let found: Vec<_> = found
                .get(name)
                .cloned()
                .unwrap_or_default()
                .into_iter()
                .map(Value::into_text)
                .collect();
            assert_eq!(found, expected, "{script}");
        }
    }
}
