//! The header of an archive, in memory. `serde_json::Value` would take ten times as much memory,
//! and several threads may read headers at once.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

/// A header.
#[derive(serde::Deserialize)]
pub(super) struct Header {
    /// The contents of the archive.
    pub files: Files,
}

/// The contents of a folder, sorted by name.
pub(super) struct Files(Box<[(Box<str>, Item)]>);

/// An entry of a folder.
#[derive(serde::Deserialize)]
#[serde(from = "Fields")]
pub(super) enum Item {
    Folder(Files),
    Link {
        is_unpacked: bool,
    },
    /// A file beside the archive.
    Unpacked {
        size: u64,
    },
    /// A file in the archive, at a position after the header.
    Packed {
        size: u64,
        offset: u64,
    },
    /// A file without a size or position.
    Invalid,
}

/// An entry as it is written.
#[derive(serde::Deserialize)]
struct Fields {
    files: Option<Files>,
    link: Option<IgnoredAny>,
    #[serde(default)]
    unpacked: bool,
    size: Option<u64>,
    /// A decimal number.
    offset: Option<String>,
}

impl From<Fields> for Item {
    fn from(fields: Fields) -> Item {
        let offset = fields.offset.and_then(|offset| offset.parse().ok());
        match fields {
            Fields { files: Some(files), .. } => Item::Folder(files),
            Fields { link: Some(_), unpacked, .. } => Item::Link { is_unpacked: unpacked },
            Fields { unpacked: true, size, .. } => {
                Item::Unpacked { size: size.unwrap_or_default() }
            }
            Fields { size: Some(size), .. } => {
                offset.map_or(Item::Invalid, |offset| Item::Packed { size, offset })
            }
            Fields { .. } => Item::Invalid,
        }
    }
}

impl Files {
    /// The entry with this name.
    pub fn get(&self, name: &str) -> Option<&Item> {
        let index = self.0.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        Some(&self.0[index].1)
    }

    /// The names and entries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.0.iter().map(|(name, item)| (&**name, item))
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Files, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Files;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of files")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Files, A::Error> {
                let mut files = Vec::new();
                while let Some(entry) = object.next_entry()? {
                    files.push(entry);
                }
                // Of two entries with the same name the last one counts, as in JavaScript.
                files.reverse();
                files.sort_by(|(a, _): &(Box<str>, Item), (b, _)| a.cmp(b));
                files.dedup_by(|(a, _), (b, _)| a == b);
                Ok(Files(files.into()))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

#[cfg(test)]
mod tests {
    use super::{Header, Item};
    use crate::files::json;

    #[test]
    fn entries_are_found_by_name_and_the_last_of_two_counts() {
        let header: Header = json(
            r#"{"files":{"b":{"size":1,"offset":"10"},"a":{"files":{}},"b":{"size":2,"offset":"20"},
                "c":{"link":"b"},"d":{"size":3,"unpacked":true},"e":{"size":4},"f":{}}}"#,
        )
        .expect("a header");
        assert!(matches!(header.files.get("a"), Some(Item::Folder(_))));
        assert!(matches!(header.files.get("b"), Some(Item::Packed { size: 2, offset: 20 })));
        assert!(matches!(header.files.get("c"), Some(Item::Link { is_unpacked: false })));
        assert!(matches!(header.files.get("d"), Some(Item::Unpacked { size: 3 })));
        assert!(matches!(header.files.get("e"), Some(Item::Invalid)));
        assert!(matches!(header.files.get("f"), Some(Item::Invalid)));
        assert!(header.files.get("g").is_none());
        assert_eq!(header.files.iter().count(), 6);
    }
}
