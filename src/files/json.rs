//! JSON from untrusted files, within a limit of memory: seven bytes of text (`{"":0},`) take about
//! seven hundred bytes in memory.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The maximum amount of memory for the values of one file, in bytes.
const MOST_MEMORY: usize = 160 << 20;
/// The maximum sizes of values in serde_json 1: a node of a map has room for eleven entries, a list
/// has room for four.
const OBJECT: usize = 640;
const LIST: usize = 160;
const MEMBER: usize = 100;
/// What the allocator needs for a text, in bytes.
const TEXT: usize = 16;

/// A text that isn't the expected JSON.
#[derive(Debug)]
pub enum JsonError {
    /// The text has so many values that they would take too much memory.
    TooManyValues,
    /// The error of the parser.
    Invalid(serde_json::Error),
}

impl JsonError {
    /// True for valid JSON whose structure isn't the expected one.
    pub fn is_of_structure(&self) -> bool {
        matches!(self, JsonError::Invalid(error) if error.is_data())
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonError::TooManyValues => out.write_str("it has too many values"),
            JsonError::Invalid(error) if error.is_data() => write!(out, "{error}"),
            JsonError::Invalid(error) => write!(out, "not valid JSON, {error}"),
        }
    }
}

/// The value of a JSON text.
///
/// # Errors
/// [`JsonError`] for invalid JSON, for an unexpected structure, and for too many values.
pub fn json<T: DeserializeOwned>(text: impl AsRef<[u8]>) -> Result<T, JsonError> {
    json_within(text, MOST_MEMORY)
}

/// The value of a JSON text whose values take at most `limit` bytes of memory. The limit is for
/// files that are read by several threads at once, or whose values are kept.
///
/// # Errors
/// As in [`json`].
pub fn json_within<T: DeserializeOwned>(
    text: impl AsRef<[u8]>,
    limit: usize,
) -> Result<T, JsonError> {
    let text = text.as_ref();
    // A text of this length can't exceed the limit, so counting would only take time.
    if text.len() > limit / OBJECT && memory_of(text) > limit {
        return Err(JsonError::TooManyValues);
    }
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    serde_json::from_slice(text).map_err(JsonError::Invalid)
}

/// The value of a JSON text that is compiled into abi-guard.
///
/// # Errors
/// The error of the parser. A test of each table shows that its text is valid.
pub fn own_json<T: DeserializeOwned>(text: &'static str) -> serde_json::Result<T> {
    #[expect(clippy::disallowed_methods, reason = "our own table is of a known size")]
    serde_json::from_str(text)
}

/// An upper bound of the memory that the values of a text take. Brackets and commas in strings
/// count, too.
fn memory_of(text: &[u8]) -> usize {
    let of = |byte: &u8| match byte {
        b'{' => OBJECT,
        b'[' => LIST,
        b',' => MEMBER,
        _ => 1,
    };
    text.iter().map(of).sum()
}

/// The approximate amount of memory that the members of an object take, in bytes.
pub fn memory_of_members(object: &Map<String, Value>) -> usize {
    // A node of a map is at least half full.
    let nodes = object.len().div_ceil(6) * OBJECT;
    object.iter().fold(nodes, |sum, (key, value)| sum + TEXT + key.len() + memory_of_value(value))
}

fn memory_of_value(value: &Value) -> usize {
    match value {
        Value::String(text) => TEXT + text.len(),
        Value::Array(all) => all.iter().map(|item| LIST / 4 + memory_of_value(item)).sum(),
        Value::Object(all) => memory_of_members(all),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{JsonError, json};

    #[test]
    fn many_small_values_exceed_the_limit_of_memory() {
        let many = |value: &str, count: usize| format!("[{}0]", value.repeat(count));
        assert!(json::<Value>(many("{\"\":0},", 100_000)).is_ok());
        for value in ["{\"\":0},", "{},", "[0],", "0,"] {
            let error = json::<Value>(many(value, (8 << 20) / value.len()));
            assert!(matches!(error, Err(JsonError::TooManyValues)), "{value}");
        }
        assert!(json::<Value>(format!("[\"{}\"]", "long text ".repeat(1 << 20))).is_ok());
    }

    #[test]
    fn an_unexpected_structure_is_not_reported_as_invalid_json() {
        assert!(json::<Vec<u8>>("{}").expect_err("no list").is_of_structure());
        assert!(!json::<Vec<u8>>("[").expect_err("no end").is_of_structure());
    }
}
