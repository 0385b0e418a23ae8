//! Loaders that @napi-rs/cli generates: a local file per tuple, else a platform package that holds just its file.

use super::{Active, Contents, is_for};
use crate::runtime::Runtime;

pub(super) fn choose(contents: Contents<'_>, runtime: &Runtime) -> Option<Active> {
    let manifest = contents.manifest;
    // A platform package: main is the file, and os and cpu say for whom.
    if let Some(main) = manifest.main().filter(|main| main.ends_with(".node"))
        && manifest.is_for_one_platform()
    {
        let main = main.trim_start_matches("./").to_owned();
        let active = match is_for(manifest, runtime) && contents.files.contains(&main) {
            true => Active::File(main),
            false => Active::Nothing,
        };
        return Some(active);
    }
    let name = manifest.napi_rs_name()?;
    let tuples = tuples(runtime);
    let is_local = |file: &str, tuple: &str| {
        let base = file.rsplit('/').next().unwrap_or(file);
        base.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) == Some(&format!("{tuple}.node"))
    };
    let found = tuples.iter().find_map(|tuple| contents.files.iter().find(|file| is_local(file, tuple)));
    Some(found.map_or(Active::Nothing, |file| Active::File(file.clone())))
}

/// The tuples tried for a system, in order (@napi-rs/cli 3.10).
fn tuples(runtime: &Runtime) -> Vec<String> {
    let (platform, arch) = (runtime.platform.as_str(), runtime.arch.as_str());
    let musl = runtime.libc.as_deref() == Some("musl");
    match (platform, arch) {
        ("win32", _) => vec![format!("win32-{arch}-msvc"), format!("win32-{arch}-gnu")],
        ("darwin", _) => vec!["darwin-universal".to_owned(), format!("darwin-{arch}")],
        ("linux", "arm") => vec![format!("linux-arm-{}", if musl { "musleabihf" } else { "gnueabihf" })],
        ("linux", _) => vec![format!("linux-{arch}-{}", if musl { "musl" } else { "gnu" })],
        ("android", "arm") => vec!["android-arm-eabi".to_owned()],
        ("openharmony", _) => vec![format!("openharmony-{arch}")],
        _ => vec![format!("{platform}-{arch}")],
    }
}
