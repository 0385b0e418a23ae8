//! Compares the contents that abi-guard's script reader finds with those that a full JavaScript
//! parser finds, in every script below some folders: strings, modules that are required or
//! imported, conditions, calls and operands. Scripts that the full parser rejects are counted and
//! skipped.
//!
//!     cargo run --release -- node_modules …
//!
//! Exits with 1 if a script has a difference.

mod theirs;

// The reader's syntax doesn't depend on other modules. Not all of it is used here.
mod ours;
#[allow(dead_code, unused_imports, unreachable_pub)]
#[path = "../../../src/project/script/syntax/mod.rs"]
mod syntax;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The contents of a script: each thing of each kind, with its number.
pub type Contents = BTreeMap<(&'static str, String), i64>;

/// The maximum length of a script that is compared, in bytes.
const MAX_BYTES: u64 = 16 << 20;
/// The maximum number of differences of one script that are printed.
const MAX_PRINTED: usize = 5;

fn main() -> ExitCode {
    let mut files = Vec::new();
    for folder in std::env::args_os().skip(1) {
        scripts_below(Path::new(&folder), &mut files);
    }
    files.sort();
    let (mut same, mut rejected, mut differ) = (0, 0, 0);
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let Some(theirs) = theirs::contents(&text, &file) else {
            rejected += 1;
            continue;
        };
        let differences = differences(&theirs, &ours::contents(&text));
        if differences.is_empty() {
            same += 1;
        } else {
            differ += 1;
            println!("{}: {} differences", file.display(), differences.len());
            for ((kind, what), number) in differences.iter().take(MAX_PRINTED) {
                let who = if *number > 0 { "only they" } else { "only we" };
                let what: String = what.chars().take(160).collect();
                println!("    {who} have the {kind} {what}");
            }
        }
    }
    println!("{same} the same, {differ} differ, {rejected} are not JavaScript");
    if same == 0 {
        println!("nothing was compared");
        return ExitCode::FAILURE;
    }
    if differ == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The things that occur more often in `theirs` (positive) or in `ours` (negative).
fn differences(theirs: &Contents, ours: &Contents) -> Contents {
    let mut left = theirs.clone();
    for (key, number) in ours {
        *left.entry(key.clone()).or_default() -= number;
    }
    left.retain(|_, number| *number != 0);
    left
}

fn scripts_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            scripts_below(&path, files);
        } else if kind.is_file()
            && path.extension().is_some_and(|name| name == "js" || name == "cjs" || name == "mjs")
            && entry.metadata().is_ok_and(|data| data.len() <= MAX_BYTES)
        {
            files.push(path);
        }
    }
}

/// Adds one thing. Halves of surrogate pairs are ignored, because the reader intentionally reads
/// them in another way.
pub fn add(contents: &mut Contents, kind: &'static str, what: String) {
    if !what.contains(char::REPLACEMENT_CHARACTER) {
        *contents.entry((kind, what)).or_default() += 1;
    }
}
