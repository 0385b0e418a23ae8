//! The values of expressions: strings with gaps, truth values and lists.

use std::collections::HashMap;

use super::host::Host;
use super::work::Work;

/// A string with [`FOLDER`] and [`GAP`] in it.
pub type Pattern = String;

/// Stands for the folder of the script.
pub const FOLDER: char = '\u{1}';
/// Stands for unknown text.
pub const GAP: char = '\u{2}';

/// The maximum number of values of one expression.
pub(super) const MOST_VALUES: usize = 8;
/// The maximum length of a value in bytes.
const LONGEST: usize = 1024;

/// One value that an expression can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string. A lone [`GAP`] is an unknown value.
    Text(Pattern),
    /// `true`, or a value that counts as false.
    Truth(bool),
    /// An array or a set.
    List(Vec<Pattern>),
}

/// The values that are known in a script.
#[derive(Clone, Debug, Default)]
pub struct Constants<'a> {
    /// Of names.
    pub names: HashMap<&'a str, Vec<Value>>,
    /// Of calls without arguments, by the function's name.
    pub results: HashMap<&'a str, Vec<Value>>,
}

/// The context of an evaluation.
#[derive(Clone, Copy)]
pub struct Scope<'t, 'a> {
    /// The names of the script.
    pub constants: &'t Constants<'a>,
    /// The runtime. Without one nothing is known of the system.
    pub host: Option<Host<'t>>,
    /// The limit of its cost.
    pub work: &'t Work,
}

/// The bytes of the texts in values.
pub(super) fn size(values: &[Value]) -> usize {
    let of_one = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Truth(_) => 1,
        Value::List(list) => list.iter().map(String::len).sum(),
    };
    values.iter().map(of_one).sum()
}

/// An unknown value.
pub(super) fn unknown() -> Vec<Value> {
    vec![Value::Text(GAP.to_string())]
}

/// One string.
pub(super) fn text(text: &str) -> Vec<Value> {
    vec![Value::Text(shortened(text))]
}

/// A text of the script without the characters of gaps and folders.
fn shortened(text: &str) -> Pattern {
    text.chars().filter(|c| *c != FOLDER && *c != GAP).take(LONGEST).collect()
}

impl Value {
    /// The string. Other values are a gap.
    #[must_use]
    pub fn into_text(self) -> Pattern {
        match self {
            Value::Text(text) => text,
            Value::Truth(_) | Value::List(_) => GAP.to_string(),
        }
    }

    /// True for a string that isn't only gaps.
    #[must_use]
    pub fn is_known_text(&self) -> bool {
        matches!(self, Value::Text(text) if text.chars().any(|c| c != GAP))
    }
}

/// The string, if the expression has just one value, without gaps.
#[must_use]
pub fn only_text(values: &[Value]) -> Option<&str> {
    match values {
        [Value::Text(text)] if !text.contains([GAP, FOLDER]) => Some(text),
        _ => None,
    }
}

/// Whether the values count as true. None if that isn't known.
#[must_use]
pub fn truth(values: &[Value]) -> Option<bool> {
    match values {
        [Value::Truth(truth)] => Some(*truth),
        [Value::List(_)] => Some(true),
        [Value::Text(text)] if !text.contains(GAP) => Some(!text.is_empty()),
        _ => None,
    }
}

/// `a && b`
pub(super) fn both(left: &[Value], right: Vec<Value>) -> Vec<Value> {
    match (truth(left), truth(&right)) {
        (Some(false), _) => vec![Value::Truth(false)],
        // The left value is unknown: the result is the right value or false.
        (None, Some(true)) if right == [Value::Truth(true)] => unknown(),
        _ => right,
    }
}

/// `a || b`, and `a ?? b`
pub(super) fn either(left: Vec<Value>, right: Vec<Value>) -> Vec<Value> {
    match (truth(&left), truth(&right)) {
        (Some(true), _) => left,
        (Some(false), _) => right,
        (None, _) if right == [Value::Truth(true)] => right,
        (None, _) if right == [Value::Truth(false)] => left,
        (None, _) => first_of(left.into_iter().chain(right)),
    }
}

/// `!a`
pub(super) fn inverse(values: &[Value]) -> Vec<Value> {
    truth(values).map_or_else(unknown, |truth| vec![Value::Truth(!truth)])
}

/// `a === b`
pub(super) fn equal(left: &[Value], right: &[Value], host: Option<Host<'_>>) -> Option<bool> {
    match (only_text(left), only_text(right)) {
        (Some(left), Some(right)) => Some(left == right),
        // A value that isn't set equals no string.
        (Some(_), None) if right == [Value::Truth(false)] => Some(false),
        (None, Some(_)) if left == [Value::Truth(false)] => Some(false),
        // A value that is compared with "win32" is the platform.
        (Some(word), None) | (None, Some(word)) => host?.is_named(word),
        (None, None) => None,
    }
}

/// The distinct values, up to the maximum number.
pub(super) fn first_of(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut kept = Vec::new();
    for value in values {
        if kept.len() == MOST_VALUES {
            break;
        }
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// Every value of `a` followed by every value of `b`.
pub(super) fn product(a: Vec<Value>, b: Vec<Value>, between: &str) -> Vec<Value> {
    let b: Vec<Pattern> = b.into_iter().map(Value::into_text).collect();
    let pairs =
        a.into_iter().map(Value::into_text).flat_map(|a| b.iter().map(move |b| (a.clone(), b)));
    let short = pairs.filter(|(a, b)| a.len() + b.len() < LONGEST);
    short.map(|(a, b)| Value::Text(format!("{a}{between}{b}"))).take(MOST_VALUES).collect()
}
