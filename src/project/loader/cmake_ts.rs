//! cmake-ts 1.0 (build/loader.js): build/manifest.json maps descriptions, which are JSON, to files.
//! The loader tries the files for the system, the newest ABI first, until one loads.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::choice::Active;
use super::search::Search;
use crate::files;
use crate::model::{Arch, Libc, Platform};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    os: Platform,
    arch: Arch,
    libc: String,
    #[serde(default)]
    abi: u32,
}

/// The file that `loadAddon(folder)` opens first.
pub(super) fn find(search: &Search<'_>, folder: &str) -> Active {
    let manifest = search.read(&format!("{folder}manifest.json"));
    let Some(entries) = manifest.and_then(|text| files::json::<Map<String, Value>>(&text).ok())
    else {
        return Active::Nothing;
    };
    let runtime = search.runtime;
    let libc = match (&runtime.platform, runtime.libc) {
        (Platform::Linux, Some(Libc::Musl)) => Libc::Musl.as_str(),
        (Platform::Linux, _) => Libc::Glibc.as_str(),
        (Platform::Darwin, _) => "libc",
        (Platform::Win32, _) => "msvc",
        _ => "unknown",
    };
    let mut fitting: Vec<(u32, String)> = entries
        .iter()
        .filter_map(|(key, path)| Some((files::json::<Configuration>(key).ok()?, path.as_str()?)))
        .filter(|(one, _)| {
            one.os == runtime.platform && one.arch == runtime.arch && one.libc == libc
        })
        .map(|(one, path)| (one.abi, format!("{folder}{}", path.replace('\\', "/"))))
        .collect();
    // The sort of the loader is stable, like this one.
    fitting.sort_by_key(|(abi, _)| std::cmp::Reverse(*abi));
    let found = fitting.into_iter().find(|(_, path)| search.files().contains(path));
    found.map_or(Active::Nothing, |(_, path)| Active::File(path))
}
