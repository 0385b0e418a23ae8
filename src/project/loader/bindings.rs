//! bindings 1.5 (bindings.js): opens the first file that exists in a list of folders.

use super::choice::Active;
use super::search::Search;
use crate::project::script::{Argument, GAP};
use crate::runtime::Runtime;

/// The file that `require('bindings')(argument)` opens.
pub(super) fn find(search: &Search<'_>, arguments: &[Argument]) -> Active {
    let files = search.files();
    let folders = folders(search.runtime);
    let argument = arguments.first();
    let named = argument.and_then(|argument| {
        let of_field =
            argument.fields.iter().find(|(key, _)| key == "bindings").map(|(_, value)| value);
        of_field.or(argument.values.first())
    });
    let name = match (named, argument) {
        (Some(name), _) if !name.contains(GAP) => name.strip_suffix(".node").unwrap_or(name),
        (None, None) => "bindings",
        _ => return of_any_name(files, &folders),
    };
    let found = folders.iter().find_map(|folder| {
        let path = format!("{folder}{name}.node");
        files.iter().find(|file| **file == path)
    });
    found.map_or(Active::Nothing, |file| Active::File(file.clone()))
}

/// If the name is unknown, the file is certain only if all candidates have one name.
fn of_any_name(files: &[String], folders: &[String]) -> Active {
    let candidates: Vec<&String> = folders
        .iter()
        .flat_map(|folder| {
            files.iter().filter(move |file| {
                file.strip_prefix(folder.as_str()).is_some_and(|name| !name.contains('/'))
            })
        })
        .collect();
    let name = |file: &str| file.rsplit('/').next().unwrap_or(file).to_owned();
    match candidates.as_slice() {
        [] => Active::Nothing,
        [first, rest @ ..] if rest.iter().all(|file| name(file) == name(first)) => {
            Active::File((*first).clone())
        }
        _ => Active::Unknown,
    }
}

/// The folders in the order of the attempts.
pub fn folders(runtime: &Runtime) -> Vec<String> {
    let node = runtime.node.as_ref().map(ToString::to_string).unwrap_or_default();
    let (platform, arch) = (&runtime.platform, &runtime.arch);
    let abi = runtime.abi.map(|abi| abi.to_string()).unwrap_or_default();
    vec![
        "build/".to_owned(),
        "build/Debug/".to_owned(),
        "build/Release/".to_owned(),
        "out/Debug/".to_owned(),
        "Debug/".to_owned(),
        "out/Release/".to_owned(),
        "Release/".to_owned(),
        "build/default/".to_owned(),
        format!("compiled/{node}/{platform}/{arch}/"),
        "addon-build/release/install-root/".to_owned(),
        "addon-build/debug/install-root/".to_owned(),
        "addon-build/default/install-root/".to_owned(),
        format!("lib/binding/node-v{abi}-{platform}-{arch}/"),
    ]
}
