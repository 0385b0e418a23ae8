//! What bundlers say that meet a file they can't bundle.

use super::paths::path_at_end;
use super::text::Window;
use super::{Finding, Known, Weight};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "No loader is configured for \".node\" files", read: esbuild },
    Known { anchor: "Module parse failed: Unexpected character '", read: webpack },
];

fn bundled(how: &str) -> Finding {
    let why = "a native addon can't be part of a bundle: it is a library of the system, which is loaded from a file of its own";
    Finding::new("bundled", Weight::Refusal, "a bundler tried to take a native addon in", why).advice(how)
}

fn esbuild(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle: --external:<package> or external: ['<package>']; --loader:.node=copy takes the file along";
    let file = window.rest().strip_prefix(": ").map(|rest| rest.trim().trim_end_matches(['"', '\'']).to_owned());
    Some(match file.filter(|file| file.ends_with(".node")) {
        Some(file) => bundled(how).file(file),
        None => bundled(how),
    })
}

/// The first byte of an ELF, Mach-O or PE file, in a file called .node.
fn webpack(window: &Window<'_>) -> Option<Finding> {
    let is_binary =
        ["\u{7f}", "\\u007f", "\u{fffd}", "\\ufffd", "Ï", "\\u00cf"].iter().any(|byte| window.after().starts_with(byte));
    let above: Vec<&str> = window.all_before().lines().rev().take(4).collect();
    let names_addon = above.iter().copied().chain(window.after().lines().take(12)).any(|line| line.contains(".node"));
    if !is_binary || !names_addon {
        return None;
    }
    let how =
        "Leave the package out of the bundle with externals (serverExternalPackages in Next.js), or use a loader for .node files";
    let file = above.iter().find_map(|line| path_at_end(line.trim().split(' ').next()?)).filter(|file| file.ends_with(".node"));
    Some(match file {
        Some(file) => bundled(how).file(file),
        None => bundled(how),
    })
}
