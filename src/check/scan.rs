//! A whole tree.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;
use serde::Deserialize;

use super::file::CheckOptions;
use super::package::{report, unreadable};
use super::reports::{PackageReport, ScanReport, Stats};
use crate::environment::package_manager;
use crate::project::walk;
use crate::remedy::merge;
use crate::runtime::Runtime;

/// What to scan, and how.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScanOptions {
    /// As for one file.
    #[serde(flatten)]
    pub check: CheckOptions,
    /// Names of packages to look at; all, when empty. `*` stands for any characters.
    pub include: Vec<String>,
    /// Names of packages to leave out.
    pub ignore: Vec<String>,
}

/// A scan that runs: how far it is, and whether it should stop.
#[derive(Debug, Default)]
pub struct Control {
    /// Set it to stop the scan.
    pub cancelled: AtomicBool,
    /// Folders walked so far.
    pub directories: AtomicUsize,
    /// Packages judged so far.
    pub packages: AtomicUsize,
}

/// A scan that gave no report.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The directory can't be read.
    #[error("{path}: {error}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// It was asked to stop.
    #[error("the scan was cancelled")]
    Cancelled,
}

/// Scans the project at `directory`.
///
/// # Errors
/// [`ScanError`] when the directory itself can't be read, or the scan was stopped. Whatever can't be read below it is a problem
/// in the report, and loses nothing of the rest.
pub fn scan(directory: &Path, runtime: &Runtime, options: &ScanOptions, control: &Control) -> Result<ScanReport, ScanError> {
    let started = Instant::now();
    let fail = |error| ScanError::Io { path: directory.to_path_buf(), error };
    let directory = directory.canonicalize().map_err(fail)?;
    let walk = walk(&directory, &control.cancelled, &control.directories).map_err(fail)?;
    let manager = package_manager(&directory);
    let mut packages: Vec<PackageReport> = walk
        .packages
        .par_iter()
        .filter(|_| !control.cancelled.load(Ordering::Relaxed))
        .map(|package| {
            let report = report(package, manager, runtime, options.check);
            control.packages.fetch_add(1, Ordering::Relaxed);
            report
        })
        .filter(|package| is_wanted(&package.name, options))
        .collect();
    if control.cancelled.load(Ordering::Relaxed) {
        return Err(ScanError::Cancelled);
    }
    packages.sort_by(|a, b| a.path.cmp(&b.path));
    let problems: Vec<_> = walk.unreadable.iter().map(|folder| unreadable(&folder.path, &folder.error)).collect();
    let fixes = merge(packages.iter().filter(|package| !package.ok).filter_map(|package| package.fix.clone()));
    let complete = problems.is_empty() && packages.iter().all(|package| package.complete);
    Ok(ScanReport {
        ok: packages.iter().all(|package| package.ok) && (complete || !options.check.strict),
        complete,
        directory: directory.to_string_lossy().into_owned(),
        target: runtime.report(),
        stats: Stats {
            directories: walk.directories,
            files: walk.files,
            checked: packages.iter().filter(|package| package.active.is_some()).count(),
            milliseconds: started.elapsed().as_secs_f64() * 1000.0,
        },
        packages,
        problems,
        fixes,
    })
}

fn is_wanted(name: &str, options: &ScanOptions) -> bool {
    let among = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, name));
    (options.include.is_empty() || among(&options.include)) && !among(&options.ignore)
}

/// `*` stands for any characters, everything else for itself.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, expected) in [
            ("sharp", "sharp", true),
            ("sharp", "sharp2", false),
            ("@img/*", "@img/sharp-linux-x64", true),
            ("@img/*", "@imgs/x", false),
            ("*-linux-*", "swc-linux-x64", true),
            ("*", "anything", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
