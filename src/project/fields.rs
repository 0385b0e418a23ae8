//! The fields of a package.json, while it is parsed.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The fields that are used. A project has thousands of manifests, so other fields are skipped
/// while parsing.
const KEPT: [&str; 22] = [
    "abi-guard",
    "binary",
    "config",
    "cpu",
    "dependencies",
    "devDependencies",
    "engines",
    "exports",
    "gypfile",
    "imports",
    "libc",
    "main",
    "module",
    "name",
    "napi",
    "optionalDependencies",
    "os",
    "peerDependencies",
    "peerDependenciesMeta",
    "scripts",
    "version",
    "workspaces",
];

/// A manifest while it is parsed.
pub(super) struct Fields(pub Map<String, Value>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Fields;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Fields, A::Error> {
                let mut fields = Map::new();
                while let Some(key) = object.next_key::<Cow<'de, str>>()? {
                    if KEPT.contains(&key.as_ref()) {
                        fields.insert(key.into_owned(), object.next_value()?);
                    } else {
                        object.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}
