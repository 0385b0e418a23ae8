//! Packaged Electron apps: a folder with Electron and the app. They run in that Electron, not in
//! the runtime that checks them.

use std::path::{Path, PathBuf};

use crate::binary;
use crate::files::{self, Source};
use crate::model::Platform;

/// The Electron in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packaged {
    /// Its version, if the folder shows it.
    pub version: Option<String>,
    /// The system in the format of a runtime spec: "linux-x64-glibc".
    pub system: Option<String>,
}

/// Recognizes the folder of a packager, the macOS bundle in it, or their `resources` folder.
#[must_use]
pub fn electron_in(directory: &Path) -> Option<Packaged> {
    let named =
        |name: &str| directory.file_name().is_some_and(|found| found.eq_ignore_ascii_case(name));
    let home = match () {
        () if named("resources") => directory.parent()?,
        // The files beside the archive.
        () if named("app.asar.unpacked") => directory.parent()?.parent()?,
        () => directory,
    };
    // On macOS the app is in a bundle.
    let contents = [home.to_path_buf(), home.join("Contents"), bundle_in(home)?.join("Contents")];
    let resources = |folder: &PathBuf| ["resources", "Resources"].map(|name| folder.join(name));
    let is_home = |folder: &&PathBuf| {
        resources(folder).iter().any(|resources| {
            files::is_file(resources.join("app.asar"))
                || files::is_file(resources.join("app/package.json"))
        })
    };
    let home = contents.iter().find(is_home)?;
    let framework = home.join("Frameworks/Electron Framework.framework/Versions/A");
    let library = ["libffmpeg.so", "ffmpeg.dll"].map(|name| home.join(name)).into_iter();
    let library = library
        .chain([framework.join("Libraries/libffmpeg.dylib")])
        .find(|path| files::is_file(path))?;
    let version = text(&home.join("version"))
        .or_else(|| version_of_plist(&text(&framework.join("Resources/Info.plist"))?));
    let version = version.map(|version| version.trim().trim_start_matches('v').to_owned());
    Some(Packaged {
        version: version.filter(|version| semver::Version::parse(version).is_ok()),
        system: system_of(&library),
    })
}

/// The bundle in a folder, if there is exactly one; otherwise the folder itself.
fn bundle_in(folder: &Path) -> Option<PathBuf> {
    let bundles = files::paths_ending(folder, ".app")?;
    Some(match bundles.as_slice() {
        [bundle] if bundle.extension().is_some() => bundle.clone(),
        _ => folder.to_path_buf(),
    })
}

fn text(path: &Path) -> Option<String> {
    String::from_utf8(Source::open(path).ok()?.contents(1 << 16).ok()?).ok()
}

/// The string after `CFBundleVersion`.
fn version_of_plist(text: &str) -> Option<String> {
    let after = text.split_once("<key>CFBundleVersion</key>")?.1;
    Some(after.split_once("<string>")?.1.split_once("</string>")?.0.to_owned())
}

/// The system that a library is for.
fn system_of(library: &Path) -> Option<String> {
    let source = Source::open(library).ok()?;
    let binary = binary::read(&source);
    let image = binary.images().first()?;
    let libc = if image.platform == Some(Platform::Linux) { "-glibc" } else { "" };
    Some(format!("{}-{}{libc}", image.platform.as_ref()?, image.arch.as_ref()?))
}

#[cfg(test)]
mod tests {
    use super::version_of_plist;

    #[test]
    fn the_version_of_a_bundle_is_read() {
        let text = "<dict><key>CFBundleName</key><string>x</string><key>CFBundleVersion</key>\n\
            \t<string>31.0.1</string></dict>";
        assert_eq!(version_of_plist(text).as_deref(), Some("31.0.1"));
        assert_eq!(version_of_plist("<dict/>"), None);
    }
}
