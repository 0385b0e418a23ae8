//! Whose error it is: loaders say the same of addons as of libraries for Python, and of programs.

use super::paths::package_of;
use super::text::{Window, pattern};

/// True where what a loader said is about an addon: by the file it names, by what stands around it,
/// or because nothing else claims it.
pub(super) fn is_node(window: &Window<'_>, file: Option<&str>) -> bool {
    // oracledb repeats what a loader said of Oracle's own library.
    if window.before().contains("DPI-1047") {
        return false;
    }
    // A program that doesn't start.
    if window.before().contains("error while loading shared libraries") {
        return false;
    }
    if file.is_some_and(|file| file.contains(".node") || file.contains("node_modules")) {
        return true;
    }
    // "ImportError: …" of Python, "LoadError: …" of Ruby
    if pattern!(r"\w(?:Error|Exception): [^\n]*$").captures(window.before()).is_some() {
        return false;
    }
    const OF_NODE: [&str; 8] = [
        "..node (",
        "ERR_DLOPEN_FAILED",
        "process.dlopen",
        "node_modules",
        "node:internal",
        ".node'",
        "bun run",
        "deno run",
    ];
    if OF_NODE.iter().any(|mark| window.text.contains(mark)) {
        return true;
    }
    // The message of an error by itself.
    let alone = pattern!(r"^\s*(?:[Uu]ncaught )?(?:Error: )?(?:dyld\[\d{1,9}\]: )?(?:[\w./+-]+)?$")
        .captures(window.before());
    alone.is_some() && (file.is_none() || window.before().contains("Error: "))
}

/// True where the words are quoted: in a program that would say them, or in prose.
pub(super) fn is_code(window: &Window<'_>) -> bool {
    ["`", "Error(\"", "Error('"].iter().any(|mark| window.before().ends_with(mark))
}

/// Packages that stand in a stack between the one that has an addon and the loader.
pub(super) const GO_BETWEENS: [&str; 28] = [
    "@babel/register",
    "@mapbox/node-pre-gyp",
    "@rollup/plugin-commonjs",
    "@swc-node/register",
    "bindings",
    "cross-env",
    "dd-trace",
    "detect-libc",
    "electron",
    "esbuild-register",
    "file-uri-to-path",
    "import-in-the-middle",
    "jest-runtime",
    "jiti",
    "next",
    "node-gyp-build",
    "node-gyp-build-optional-packages",
    "node-pre-gyp",
    "pirates",
    "pkg-prebuilds",
    "prebuild-install",
    "require-in-the-middle",
    "tinypool",
    "ts-node",
    "tsx",
    "v8-compile-cache",
    "vite-node",
    "vitest",
];

/// The package whose file stands first in the stack behind a text.
pub(super) fn requirer(window: &Window<'_>) -> Option<String> {
    let packages = window.after().lines().take(40).filter_map(package_of);
    packages.into_iter().find(|package| !GO_BETWEENS.contains(&package.as_str()))
}

/// The package that loads a file whose own path tells none: Electron and packed executables unpack
/// addons to folders of their own. With a file of an addon only the innermost frame of the stack
/// counts, because a project loads its own addons, too.
pub(super) fn loader_of(window: &Window<'_>, file: Option<&str>) -> Option<String> {
    let Some(file) = file.filter(|file| file.contains(".node")) else { return requirer(window) };
    if package_of(file).is_some() {
        return None;
    }
    for line in window.after().lines().skip(1).take(20) {
        let frame = line.split_once(" at ").map(|(_, frame)| frame);
        let Some(frame) = frame.filter(|frame| frame.contains(['/', '\\'])) else { continue };
        if ["node:", "internal/", "pkg/prelude"].iter().any(|own| frame.contains(own)) {
            continue;
        }
        match package_of(frame) {
            Some(package) if GO_BETWEENS.contains(&package.as_str()) => {}
            package => return package,
        }
    }
    None
}
