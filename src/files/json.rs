//! JSON out of a stranger's files, within a limit of memory: seven bytes of text (`{"":0},`) become
//! some seven hundred in memory.

use std::fmt;

use serde::de::DeserializeOwned;

/// The most memory that the values of one file may take, in bytes.
const MOST_MEMORY: usize = 160 << 20;
/// What a value takes at its worst, as serde_json 1 holds it: the node of a map has room for eleven
/// entries, a list for four.
const OBJECT: usize = 640;
const LIST: usize = 160;
const MEMBER: usize = 100;

/// A text that isn't the expected JSON.
#[derive(Debug)]
pub enum JsonError {
    /// It has so many values that they would take too much memory.
    TooManyValues,
    /// What the parser says.
    Invalid(serde_json::Error),
}

impl JsonError {
    /// True for valid JSON of another structure than the expected one.
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
/// [`JsonError`] for invalid JSON, another structure, and too many values.
pub fn json<T: DeserializeOwned>(text: impl AsRef<[u8]>) -> Result<T, JsonError> {
    let text = text.as_ref();
    if memory_of(text) > MOST_MEMORY {
        return Err(JsonError::TooManyValues);
    }
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    serde_json::from_slice(text).map_err(JsonError::Invalid)
}

/// The value of a JSON text that is part of abi-guard.
///
/// # Errors
/// What the parser says; a test of each table shows that there are none.
pub fn own_json<T: DeserializeOwned>(text: &'static str) -> serde_json::Result<T> {
    #[expect(clippy::disallowed_methods, reason = "our own table is of a known size")]
    serde_json::from_str(text)
}

/// An upper bound of the memory that the values of a text take. Marks in strings are counted, too.
fn memory_of(text: &[u8]) -> usize {
    // No text of this length can exceed the limit: it isn't worth the count.
    if text.len() < MOST_MEMORY / OBJECT {
        return 0;
    }
    let of = |byte: &u8| match byte {
        b'{' => OBJECT,
        b'[' => LIST,
        b',' => MEMBER,
        _ => 1,
    };
    text.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{JsonError, json};

    #[test]
    fn small_values_have_a_limit_of_memory() {
        let many = |value: &str, count: usize| format!("[{}0]", value.repeat(count));
        assert!(json::<Value>(many("{\"\":0},", 100_000)).is_ok());
        for value in ["{\"\":0},", "{},", "[0],", "0,"] {
            let error = json::<Value>(many(value, (8 << 20) / value.len()));
            assert!(matches!(error, Err(JsonError::TooManyValues)), "{value}");
        }
        assert!(json::<Value>(format!("[\"{}\"]", "long text ".repeat(1 << 20))).is_ok());
    }

    #[test]
    fn another_structure_is_told_from_invalid_json() {
        assert!(json::<Vec<u8>>("{}").expect_err("no list").is_of_structure());
        assert!(!json::<Vec<u8>>("[").expect_err("no end").is_of_structure());
    }
}
