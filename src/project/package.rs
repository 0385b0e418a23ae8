//! package.json, read as leniently as package managers do: a field of the wrong type counts as absent.

use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use crate::binary::Source;

/// Longest package.json that is read; the largest on the registry are well under 1 MiB. In memory it can take
/// a hundred times as much.
const LONGEST: u64 = 1 << 20;

/// The fields of a package.json that matter here.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    fields: Map<String, Value>,
}

impl Manifest {
    /// Reads `package.json` in `directory`.
    ///
    /// # Errors
    /// What the system says; `InvalidData` for a file that is no JSON object.
    pub fn read(directory: &Path) -> io::Result<Manifest> {
        let text = Source::open(&directory.join("package.json"))?.contents(LONGEST)?;
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        match serde_json::from_slice(text) {
            Ok(Value::Object(fields)) => Ok(Manifest { fields }),
            Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "it is no JSON object")),
            Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, format!("no valid JSON, {error}"))),
        }
    }

    /// A manifest from its JSON text, for tests.
    #[cfg(test)]
    pub fn from_json(text: &str) -> Manifest {
        Manifest { fields: serde_json::from_str(text).expect("a JSON object") }
    }

    /// `name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.string("name")
    }

    /// `version`.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.string("version")
    }

    /// `main`.
    #[must_use]
    pub fn main(&self) -> Option<&str> {
        self.string("main")
    }

    /// True when it needs `package` at run time.
    #[must_use]
    pub fn depends_on(&self, package: &str) -> bool {
        ["dependencies", "optionalDependencies", "peerDependencies"]
            .iter()
            .any(|kind| self.fields.get(*kind).and_then(Value::as_object).is_some_and(|all| all.contains_key(package)))
    }

    /// True when a package manager would install it on a system whose `field` (`os`, `cpu`, `libc`) is `value`: the list names
    /// it, or excludes only others ("!win32"), or isn't there.
    #[must_use]
    pub fn supports(&self, field: &str, value: &str) -> bool {
        let list: Vec<&str> = match self.fields.get(field) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        if list.is_empty() || list == ["any"] {
            return true;
        }
        let mut wanted = list.iter().filter(|entry| !entry.starts_with('!')).peekable();
        let excluded = list.iter().any(|entry| entry.strip_prefix('!') == Some(value));
        !excluded && (wanted.peek().is_none() || wanted.any(|entry| *entry == value))
    }

    /// True when it names the systems it is for (`os` or `cpu`).
    #[must_use]
    pub fn is_for_one_platform(&self) -> bool {
        self.fields.contains_key("os") && self.fields.contains_key("cpu")
    }

    /// `napi.binaryName` (`napi.name` before @napi-rs/cli 3): the package is built by napi-rs.
    #[must_use]
    pub fn napi_rs_name(&self) -> Option<&str> {
        let napi = self.fields.get("napi")?.as_object()?;
        ["binaryName", "name"].iter().find_map(|key| napi.get(*key)).and_then(Value::as_str)
    }

    fn string(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    #[test]
    fn platform_lists_are_read_as_npm_reads_them() {
        let manifest = Manifest::from_json(r#"{"os":["darwin","linux"],"cpu":["!ia32"],"libc":"glibc"}"#);
        assert!(manifest.supports("os", "linux"));
        assert!(!manifest.supports("os", "win32"));
        assert!(manifest.supports("cpu", "x64"));
        assert!(!manifest.supports("cpu", "ia32"));
        assert!(manifest.supports("libc", "glibc"));
        assert!(!manifest.supports("libc", "musl"));
        assert!(Manifest::from_json("{}").supports("os", "linux"));
    }
}
