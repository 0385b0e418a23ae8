//! JSON → the types of this room, so that an error names the field that is wrong: `packages[0].ok`.
//!
//! serde_json's own errors have no path. The crate that adds one (`serde_path_to_error`) names the
//! object in which a field is missing or unknown, not the field, and wraps every generated reader
//! a second time.

use std::fmt::{self, Write};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::{Map, Value};

/// The maximum length of a value or a key in an error, in characters.
const MOST_CHARS: usize = 60;
/// The maximum number of valid names that an error lists.
const MOST_NAMES: usize = 12;

/// The field whose value doesn't fit its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongField {
    /// From the innermost step to the outermost.
    steps: Vec<Step>,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// The value as a `T`.
///
/// # Errors
/// The first wrong field: fields are read in the order of their type, and unknown ones last.
pub fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, WrongField> {
    T::deserialize(Reader(value))
}

impl WrongField {
    pub(super) fn missing(name: &str) -> WrongField {
        WrongField::at(name, "it is missing".to_owned())
    }

    pub(super) fn at(name: &str, reason: String) -> WrongField {
        WrongField { steps: vec![Step::Key(name.to_owned())], reason }
    }

    fn new(reason: String) -> WrongField {
        WrongField { steps: Vec::new(), reason }
    }

    fn inside(mut self, step: Step) -> WrongField {
        self.steps.push(step);
        self
    }

    /// The error, without the field's name.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The field's path in a variable `root`: `report.packages[0].ok`.
    #[must_use]
    pub fn path(&self, root: &str) -> String {
        let mut path = root.to_owned();
        for step in self.steps.iter().rev() {
            let written = match step {
                Step::Index(index) => write!(path, "[{index}]"),
                Step::Key(key) if is_plain(key) => write!(path, ".{key}"),
                Step::Key(key) => write!(path, "[{}]", shown(key)),
            };
            debug_assert!(written.is_ok(), "a String takes everything");
        }
        path
    }
}

fn is_plain(key: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    !key.is_empty()
        && key.len() <= MOST_CHARS
        && key.chars().all(is_word)
        && !key.starts_with(|c: char| c.is_ascii_digit())
}

/// The beginning of a text, in quotes and with escapes: it may come from a malicious package.
fn shown(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

impl fmt::Display for WrongField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path("value"), self.reason)
    }
}

impl std::error::Error for WrongField {}

impl Error for WrongField {
    fn custom<T: fmt::Display>(reason: T) -> WrongField {
        WrongField::new(reason.to_string())
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> WrongField {
        let found = match found {
            Unexpected::Str(text) => shown(text),
            other => other.to_string(),
        };
        WrongField::new(format!("it must be {expected}, not {found}"))
    }

    fn unknown_variant(name: &str, expected: &'static [&'static str]) -> WrongField {
        let known = match expected {
            [one] => format!(", only {one:?}"),
            [first, rest @ ..] if expected.len() <= MOST_NAMES => rest
                .iter()
                .fold(format!(": use {first:?}"), |known, name| format!("{known}, {name:?}")),
            _ => String::new(),
        };
        WrongField::new(format!("unknown value {}{known}", shown(name)))
    }

    fn unknown_field(name: &str, _: &'static [&'static str]) -> WrongField {
        WrongField::at(name, "this field doesn't exist".to_owned())
    }

    fn missing_field(name: &'static str) -> WrongField {
        WrongField::missing(name)
    }
}

struct Reader<'de>(&'de Value);

impl<'de> Reader<'de> {
    fn is_no(&self, expected: &str) -> WrongField {
        WrongField::new(format!("it must be {expected}, not {}", kind(self.0)))
    }
}

/// Methods for numbers, so that the errors for fractions and for numbers out of range are the same
/// for all types.
macro_rules! whole_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongField> {
            let Value::Number(number) = self.0 else { return Err(self.is_no("a whole number")) };
            let wrong = |_| WrongField::new(format!("it is {number}, which is out of range"));
            match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64::<WrongField>(number).map_err(wrong),
                (_, Some(number)) => visitor.visit_i64::<WrongField>(number).map_err(wrong),
                _ => Err(WrongField::new(format!("it must be a whole number, not {number}"))),
            }
        }
    )*};
}

/// Methods that each accept one kind of value.
macro_rules! kinds_of_values {
    ($($method:ident($pattern:pat) $expected:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongField> {
            match self.0 {
                $pattern => self.deserialize_any(visitor),
                _ => Err(self.is_no($expected)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = WrongField;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongField> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(values) => visitor.visit_seq(Entries { values, at: 0 }),
            Value::Object(fields) => visitor.visit_map(Fields::of(fields, &[])),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, WrongField> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, WrongField> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, WrongField> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::of(fields, names)),
            _ => Err(self.is_no("an object")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, WrongField> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(StrDeserializer::new(name)),
            _ => Err(self.is_no("a string")),
        }
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    kinds_of_values! {
        deserialize_bool(Value::Bool(_)) "a boolean"
        deserialize_f64(Value::Number(_)) "a number"
        deserialize_str(Value::String(_)) "a string"
        deserialize_string(Value::String(_)) "a string"
        deserialize_seq(Value::Array(_)) "an array"
        deserialize_map(Value::Object(_)) "an object"
    }

    forward_to_deserialize_any! {
        i128 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// The entries of an array.
struct Entries<'de> {
    values: &'de [Value],
    at: usize,
}

impl<'de> SeqAccess<'de> for Entries<'de> {
    type Error = WrongField;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, WrongField> {
        let Some(value) = self.values.get(self.at) else { return Ok(None) };
        self.at += 1;
        let inside = |wrong: WrongField| wrong.inside(Step::Index(self.at - 1));
        seed.deserialize(Reader(value)).map(Some).map_err(inside)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len() - self.at)
    }
}

/// The fields of an object: those of its type, in that order, then all others.
struct Fields<'de> {
    fields: Vec<(&'de str, &'de Value)>,
    at: usize,
}

impl<'de> Fields<'de> {
    fn of(fields: &'de Map<String, Value>, names: &[&str]) -> Fields<'de> {
        let entry = |(name, value): (&'de String, &'de Value)| (name.as_str(), value);
        let known = names.iter().filter_map(|name| fields.get_key_value(*name));
        let others = fields.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        Fields { fields: known.chain(others).map(entry).collect(), at: 0 }
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = WrongField;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, WrongField> {
        let Some((name, _)) = self.fields.get(self.at) else { return Ok(None) };
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, WrongField> {
        let Some((name, value)) = self.fields.get(self.at) else {
            return Err(WrongField::new("a value was read before its name".to_owned()));
        };
        self.at += 1;
        seed.deserialize(Reader(value)).map_err(|wrong| wrong.inside(Step::Key((*name).to_owned())))
    }
}
