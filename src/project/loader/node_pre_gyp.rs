//! @mapbox/node-pre-gyp 2.0, and node-pre-gyp before it (lib/pre-binding.js,
//!   lib/util/versioning.js): one path, filled in from the `binary` field of package.json.

use semver::Version;
use serde_json::{Map, Value};

use super::choice::Active;
use super::search::Search;
use crate::model::{Libc, RuntimeName};
use crate::runtime::Runtime;

/// The file that `require('@mapbox/node-pre-gyp').find(…)` names.
pub(super) fn find(search: &Search<'_>) -> Active {
    let Some(path) = path(search) else { return Active::Unknown };
    if search.files().contains(&path) { Active::File(path) } else { Active::Nothing }
}

fn path(search: &Search<'_>) -> Option<String> {
    let manifest = &search.package.manifest;
    let binary = manifest.object("binary")?;
    let text = |field: &str| binary.get(field).and_then(Value::as_str);
    let name = text("module_name")?;
    let filled = fill(text("module_path")?, search, binary, name)?;
    let folder: Vec<&str> =
        filled.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    Some(format!("{}/{name}.node", folder.join("/")).trim_start_matches('/').to_owned())
}

/// Replaces each `{token}` that node-pre-gyp knows by its value. None if the value isn't known.
fn fill(
    template: &str,
    search: &Search<'_>,
    binary: &Map<String, Value>,
    module_name: &str,
) -> Option<String> {
    let runtime = search.runtime;
    let manifest = &search.package.manifest;
    let node_api = binary.get("napi_versions").and_then(Value::as_array).and_then(|versions| {
        versions
            .iter()
            .filter_map(Value::as_u64)
            .filter(|version| runtime.node_api_at_least().is_some_and(|own| *version <= own.into()))
            .max()
    });
    let version = manifest.version().and_then(|version| Version::parse(version).ok());
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (token, after) = after.split_once('}')?;
        rest = after;
        let value = match token {
            "name" => manifest.name()?.to_owned(),
            "module_name" => module_name.to_owned(),
            "configuration" => "Release".to_owned(),
            "version" => manifest.version()?.split('+').next()?.to_owned(),
            "major" => version.as_ref()?.major.to_string(),
            "minor" => version.as_ref()?.minor.to_string(),
            "patch" => version.as_ref()?.patch.to_string(),
            "runtime" => super::search::tag_of(runtime.kind).to_owned(),
            "node_abi" => abi(runtime)?,
            "node_abi_napi" if runtime.node_api_at_least().is_some() => "napi".to_owned(),
            "node_abi_napi" => abi(runtime)?,
            "napi_version" => runtime.node_api_at_least()?.to_string(),
            "napi_build_version" => node_api.map(|version| version.to_string()).unwrap_or_default(),
            "node_napi_label" => match node_api {
                Some(version) => format!("napi-v{version}"),
                None => abi(runtime)?,
            },
            "platform" | "target_platform" => runtime.platform.to_string(),
            "arch" | "target_arch" => runtime.arch.to_string(),
            "libc" => runtime.libc.map_or("unknown", Libc::as_str).to_owned(),
            "libc_version" if manifest.depends_on("@discordjs/node-pre-gyp") => {
                runtime.libc_version.clone().unwrap_or_else(|| "unknown".to_owned())
            }
            "target" | "toolset" | "prerelease" | "build" | "debug" => String::new(),
            // Unknown tokens stay as they are.
            _ => format!("{{{token}}}"),
        };
        filled.push_str(before);
        filled.push_str(&value);
    }
    Some(filled + rest)
}

/// `node-v115`, `electron-v31.0`, `node-webkit-v0.50.0`
fn abi(runtime: &Runtime) -> Option<String> {
    let version = runtime.version.as_ref();
    Some(match runtime.kind {
        RuntimeName::Electron => format!("electron-v{}.{}", version?.major, version?.minor),
        RuntimeName::Nw => format!("node-webkit-v{}", version?),
        RuntimeName::Node | RuntimeName::Bun | RuntimeName::Deno => match runtime.node.as_ref() {
            // Node.js 0.10 has no ABI that is asked for.
            Some(node) if node.major == 0 && node.minor % 2 == 1 => format!("v8-{node}"),
            _ => format!("node-v{}", runtime.abi?),
        },
    })
}
