//! Loaders that @napi-rs/cli 3.10 generates: for each platform tag a local file, else the platform
//! package.

use super::choice::Active;
use super::search::Search;
use crate::model::{Arch, Libc, Platform};
use crate::runtime::Runtime;

/// The file that the generated loader of a package with a `napi` field opens.
pub(super) fn find(search: &Search<'_>, name: &str) -> Active {
    for tuple in tuples(search.runtime) {
        // The file is beside the loader. Files in "npm/" are platform packages that were published
        // by mistake.
        let is_local = |file: &str| {
            let base = file.rsplit('/').next().unwrap_or(file);
            !file.starts_with("npm/")
                && base.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'))
                    == Some(&format!("{tuple}.node"))
        };
        if let Some(file) = search.files().iter().find(|file| is_local(file)) {
            return Active::File(file.clone());
        }
        let manifest = &search.package.manifest;
        let suffix = format!("-{tuple}");
        let listed = manifest
            .optional_dependencies()
            .find(|package| package.ends_with(&suffix))
            .map(str::to_owned);
        let package = listed.or_else(|| Some(format!("{}{suffix}", manifest.napi_rs_package()?)));
        if let Some(found) = package.and_then(|package| search.elsewhere(&package)) {
            return found;
        }
    }
    Active::Nothing
}

/// The platform tags of a system in the order of the attempts.
fn tuples(runtime: &Runtime) -> Vec<String> {
    let (platform, arch) = (&runtime.platform, &runtime.arch);
    let musl = runtime.libc == Some(Libc::Musl);
    match (platform, arch) {
        (Platform::Win32, _) => vec![format!("win32-{arch}-msvc"), format!("win32-{arch}-gnu")],
        (Platform::Darwin, _) => vec!["darwin-universal".to_owned(), format!("darwin-{arch}")],
        (Platform::Linux, Arch::Arm) => {
            vec![format!("linux-arm-{}", if musl { "musleabihf" } else { "gnueabihf" })]
        }
        (Platform::Linux, _) => vec![format!("linux-{arch}-{}", if musl { "musl" } else { "gnu" })],
        (Platform::Android, Arch::Arm) => vec!["android-arm-eabi".to_owned()],
        _ => vec![format!("{platform}-{arch}")],
    }
}
