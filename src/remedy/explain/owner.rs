//! Decides which program an error is about: loaders print the same texts for addons, for libraries
//! of Python, and for programs.

use super::paths::package_of;
use super::text::{Window, pattern};

/// True if a loader's error is about an addon: the file shows it, the text around it shows it, or
/// nothing shows another program.
pub(super) fn is_node(window: &Window<'_>, file: Option<&str>) -> bool {
    // oracledb quotes the loader's error for Oracle's own library.
    if window.before().contains("DPI-1047") {
        return false;
    }
    // A program that can't start.
    if window.before().contains("error while loading shared libraries") {
        return false;
    }
    if file.is_some_and(|file| file.contains(".node") || file.contains("node_modules")) {
        return true;
    }
    // Python's "ImportError: …", Ruby's "LoadError: …".
    if pattern!(r"\w(?:Error|Exception): [^\n]*$").captures(window.before()).is_some() {
        return false;
    }
    const OF_NODE: [&str; 12] = [
        "A JavaScript error occurred in the main process",
        "Uncaught Exception:\nError: ",
        "Uncaught Exception:\n\nError: ",
        "/.com.electron.",
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
    // The line contains only the message of an error.
    let alone = pattern!(r"^\s*(?:[Uu]ncaught )?(?:Error: )?(?:dyld\[\d{1,9}\]: )?(?:[\w./+-]+)?$")
        .captures(window.before());
    alone.is_some() && (file.is_none() || window.before().contains("Error: "))
}

/// True if the words are quoted: in source code that prints them, or in prose.
pub(super) fn is_code(window: &Window<'_>) -> bool {
    ["`", "Error(\"", "Error('"].iter().any(|mark| window.before().ends_with(mark))
}

/// Packages that are in a stack between the package with the addon and the loader.
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

/// The package whose file is the first in the stack after a text.
pub(super) fn requirer(window: &Window<'_>) -> Option<String> {
    let packages = window.after().lines().take(40).filter_map(package_of);
    packages.into_iter().find(|package| !GO_BETWEENS.contains(&package.as_str()))
}

/// The package that loads a file whose own path doesn't show it: Electron and packed executables
/// unpack addons to separate folders. If the file is an addon, only the innermost stack frame
/// counts, because a project loads its own addons too.
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
