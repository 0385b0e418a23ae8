//! What bundlers say that meet a file they can't bundle, and packages whose files a bundle left
//! behind.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::addon_in;
use super::text::Window;
use crate::model::ErrorCode;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "No loader is configured for \".node\" files", read: esbuild },
    Known { anchor: "Module parse failed: Unexpected character '", read: webpack },
    Known { anchor: "non-ecmascript placeable asset", read: turbopack },
    Known {
        anchor: "Note that you need plugins to import files that are not JavaScript",
        read: rollup,
    },
];

fn bundled(how: &str) -> Finding {
    let why = "a native addon can't be part of a bundle: it is a library of the system, which is \
        loaded from a file of its own";
    Finding::error(
        ErrorCode::Bundled,
        Weight::Refusal,
        "a bundler tried to take a native addon in",
        why,
    )
    .advice(how)
}

/// The JavaScript of a package became part of a bundle, and looks for its files around itself.
pub(super) fn left_behind() -> Finding {
    let why = "the package looks for its addon in its own folder, and in a bundle it has none";
    let finding = Finding::error(
        ErrorCode::Bundled,
        Weight::Refusal,
        "the package was bundled, and its files stayed behind",
        why,
    );
    finding.advice("Leave the package out of the bundle with externals")
}

fn esbuild(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle: --external:<package> or external: \
        ['<package>']; --loader:.node=copy takes the file along";
    Some(bundled(how).found_in(window.rest().strip_prefix(": ").and_then(addon_in)))
}

/// webpack, by itself and in Next.js.
fn webpack(window: &Window<'_>) -> Option<Finding> {
    // The first byte of an ELF, Mach-O or PE file, as terminals show it: some show nothing.
    const BYTES: [&str; 7] = ["\u{7f}", "\\u007f", "\\x7f", "\u{fffd}", "\\ufffd", "Ï", "'"];
    if !BYTES.iter().any(|byte| window.after().starts_with(byte)) {
        return None;
    }
    let how = "Leave the package out of the bundle with externals (serverExternalPackages in \
        Next.js), or use a loader for .node files";
    Some(bundled(how).file(file_above(window)?))
}

fn turbopack(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle with serverExternalPackages";
    Some(bundled(how).file(file_above(window)?))
}

fn rollup(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle with external, or use a plug-in that copies \
        .node files";
    Some(bundled(how).file(
        addon_in(window.before()).or_else(|| file_above(window)).or_else(|| file_below(window))?,
    ))
}

/// "loc: { file: '…' }"
fn file_below(window: &Window<'_>) -> Option<String> {
    window.after().lines().take(8).find_map(addon_in)
}

/// The file whose name stands in the lines above.
fn file_above(window: &Window<'_>) -> Option<String> {
    window.all_before().lines().rev().take(4).find_map(addon_in)
}
