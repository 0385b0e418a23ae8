//! Errors of the loader of Solaris, illumos and SmartOS (ld.so.1).

use super::finding::Finding;
use super::known::Known;
use super::paths::package_of;
use super::symbols::missing_symbol;
use super::text::{Window, pattern};
use crate::model::Code;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: ": fatal: relocation error: file ", read: symbol },
    Known { anchor: ": open failed: No such file or directory", read: library },
];

/// "ld.so.1: node: fatal: relocation error: file /a/x.node: symbol _ZN2v8: referenced symbol not
/// found"
fn symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([^\n]+?): symbol ([\w$@.]+): referenced symbol not found")
        .captures(window.after())?;
    let file = said[1].to_owned();
    Some(missing_symbol(&said[2], &file).file(file))
}

/// "ld.so.1: node: fatal: libstdc++.so.6: open failed: No such file or directory"
fn library(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"ld\.so\.1: [\w./-]{1,200}: fatal: ([^\n:]{1,400})$")
        .captures(window.before())?;
    let file = said[1].to_owned();
    if file.ends_with(".node") || package_of(&file).is_some() {
        let what = "the file is missing";
        let why = "it was removed, or never created";
        return Some(Finding::refusal(Code::Unreadable, what, why).file(file));
    }
    let why = "the file is valid, but a library that it needs isn't installed";
    let library = file.rsplit('/').next().unwrap_or(&file).to_owned();
    let finding =
        Finding::refusal(Code::MissingLibrary, format!("the library {library} is missing"), why);
    Some(finding.lacks_library(library))
}
