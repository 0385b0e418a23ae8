//! Windows errors for a file that can't be replaced because a process has loaded it.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::{package_of_folder, plain};
use super::systems::is_for_one_system;
use super::text::{Window, pattern};
use crate::model::ErrorCode;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "EPERM: operation not permitted, ", read: by_npm },
    Known { anchor: "EBUSY: resource busy or locked, ", read: by_npm },
    Known { anchor: "EACCES: permission denied, unlink ", read: by_npm },
    Known { anchor: "fatal error LNK1104: ", read: by_linker },
];

fn in_use(file: &str) -> Option<Finding> {
    let file = plain(file);
    let is_of_windows = file.contains('\\') && !file.starts_with('/');
    // In a platform package all files belong to its addon or its program.
    let is_loaded = [".node", ".dll"].iter().any(|end| file.to_lowercase().ends_with(end))
        || package_of_folder(&file).is_some_and(|package| is_for_one_system(&package));
    if !is_of_windows || !is_loaded {
        return None;
    }
    let why = "Windows doesn't replace or delete a file that a process has loaded: a development \
        server, a test runner in watch mode, an editor's language server";
    let finding = Finding::error(
        ErrorCode::FileInUse,
        Weight::Build,
        "the file can't be replaced, because a running program has it open",
        why,
    );
    let how = "Stop the programs that use the package (development servers, the editor, other \
        terminals with Node.js), and install again";
    Some(finding.advice(how).in_package(package_of_folder(&file)).file(file))
}

/// "EPERM: operation not permitted, unlink 'C:\…\x.node'"
fn by_npm(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^[^\n]{1,40}?, (?:(?:unlink|rename|copyfile|open|rmdir|lstat) )?'([^'\n]+)'")
            .captures(window.from())
            .or_else(|| pattern!(r"unlink '([^'\n]+)'").captures(window.line()))?;
    in_use(&said[1])
}

/// The linker overwrites the file that is loaded. It translates the words before the file.
fn by_linker(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"([A-Za-z]:[^'"\n]+\.node)['"\x{bb}\x{201c}\x{201d}]"#)
        .captures(window.rest())?;
    in_use(&said[1].replace('/', "\\"))
}
