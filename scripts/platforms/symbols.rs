//! `cargo run --example symbols -- FILE…`: prints the exports of each addon, and its imports by
//! library, as JSON, for the check of a build. abi-guard itself reads only the symbols that
//! register an addon.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use object::Object;
use object::read::NameOrOrdinal;
use serde_json::json;

fn text(name: NameOrOrdinal<&[u8]>) -> String {
    match name {
        NameOrOrdinal::Name(name) => String::from_utf8_lossy(name).into_owned(),
        NameOrOrdinal::Ordinal(number) => format!("#{number}"),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for path in std::env::args().skip(1) {
        #[expect(clippy::disallowed_methods, reason = "our own binary, in a tool for building")]
        let bytes = std::fs::read(&path)?;
        let file = object::File::parse(&*bytes)?;
        let mut exports = BTreeSet::new();
        for export in file.exports()? {
            exports.insert(text(export?.name()));
        }
        // ELF doesn't have the library of an import: every needed library may have it.
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for import in file.imports()? {
            let import = import?;
            let library = String::from_utf8_lossy(import.library()).into_owned();
            imports.entry(library).or_default().insert(text(import.name()));
        }
        files.insert(path, json!({ "exports": exports, "imports": imports }));
    }
    println!("{}", serde_json::to_string_pretty(&files)?);
    Ok(())
}
