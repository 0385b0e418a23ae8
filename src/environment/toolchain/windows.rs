//! Finds Visual Studio and Python on Windows. node-gyp asks Visual Studio's set-up for its
//! installations; this code checks its usual folders, so an installation in another folder is found
//! only through `VCINSTALLDIR`.

use std::path::{Path, PathBuf};

use super::tool::{Tool, variable};
use crate::files;

/// The C++ compiler of Visual Studio or its Build Tools, 2017 and newer.
pub(super) fn compiler() -> Option<Tool> {
    if let Some(folder) = variable("VCINSTALLDIR") {
        return compiler_below(Path::new(&folder), None);
    }
    let roots = ["ProgramFiles", "ProgramFiles(x86)"].into_iter().filter_map(variable);
    roots.map(|root| Path::new(&root).join("Microsoft Visual Studio")).find_map(|root| {
        // 2017, 2019, 2022, 18
        let mut versions = names_in(&root);
        versions.sort();
        let of_version = |version: &String| {
            let editions = names_in(&root.join(version));
            editions.iter().find_map(|edition| {
                compiler_below(&root.join(version).join(edition).join("VC"), Some(version))
            })
        };
        versions.iter().rev().find_map(of_version)
    })
}

fn compiler_below(folder: &Path, version: Option<&str>) -> Option<Tool> {
    let tools = folder.join("Tools").join("MSVC");
    // Without the C++ workload the folder is absent or empty.
    let newest = names_in(&tools).into_iter().max()?;
    Some(Tool {
        path: tools.join(newest).to_string_lossy().into_owned(),
        version: version.map(str::to_owned),
    })
}

/// Python in the default folders of its installer.
pub(super) fn python() -> Option<Tool> {
    let local =
        variable("LOCALAPPDATA").map(|folder| Path::new(&folder).join("Programs").join("Python"));
    let roots = [local, variable("ProgramFiles").map(PathBuf::from)];
    roots.into_iter().flatten().find_map(|root| {
        let folders = names_in(&root).into_iter().filter(|name| name.starts_with("Python3"));
        let file = folders
            .map(|name| root.join(name).join("python.exe"))
            .find(|file| files::is_file(file))?;
        Some(super::tool(&file))
    })
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = files::list(folder) else { return Vec::new() };
    entries.take(256).flatten().filter_map(|entry| entry.name.into_string().ok()).collect()
}
