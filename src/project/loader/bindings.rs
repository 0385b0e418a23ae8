//! bindings 1.5 (bindings.js): a list of folders, the first in which the file exists.

use super::{Active, Contents};
use crate::runtime::Runtime;

pub(super) fn choose(contents: Contents<'_>, runtime: &Runtime) -> Option<Active> {
    if !contents.manifest.depends_on("bindings") {
        return None;
    }
    let folders = folders(runtime);
    if let Some(name) = contents.main_script.and_then(asked_for) {
        let found = folders.iter().find_map(|folder| {
            let path = format!("{folder}{name}.node");
            contents.files.iter().find(|file| **file == path)
        });
        return Some(found.map_or(Active::Nothing, |file| Active::File(file.clone())));
    }
    // Without the name, the file is sure only when all candidates have one name.
    let candidates: Vec<&String> = folders
        .iter()
        .flat_map(|folder| {
            contents.files.iter().filter(move |file| file.strip_prefix(folder.as_str()).is_some_and(|name| !name.contains('/')))
        })
        .collect();
    let name = |file: &str| file.rsplit('/').next().unwrap_or(file).to_owned();
    match candidates.as_slice() {
        [] => Some(Active::Nothing),
        [first, rest @ ..] if rest.iter().all(|file| name(file) == name(first)) => Some(Active::File((*first).clone())),
        _ => Some(Active::Unknown),
    }
}

/// The folders tried, in order.
fn folders(runtime: &Runtime) -> Vec<String> {
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

/// The name in `require('bindings')('name')`, without `.node`.
fn asked_for(script: &str) -> Option<String> {
    let (_, after) = script.split_once("'bindings'").or_else(|| script.split_once("\"bindings\""))?;
    let call = after.trim_start().strip_prefix(')')?.trim_start().strip_prefix('(')?.trim_start();
    let quote = call.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let (name, _) = call[1..].split_once(quote)?;
    let name = name.strip_suffix(".node").unwrap_or(name);
    (!name.is_empty() && !name.contains('$')).then(|| name.to_owned())
}
