//! Which of a package's `.node` files its own loader would open. One file per convention; each answers for any target, not
//! just for this host.
//!
//! To add a convention: write a file with a `choose` function, and put it into [`choose`] where its packages are recognised.

mod bindings;
mod napi_rs;
mod node_gyp_build;
mod single_file;

use super::Manifest;
use crate::runtime::{Kind, Runtime};

/// What a convention needs to know of a package.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// Its package.json.
    pub manifest: &'a Manifest,
    /// Its `.node` files, relative, with `/`, sorted.
    pub files: &'a [String],
    /// The text of its main script, where one could be read.
    pub main_script: Option<&'a str>,
}

/// The convention a package follows, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Name of the convention, `unknown` when none is recognised.
    pub loader: &'static str,
    /// What it would open.
    pub active: Active,
}

/// The file a loader would open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Active {
    /// This one, relative to the package.
    File(String),
    /// None of them fits the target.
    Nothing,
    /// It can't be told.
    Unknown,
}

/// Chooses the file that `contents`' own loader would open in `runtime`.
#[must_use]
pub fn choose(contents: Contents<'_>, runtime: &Runtime) -> Choice {
    type Convention = fn(Contents<'_>, &Runtime) -> Option<Active>;
    let conventions: [(&'static str, Convention); 4] = [
        ("napi-rs", napi_rs::choose),
        ("node-gyp-build", node_gyp_build::choose),
        ("bindings", bindings::choose),
        ("single-file", single_file::choose),
    ];
    conventions
        .into_iter()
        .find_map(|(loader, choose)| choose(contents, runtime).map(|active| Choice { loader, active }))
        .unwrap_or(Choice { loader: "unknown", active: Active::Unknown })
}

/// True when the manifest's `os`, `cpu` and `libc` let a package manager install it for the runtime's system.
fn is_for(manifest: &Manifest, runtime: &Runtime) -> bool {
    manifest.supports("os", &runtime.platform)
        && manifest.supports("cpu", &runtime.arch)
        && runtime.libc.as_deref().is_none_or(|libc| manifest.supports("libc", libc))
}

/// The runtime's name in the tags of prebuilt files.
fn tag_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Electron => "electron",
        Kind::Nw => "node-webkit",
        Kind::Node | Kind::Bun | Kind::Deno => "node",
    }
}

#[cfg(test)]
mod tests {
    use super::{Active, Choice, Contents, choose};
    use crate::project::Manifest;
    use crate::runtime::{Runtime, RuntimeSpec, resolve, test_host};

    fn target(spec: &str) -> Runtime {
        resolve(Some(&RuntimeSpec::Text(spec.to_owned())), &test_host()).expect("a runtime")
    }

    fn chosen(manifest: &str, files: &[&str], main: Option<&str>, spec: &str) -> Choice {
        let manifest = Manifest::from_json(manifest);
        let mut files: Vec<String> = files.iter().map(ToString::to_string).collect();
        files.sort();
        choose(Contents { manifest: &manifest, files: &files, main_script: main }, &target(spec))
    }

    /// Every convention's rules, read in the source of the loader named: (package.json, files, main script, target, loader,
    /// active file or "-" for nothing or "?" for unknown).
    #[test]
    fn every_loader_opens_the_file_its_source_says() {
        const GYP: &str = r#"{"name":"a","dependencies":{"node-gyp-build":"4"}}"#;
        const BINDINGS: &str = r#"{"name":"a","dependencies":{"bindings":"1"}}"#;
        const NAPI: &str = r#"{"name":"a","napi":{"binaryName":"a"}}"#;
        const PLATFORM: &str =
            r#"{"name":"@a/a-linux-x64-gnu","main":"a.linux-x64-gnu.node","os":["linux"],"cpu":["x64"],"libc":["glibc"]}"#;
        type Row<'a> = (&'a str, &'a [&'a str], Option<&'a str>, &'a str, &'a str, &'a str);
        let rows: &[Row<'_>] = &[
            // A build of one's own comes before every prebuild, and Release before Debug.
            (
                GYP,
                &["build/Debug/a.node", "build/Release/a.node", "prebuilds/linux-x64/a.node"],
                None,
                "node@22/linux-x64",
                "node-gyp-build",
                "build/Release/a.node",
            ),
            (
                GYP,
                &["build/Debug/a.node", "prebuilds/linux-x64/a.node"],
                None,
                "node@22/linux-x64",
                "node-gyp-build",
                "build/Debug/a.node",
            ),
            // Tuples.
            (
                GYP,
                &["prebuilds/linux-x64/a.node", "prebuilds/win32-x64/a.node"],
                None,
                "node@22/win32-x64",
                "node-gyp-build",
                "prebuilds/win32-x64/a.node",
            ),
            (
                GYP,
                &["prebuilds/darwin-x64+arm64/a.node"],
                None,
                "node@22/darwin-arm64",
                "node-gyp-build",
                "prebuilds/darwin-x64+arm64/a.node",
            ),
            (
                GYP,
                &["prebuilds/darwin-arm64/a.node", "prebuilds/darwin-x64+arm64/a.node"],
                None,
                "node@22/darwin-arm64",
                "node-gyp-build",
                "prebuilds/darwin-arm64/a.node",
            ),
            (GYP, &["prebuilds/linux-x64/a.node"], None, "node@22/linux-arm64", "node-gyp-build", "-"),
            // Tags.
            (
                GYP,
                &["prebuilds/linux-x64/node.abi108.node", "prebuilds/linux-x64/node.abi127.node"],
                None,
                "node@22/linux-x64",
                "node-gyp-build",
                "prebuilds/linux-x64/node.abi127.node",
            ),
            (GYP, &["prebuilds/linux-x64/node.abi108.node"], None, "node@22/linux-x64", "node-gyp-build", "-"),
            (
                GYP,
                &["prebuilds/linux-x64/electron.napi.node", "prebuilds/linux-x64/node.napi.node"],
                None,
                "electron@31/linux-x64",
                "node-gyp-build",
                "prebuilds/linux-x64/electron.napi.node",
            ),
            (
                GYP,
                &["prebuilds/linux-x64/node.napi.node"],
                None,
                "electron@31/linux-x64",
                "node-gyp-build",
                "prebuilds/linux-x64/node.napi.node",
            ),
            (
                GYP,
                &["prebuilds/linux-x64/a.glibc.node", "prebuilds/linux-x64/a.musl.node"],
                None,
                "node@22/linux-x64-musl",
                "node-gyp-build",
                "prebuilds/linux-x64/a.musl.node",
            ),
            (
                GYP,
                &["prebuilds/linux-arm/a.armv6.node", "prebuilds/linux-arm/a.armv7.node"],
                None,
                "node@22/linux-arm",
                "node-gyp-build",
                "prebuilds/linux-arm/a.armv7.node",
            ),
            // A name that begins like a tag takes the file out.
            (GYP, &["prebuilds/linux-x64/uvu.node"], None, "node@22/linux-x64", "node-gyp-build", "-"),
            // bindings: order of folders, and the name asked for.
            (
                BINDINGS,
                &["build/Debug/x.node", "build/Release/x.node"],
                Some("require('bindings')('x')"),
                "node@22/linux-x64",
                "bindings",
                "build/Debug/x.node",
            ),
            (
                BINDINGS,
                &["build/Release/x.node", "build/Release/y.node"],
                Some("const b = require(\"bindings\")(\"y.node\")"),
                "node@22/linux-x64",
                "bindings",
                "build/Release/y.node",
            ),
            (BINDINGS, &["build/Release/x.node", "build/Release/y.node"], None, "node@22/linux-x64", "bindings", "?"),
            (
                BINDINGS,
                &["lib/binding/node-v127-linux-x64/x.node", "lib/binding/node-v108-linux-x64/x.node"],
                Some("require('bindings')('x')"),
                "node@22/linux-x64",
                "bindings",
                "lib/binding/node-v127-linux-x64/x.node",
            ),
            (BINDINGS, &["compiled/x/y.node"], None, "node@22/linux-x64", "bindings", "-"),
            // napi-rs: the local file of the target's tuple; platform packages only where they are for the target.
            (
                NAPI,
                &["a.linux-x64-gnu.node", "a.linux-x64-musl.node"],
                None,
                "node@22/linux-x64-musl",
                "napi-rs",
                "a.linux-x64-musl.node",
            ),
            (
                NAPI,
                &["a.darwin-universal.node", "a.darwin-x64.node"],
                None,
                "node@22/darwin-x64",
                "napi-rs",
                "a.darwin-universal.node",
            ),
            (NAPI, &["a.linux-x64-gnu.node"], None, "node@22/win32-x64", "napi-rs", "-"),
            (PLATFORM, &["a.linux-x64-gnu.node"], None, "node@22/linux-x64-glibc", "napi-rs", "a.linux-x64-gnu.node"),
            (PLATFORM, &["a.linux-x64-gnu.node"], None, "node@22/linux-x64-musl", "napi-rs", "-"),
            (PLATFORM, &["a.linux-x64-gnu.node"], None, "node@22/darwin-x64", "napi-rs", "-"),
            // One file only: it, unless its path says that it is for somebody else.
            (r#"{"name":"a"}"#, &["build/Release/a.node"], None, "node@22/linux-x64", "single-file", "build/Release/a.node"),
            (r#"{"name":"a"}"#, &["bin/win32-x64/a.node"], None, "node@22/linux-x64", "single-file", "-"),
            (r#"{"name":"a","os":["darwin"]}"#, &["fsevents.node"], None, "node@22/linux-x64", "single-file", "-"),
            (r#"{"name":"a"}"#, &["a.node", "b.node"], None, "node@22/linux-x64", "unknown", "?"),
        ];
        for (manifest, files, main, spec, loader, expected) in rows {
            let choice = chosen(manifest, files, *main, spec);
            let active = match &choice.active {
                Active::File(file) => file.as_str(),
                Active::Nothing => "-",
                Active::Unknown => "?",
            };
            assert_eq!((choice.loader, active), (*loader, *expected), "{manifest} {files:?} {spec}");
        }
    }
}
