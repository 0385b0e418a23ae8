//! What of a script doesn't run on a system: branches, choices and cases for others, and what
//! stands behind a `return` for all others.

use super::expression::{Evaluated, evaluate, holds};
use super::lexer::{ARROW, Token, before_bracket};
use super::structure::Structure;
use super::value::{Scope, only_text};

/// A range of tokens.
pub(super) type Range = (usize, usize);

/// Furthest that the beginning of a condition is looked for, in tokens.
const LONGEST_CONDITION: usize = 60;
/// Most cases of a `switch`.
const MOST_CASES: usize = 200;

/// What doesn't run because of what stands at `index`.
pub(super) fn at(
    structure: &mut Structure<'_, '_>,
    scope: Scope<'_, '_>,
    index: usize,
) -> Vec<Range> {
    match structure.tokens[index] {
        Token::Word("if") if structure.mark(index + 1) == Some('(') => {
            branches(structure, scope, index)
        }
        Token::Word("switch") if structure.mark(index + 1) == Some('(') => {
            cases(structure, scope, index)
        }
        Token::Mark('?')
            if structure.mark(index + 1) != Some('?')
                && structure.mark(index.wrapping_sub(1)) != Some('?') =>
        {
            choice(structure, scope, index)
        }
        Token::Mark('&') if structure.mark(index + 1) == Some('&') => {
            operand(structure, scope, index)
        }
        _ => None,
    }
    .unwrap_or_default()
}

/// The branch that isn't taken of the `if` at `index`, and all behind it when the one that is taken
/// leaves.
fn branches(
    structure: &mut Structure<'_, '_>,
    scope: Scope<'_, '_>,
    index: usize,
) -> Option<Vec<Range>> {
    let body = structure.close(index + 1)?;
    let holds = holds(&structure.tokens[index + 2..body - 1], scope)?;
    let end = structure.end_of_statement(body)?;
    let otherwise = if structure.is_word(end, "else") {
        Some((end + 1, structure.end_of_statement(end + 1)?))
    } else {
        None
    };
    let (taken, left_out) =
        if holds { (Some((body, end)), otherwise) } else { (otherwise, Some((body, end))) };
    let mut idle: Vec<Range> = left_out.into_iter().collect();
    if !is_conditional(structure, index) && taken.is_some_and(|range| leaves(structure, range)) {
        idle.extend(rest_of_block(structure, otherwise.map_or(end, |(_, end)| end)));
    }
    Some(idle)
}

/// True for a statement that runs only if another one lets it: behind `else`, or behind the
/// parentheses of an `if` or a loop.
fn is_conditional(structure: &Structure<'_, '_>, index: usize) -> bool {
    const LONGEST: usize = 400;
    let Some(before) = index.checked_sub(1) else { return false };
    if structure.is_word(before, "else") {
        return true;
    }
    let open = (structure.mark(before) == Some(')'))
        .then(|| before_bracket(structure.tokens, before, LONGEST))
        .flatten();
    let word = open.and_then(|open| open.checked_sub(1));
    word.is_some_and(|word| {
        ["if", "for", "while"].iter().any(|known| structure.is_word(word, known))
    })
}

/// True when a statement, or a block, ends with `return` or `throw` for certain.
fn leaves(structure: &mut Structure<'_, '_>, (from, to): Range) -> bool {
    let is_exit = |structure: &Structure<'_, '_>, index| {
        structure.is_word(index, "return") || structure.is_word(index, "throw")
    };
    if structure.mark(from) != Some('{') {
        return is_exit(structure, from);
    }
    let mut index = from + 1;
    while index + 1 < to {
        if is_exit(structure, index) {
            return true;
        }
        match structure.end_of_statement(index) {
            Some(end) if end > index => index = end,
            _ => return false,
        }
    }
    false
}

/// What follows in the same block, without the functions that are declared there: they can be
/// called before.
fn rest_of_block(structure: &mut Structure<'_, '_>, from: usize) -> Vec<Range> {
    let mut ranges = Vec::new();
    let (mut start, mut index) = (from, from);
    while index < structure.tokens.len() && structure.mark(index) != Some('}') {
        let end = match structure.mark(index) {
            Some('(' | '[' | '{') => structure.close(index),
            Some(')' | ']') => break,
            _ => Some(index + 1),
        };
        if structure.is_tired() {
            return ranges;
        }
        let Some(end) = end else { break };
        let is_declared = structure.is_word(index, "function")
            && matches!(structure.tokens.get(index + 1), Some(Token::Word(_)));
        if is_declared && structure.mark(index + 2) == Some('(') {
            ranges.push((start, index));
            let Some(body) = structure.close(index + 2) else { return ranges };
            let Some(after) = structure.close(body) else { return ranges };
            (start, index) = (after, after);
            continue;
        }
        index = end;
    }
    ranges.push((start, index));
    ranges
}

/// The side of the conditional whose `?` is at `index` that isn't taken.
fn choice(
    structure: &mut Structure<'_, '_>,
    scope: Scope<'_, '_>,
    index: usize,
) -> Option<Vec<Range>> {
    let start = condition(structure, index, false);
    let holds = holds(&structure.tokens[start..index], scope)?;
    let colon = structure.end_of_operand(index + 1, false)?;
    if !holds {
        return Some(vec![(index + 1, colon)]);
    }
    (structure.mark(colon) == Some(':')).then_some(())?;
    Some(vec![(colon + 1, structure.end_of_operand(colon + 1, false)?)])
}

/// What follows the `&&` at `index`, when what stands before it doesn't hold: "isWindows &&
/// require(…)".
fn operand(
    structure: &mut Structure<'_, '_>,
    scope: Scope<'_, '_>,
    index: usize,
) -> Option<Vec<Range>> {
    let start = condition(structure, index, true);
    if holds(&structure.tokens[start..index], scope) != Some(false) {
        return None;
    }
    Some(vec![(index + 2, structure.end_of_operand(index + 2, true)?)])
}

/// Where the condition begins that ends before `end`; `in_or`: one side of an `||` is all of it.
fn condition(structure: &Structure<'_, '_>, end: usize, in_or: bool) -> usize {
    let mut open = 0usize;
    let mut index = end;
    while index > end.saturating_sub(LONGEST_CONDITION) {
        let before = index - 1;
        match structure.tokens.get(before) {
            Some(Token::Mark(')' | ']' | '}')) => open += 1,
            Some(Token::Mark('(' | '[' | '{')) if open > 0 => open -= 1,
            Some(Token::Mark('(' | '[' | '{' | '=' | ',' | ';' | ':' | '?' | ARROW))
                if open == 0 =>
            {
                break;
            }
            Some(Token::Mark('|')) if open == 0 && in_or => break,
            Some(Token::Word("return" | "throw" | "case" | "default" | "else")) if open == 0 => {
                break;
            }
            None => break,
            _ => {}
        }
        index = before;
        if open == 0 && structure.begins_statement(index) {
            break;
        }
    }
    index
}

/// The cases of the `switch` at `index` that aren't taken.
fn cases(
    structure: &mut Structure<'_, '_>,
    scope: Scope<'_, '_>,
    index: usize,
) -> Option<Vec<Range>> {
    let open = structure.close(index + 1)?;
    let end = structure.close(open)?;
    let values = evaluate(&structure.tokens[index + 2..open - 1], scope).values;
    let value = only_text(&values);
    // Each body, and whether it is taken: that of `default` when no other is.
    let mut bodies: Vec<(Range, Option<bool>)> = Vec::new();
    let mut default = None;
    let (mut at, mut taken) = (open + 1, Some(false));
    while at + 1 < end && bodies.len() < MOST_CASES {
        let label = at;
        let colon = if structure.is_word(label, "case") {
            let Evaluated { values: labels, used, .. } =
                evaluate(&structure.tokens[label + 1..end], scope);
            let is_named = match (only_text(&labels), value) {
                (Some(label), Some(value)) => Some(label == value),
                (Some(label), None) => scope.host?.is_named(label).filter(|fits| !fits),
                _ => None,
            };
            taken = match (taken, is_named) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
            label + 1 + used
        } else if structure.is_word(label, "default") {
            default = Some(bodies.len());
            label + 1
        } else {
            return None;
        };
        if structure.mark(colon) != Some(':') {
            return None;
        }
        let mut body = colon + 1;
        while body + 1 < end
            && !structure.is_word(body, "case")
            && !structure.is_word(body, "default")
        {
            body = structure.end_of_statement(body).filter(|next| *next > body)?;
        }
        if body > colon + 1 {
            bodies.push(((colon + 1, body), taken));
            taken = Some(false);
        }
        at = body;
    }
    let is_decided = bodies.iter().any(|(_, taken)| *taken == Some(true));
    let idle = bodies.into_iter().enumerate().filter(|(index, (_, taken))| match taken {
        Some(true) => false,
        _ if is_decided => true,
        Some(false) => default != Some(*index),
        None => false,
    });
    Some(idle.map(|(_, (range, _))| range).collect())
}
