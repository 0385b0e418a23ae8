//! Next.js: the folder that `output: 'standalone'` writes.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::found::{Output, Source, Tool};
use crate::files::{self, Kind};
use crate::project::Manifest;

/// The text by which its server.js is known (next/dist/build/utils.js writes it since 13.4).
const MARK: &str = "__NEXT_PRIVATE_STANDALONE_CONFIG";
/// The longest server.js that is read, in bytes. It contains the configuration of the app.
const LONGEST_SERVER: u64 = 4 << 20;
/// In a monorepo, server.js is in the folder of the app: `apps/web/server.js`.
const DEEPEST: usize = 3;
/// The maximum number of folders that are searched for it.
const MOST: usize = 200;
/// The first version with `outputFileTracingIncludes` outside of `experimental`.
const STABLE_SETTING: u32 = 15;

/// The standalone output at `folder`, which may also be the folder around it (`.next`).
pub(super) fn standalone(folder: &Path) -> Option<Output> {
    let inner = folder.join("standalone");
    let is_around = files::is_file(folder.join("required-server-files.json"));
    let root = if is_around && files::is_folder(&inner) { inner } else { folder.to_path_buf() };
    let root = files::real_path(root).ok()?;
    let app = app_in(&root)?;
    let depth = app.strip_prefix(&root).ok()?.components().count();
    let source = match root.file_name() {
        Some(name) if name == "standalone" => {
            root.ancestors().nth(2).and_then(|around| Source::around(around, depth))
        }
        _ => None,
    };
    Some(Output { tool: tool_in(&app), root, source })
}

/// The folder of the app with its server.js.
fn app_in(root: &Path) -> Option<PathBuf> {
    let mut left = VecDeque::from([(root.to_path_buf(), 0)]);
    for _ in 0..MOST {
        let (folder, depth) = left.pop_front()?;
        let server = files::text(&folder.join("server.js"), LONGEST_SERVER);
        if server.is_ok_and(|text| text.contains(MARK)) {
            return Some(folder);
        }
        if depth == DEEPEST {
            continue;
        }
        for entry in files::list(&folder).into_iter().flatten().flatten() {
            let is_hidden = entry.name.as_encoded_bytes().starts_with(b".");
            if entry.kind == Kind::Folder && !is_hidden && entry.name != "node_modules" {
                left.push_back((folder.join(&entry.name), depth + 1));
            }
        }
    }
    None
}

/// The generation of the Next.js that the app at `folder` finds.
pub(super) fn tool_in(folder: &Path) -> Tool {
    let manifests = folder.ancestors().map(|at| at.join("node_modules/next"));
    let version = manifests
        .filter_map(|at| Manifest::read(&at).ok())
        .find_map(|manifest| manifest.version()?.split('.').next()?.parse::<u32>().ok());
    match version {
        Some(major) if major < STABLE_SETTING => Tool::OlderNext,
        _ => Tool::Next,
    }
}

/// The names of the configuration file.
pub(super) const CONFIGURATIONS: [&str; 4] =
    ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.mts"];

/// The lines of the configuration that add folders. The keys are routes.
pub(super) fn lines(folders: &[String], is_experimental: bool) -> String {
    let globs: Vec<String> = folders.iter().map(|folder| quoted(&format!("{folder}/**"))).collect();
    let setting = format!("outputFileTracingIncludes: {{\n  '/**': [{}],\n}},", globs.join(", "));
    match is_experimental {
        true => format!("experimental: {{\n  {}\n}},", setting.replace('\n', "\n  ")),
        false => setting,
    }
}

/// A string of JavaScript.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
