//! The runtime that an image starts.

use std::path::{Path, PathBuf};

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

/// The path of a file of the image.
fn place(root: &Path, path: &str) -> Option<PathBuf> {
    join_inside(root, path.trim_start_matches('/')).filter(|path| is_file(path))
}
