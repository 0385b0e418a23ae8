//! Extensions of VS Code: a zip with the extension in a folder of this name, and a manifest.

use std::path::Path;

use super::promised::Contents;
use crate::files::{is_file, json, text};
use crate::runtime::RuntimeSpec;

/// The maximum size of the manifests, in bytes.
const LONGEST: u64 = 1 << 20;

/// The first release of VS Code (its number after `1.`) with a line of Electron, and the line of
/// Node.js in it, which is also that of its remote part. Source: ewanharris/vscode-versions, from
/// `.npmrc` and `package.json` of each release, 2026-08-23.
const RELEASES: [(u64, u64, u64); 16] = [
    (123, 42, 24),
    (107, 39, 22),
    (103, 37, 22),
    (101, 35, 22),
    (98, 34, 20),
    (95, 32, 20),
    (92, 30, 20),
    (90, 29, 20),
    (88, 28, 18),
    (86, 27, 18),
    (82, 25, 18),
    (78, 22, 16),
    (71, 19, 16),
    (69, 18, 16),
    (66, 17, 16),
    (0, 13, 14),
];

/// The systems for which extensions are published (`Targets` of vsce's package.ts), and their names
/// in a spec. An extension for all of them must load on each. `web` has no addons.
const SYSTEMS: [(&str, &str); 9] = [
    ("win32-x64", "win32-x64"),
    ("win32-arm64", "win32-arm64"),
    ("darwin-x64", "darwin-x64"),
    ("darwin-arm64", "darwin-arm64"),
    // VS Code needs glibc 2.28 since its release 1.86.
    ("linux-x64", "linux-x64-glibc2.28"),
    ("linux-arm64", "linux-arm64-glibc2.28"),
    ("linux-armhf", "linux-arm-glibc2.28"),
    // Alpine has only the remote part, which runs in Node.js.
    ("alpine-x64", "linux-x64-musl"),
    ("alpine-arm64", "linux-arm64-musl"),
];

/// The extension in the archive at `root`; `None` if it is something else.
pub(super) fn extension(root: &Path) -> Option<Contents> {
    let manifest = root.join("extension.vsixmanifest");
    let app = root.join("extension");
    if !is_file(&manifest) || !is_file(app.join("package.json")) {
        return None;
    }
    let manifest = text(&manifest, LONGEST).unwrap_or_default();
    let system = attribute(&manifest, "TargetPlatform");
    let systems = SYSTEMS.iter().filter(|(name, _)| system.is_none_or(|system| system == *name));
    let releases = releases(oldest_release(&app));
    let targets = systems.flat_map(|(_, spec)| {
        releases.iter().map(move |(_, electron, node)| match spec.ends_with("-musl") {
            true => RuntimeSpec::Text(format!("node@{node}/{spec}")),
            false => RuntimeSpec::Text(format!("electron@{electron}/{spec}")),
        })
    });
    Some(Contents { targets: targets.collect(), apps: vec![app] })
}

/// The newest line, and the one of the oldest release that the extension accepts. An addon for V8
/// that loads in both loads in none between them, but then the two differ, too.
fn releases(oldest: Option<u64>) -> Vec<(u64, u64, u64)> {
    let newest = RELEASES[0];
    let oldest = oldest.and_then(|oldest| RELEASES.iter().find(|(first, ..)| *first <= oldest));
    let oldest = oldest.filter(|oldest| **oldest != newest);
    std::iter::once(newest).chain(oldest.copied()).collect()
}

/// The oldest release in `engines.vscode` of the extension: 85 for `^1.85.0`.
fn oldest_release(app: &Path) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        engines: Engines,
    }
    #[derive(serde::Deserialize)]
    struct Engines {
        vscode: String,
    }
    let text = text(&app.join("package.json"), LONGEST).ok()?;
    let Manifest { engines } = json(&text).ok()?;
    let (_, minor) = engines.vscode.split_once("1.")?;
    minor.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The value of an attribute of the manifest's `Identity`.
fn attribute<'t>(manifest: &'t str, name: &str) -> Option<&'t str> {
    let identity = manifest.split_once("<Identity")?.1.split_once('>')?.0;
    let value = identity.split_once(name)?.1.trim_start().strip_prefix('=')?.trim_start();
    let value = value.strip_prefix(['"', '\''])?;
    value.split(['"', '\'']).next()
}

#[cfg(test)]
mod tests {
    use super::{attribute, releases};

    #[test]
    fn the_platform_of_an_extension_is_read() {
        let manifest = |more: &str| format!("<Metadata>\n<Identity Id=\"a\" {more}/></Metadata>");
        let read = |more: &str| attribute(&manifest(more), "TargetPlatform").map(str::to_owned);
        assert_eq!(read("TargetPlatform=\"linux-x64\"").as_deref(), Some("linux-x64"));
        assert_eq!(read("TargetPlatform = 'web' ").as_deref(), Some("web"));
        assert_eq!(read("Version=\"1.0.0\""), None);
        assert_eq!(attribute("TargetPlatform=\"web\"", "TargetPlatform"), None);
    }

    #[test]
    fn the_oldest_and_the_newest_electron_are_judged() {
        let lines = |oldest| releases(oldest).iter().map(|(_, line, _)| *line).collect::<Vec<_>>();
        assert_eq!(lines(Some(85)), [42, 25]);
        assert_eq!(lines(Some(86)), [42, 27]);
        assert_eq!(lines(Some(125)), [42]);
        assert_eq!(lines(Some(10)), [42, 13]);
        assert_eq!(lines(None), [42]);
    }
}
