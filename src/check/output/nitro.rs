//! Nitro: the folder `.output` of its servers, which is also that of Nuxt.

use std::path::Path;

use serde::Deserialize;

use super::found::{Output, Source, Tool};
use super::next::quoted;
use crate::files;

/// The longest nitro.json that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// What nitro.json says.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Build {
    framework: Framework,
    versions: Versions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Framework {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Versions {
    nitro: String,
}

/// The output at `folder`, which is `.output` or the folder of the server in it.
pub(super) fn output(folder: &Path) -> Option<Output> {
    let folder = files::real_path(folder).ok()?;
    let around = [Some(folder.as_path()), folder.parent()];
    let around = around.into_iter().flatten().find(|at| files::is_file(at.join("nitro.json")))?;
    let root = around.join("server");
    let is_server = files::is_file(root.join("index.mjs"));
    if !is_server || (folder != around && folder != root) {
        return None;
    }
    let text = files::text(&around.join("nitro.json"), LONGEST).ok()?;
    let build: Build = files::json(&text).ok()?;
    let tool = match (build.framework.name.as_str(), build.versions.nitro.starts_with("2.")) {
        ("nuxt", true) => Tool::Nuxt,
        (_, true) => Tool::Nitro,
        (_, false) => Tool::NewerNitro,
    };
    let source = around.parent().and_then(|project| Source::around(project, 0));
    Some(Output { tool, root, source })
}

/// The names of the configuration file, of Nitro and of Nuxt.
pub(super) const CONFIGURATIONS: [&str; 3] =
    ["nitro.config.ts", "nitro.config.mjs", "nitro.config.js"];
pub(super) const OF_NUXT: [&str; 3] = ["nuxt.config.ts", "nuxt.config.mjs", "nuxt.config.js"];

/// The lines of the configuration that add files.
pub(super) fn lines(files: &[String], is_nuxt: bool) -> String {
    let files: Vec<String> = files.iter().map(|file| format!("    {},\n", quoted(file))).collect();
    let setting = format!("externals: {{\n  traceInclude: [\n{}  ],\n}},", files.concat());
    match is_nuxt {
        true => format!("nitro: {{\n  {}\n}},", setting.replace('\n', "\n  ")),
        false => setting,
    }
}
