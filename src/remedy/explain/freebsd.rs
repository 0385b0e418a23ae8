//! Errors of FreeBSD's loader (libexec/rtld-elf).

use super::finding::Finding;
use super::known::Known;
use super::paths::path_at_start;
use super::symbols::missing_symbol;
use super::text::{Window, pattern};
use crate::model::Code;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: ": Undefined symbol \"", read: symbol },
    Known { anchor: "Shared object \"", read: library },
];

fn symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"^([\w$@.]+)""#).captures(window.after())?;
    let file = window.path_before()?;
    Some(missing_symbol(&said[1], &file).file(file))
}

fn library(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"^([^"\n]{1,400})" not found, required by "([^"\n]+)""#)
        .captures(window.after())?;
    let library = said[1].to_owned();
    let why = "the file is valid, but a library that it needs isn't installed";
    let finding =
        Finding::refusal(Code::MissingLibrary, format!("the library {library} is missing"), why)
            .lacks_library(library);
    // It prints the file name without its folder.
    if !said[2].ends_with(".node") {
        return None;
    }
    Some(finding.found_in(path_at_start(&said[2])))
}
