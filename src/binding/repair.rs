//! What a repair may change, and the fixes that it needs.

use std::path::Path;

use napi_derive::napi;
use serde::de::IgnoredAny;

use super::answer::{Failure, answer};
use super::request::{Request, parse, read_report};
use crate::check;
use crate::environment;
use crate::files::{real_path, shown};
use crate::model::reports::Report;
use crate::project::{Ownership, ownership};
use crate::runtime;

/// The fix that removes the broken packages of a scan and installs them again; null if there is
/// none.
#[napi]
pub fn clean_reinstall(report: String, request: String) -> String {
    answer(|| {
        let host = runtime::host(&parse::<Request<IgnoredAny>>(&request)?.host);
        match read_report(&parse(&report)?)? {
            Report::Scan(report) => Ok(check::clean_reinstall(&report, &host)),
            _ => Ok(None),
        }
    })
}

/// The root of the installation that a folder belongs to, and the files there that installing
/// packages changes.
#[napi]
pub fn installation(directory: String) -> String {
    answer(|| {
        let directory = Path::new(&directory);
        let real =
            real_path(directory).map_err(|error| Failure::io("scandir", directory, &error))?;
        let root = environment::installation(&real, None).root;
        let text = |path: &Path| shown(path);
        let files: Vec<String> = ownership::files(&root).iter().map(|file| text(file)).collect();
        Ok(serde_json::json!({ "root": text(&root), "files": files }))
    })
}

/// The owner of each package folder, as seen from the installation at `root`: `installed` by its
/// package manager, `sources` of the project, or `foreign`.
#[napi]
pub fn ownership_of(root: String, folders: Vec<String>) -> String {
    answer(|| {
        let word = |folder: &String| match ownership::ownership(Path::new(&root), Path::new(folder))
        {
            Ownership::Installed => "installed",
            Ownership::Sources => "sources",
            Ownership::Foreign => "foreign",
        };
        Ok(folders.iter().map(word).collect::<Vec<_>>())
    })
}

/// For each path, whether a repair of the installation at `root` may back it up, replace it and
/// remove it.
#[napi]
pub fn may_replace(root: String, places: Vec<String>) -> String {
    answer(|| {
        let may = |place: &String| ownership::may_replace(Path::new(&root), Path::new(place));
        Ok(places.iter().map(may).collect::<Vec<_>>())
    })
}
