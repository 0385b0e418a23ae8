//! Errors of the linker of Visual Studio. It translates all but the number and the names.

use super::compilers::{failed, of_other_v8};
use super::finding::{Finding, Weight};
use super::known::Known;
use super::node_gyp::{in_build, is_of_gyp, toolchain};
use super::text::{Window, pattern};
use crate::model::ErrorCode;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "fatal error LNK1104: ", read: input_file },
    Known { anchor: "fatal error LNK1181: ", read: input_file },
    Known { anchor: "node.lib : fatal error LNK11", read: damaged },
    Known { anchor: ".node : fatal error LNK1120: ", read: unresolved },
];

/// "LINK : fatal error LNK1181: cannot open input file 'C:\…\node.lib'". A file that the linker
/// writes isn't missing (in_use.rs).
fn input_file(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r#"['"\x{ab}\x{201c}\x{201e}]([^'"\x{ab}\x{bb}\x{201c}-\x{201e}\n]+\.[Ll][Ii][Bb])"#,
        r#"['"\x{bb}\x{201c}\x{201d}]"#
    )
    .captures(window.rest())?;
    let path = said[1].trim().replace(r"\\", r"\");
    if !is_of_gyp(window) && !path.to_lowercase().contains("gyp") {
        return None;
    }
    let name = path.rsplit(['\\', '/']).next().unwrap_or(&path).to_owned();
    let finding = if name.eq_ignore_ascii_case("node.lib") {
        let why = format!(
            "it belongs to the headers of the runtime, which are incomplete, or the build is for a \
                processor that they don't support: {path}"
        );
        toolchain("node.lib is missing, which addons are linked with", &why).advice(AGAIN)
    } else {
        Finding::error(
            ErrorCode::LibraryHeadersMissing,
            Weight::Build,
            format!("the library {name} is missing, which the package is linked with"),
            "it belongs to a library that the package is compiled against",
        )
        .advice("Install that library with its development files, as the package's README says")
    };
    Some(in_build(finding, window))
}

const AGAIN: &str = "Download the headers again (npx node-gyp install --ensure=false, or move the \
    folder away), and update the tool that started the build (@electron/rebuild, electron-builder)";

/// LNK1106, LNK1107 and LNK1136: "…\x64\node.lib : fatal error LNK1106: invalid file or disk full"
fn damaged(window: &Window<'_>) -> Option<Finding> {
    let why = "it belongs to the headers of the runtime, and was cut off when node-gyp downloaded \
        it; or the disk is full";
    let finding = toolchain("node.lib is damaged, which addons are linked with", why);
    Some(in_build(finding.advice(AGAIN), window))
}

/// "x.node : fatal error LNK1120: 1 unresolved externals". The lines above have their names, in
/// which Visual Studio writes v8::ArrayBuffer as ArrayBuffer@v8@@.
fn unresolved(window: &Window<'_>) -> Option<Finding> {
    let names: Vec<&str> =
        window.all_before().lines().rev().take(200).filter(|line| line.contains("LNK20")).collect();
    if names.iter().any(|line| line.contains("@v8@@") || line.contains("@node@@")) {
        return Some(of_other_v8(window));
    }
    let why = "the linker finds no library that has them; the lines above name them";
    let finding = failed("functions are missing with which the package is linked", why);
    let how = "Use a newer version of the package, or one with a prebuilt file for this runtime";
    Some(in_build(finding.advice(how), window).unsure())
}
