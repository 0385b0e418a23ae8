//! `cargo run --example symbols -- FILE…`: what each addon exports, as JSON, for the check of a build. abi-guard itself reads no more
//! than what registers an addon.

use std::collections::BTreeMap;
use std::error::Error;

use object::Object;
use object::read::NameOrOrdinal;

fn main() -> Result<(), Box<dyn Error>> {
    let mut exports = BTreeMap::new();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let file = object::File::parse(&*bytes)?;
        let mut names = Vec::new();
        for export in file.exports()? {
            names.push(match export?.name() {
                NameOrOrdinal::Name(name) => String::from_utf8_lossy(name).into_owned(),
                NameOrOrdinal::Ordinal(number) => format!("#{number}"),
            });
        }
        names.sort();
        exports.insert(path, names);
    }
    println!("{}", serde_json::to_string_pretty(&exports)?);
    Ok(())
}
