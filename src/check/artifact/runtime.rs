//! The runtime that an image starts, and the one that is shipped with an app.

use std::path::{Path, PathBuf};

use crate::check::scan::{settings, target_of};
use crate::files::{Image, is_file, join_inside};
use crate::runtime::{Runtime, RuntimeSpec, resolve};

/// `PATH` of an image that sets none.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// The programs that run JavaScript.
const NAMES: [&str; 5] = ["node", "nodejs", "bun", "deno", "electron"];

/// The runtime in the image whose system is at `root`: the program that its command starts, or the
/// first one in its `PATH`.
pub(super) fn runtime_in(root: &Path, image: &Image, host: &Runtime) -> Option<Runtime> {
    let path = image.search_path.as_deref().unwrap_or(DEFAULT_PATH);
    let in_path = |name: &str| -> Option<PathBuf> {
        path.split(':').find_map(|folder| place(root, &format!("{folder}/{name}")))
    };
    let started = image.command.first().and_then(|program| match program.contains('/') {
        true => place(root, program),
        false => in_path(program),
    });
    let is_runtime = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        NAMES.iter().any(|known| name == *known)
    };
    let mut candidates =
        started.filter(is_runtime).into_iter().chain(NAMES.into_iter().filter_map(in_path));
    candidates.find_map(|path| resolve(Some(&RuntimeSpec::of_executable(&path)), host).ok())
}

/// The places of a Node.js that is shipped with an app, below the app or the archive.
const BESIDE: [&str; 6] =
    ["node", "node.exe", "bin/node", "bin/node.exe", "node/bin/node", "node/node.exe"];

/// The runtime of an app in an archive: the Electron that it is packaged with, the target in its
/// package.json, a Node.js beside it, or the one of the system that is in the archive.
pub(super) fn runtime_of_app(root: &Path, app: &Path, host: &Runtime) -> Option<Runtime> {
    let settings = settings(app);
    if settings.packaged_for_unknown_electron {
        return Some(host.clone());
    }
    let beside = || {
        let places = [app, root].into_iter().flat_map(|folder| {
            BESIDE.iter().filter_map(|name| join_inside(folder, name)).filter(|path| is_file(path))
        });
        let mut runtimes =
            places.filter_map(|path| resolve(Some(&RuntimeSpec::of_executable(&path)), host).ok());
        runtimes.next()
    };
    target_of(&settings, host).or_else(beside).or_else(|| runtime_in(root, &Image::default(), host))
}

/// The path of a file of the image.
fn place(root: &Path, path: &str) -> Option<PathBuf> {
    join_inside(root, path.trim_start_matches('/')).filter(|path| is_file(path))
}
