//! MCP bundles (`.mcpb`, before `.dxt`): a zip with a server and `manifest.json`.

use std::path::Path;

use serde::Deserialize;

use super::app::project_in;
use super::promised::Contents;
use crate::files::{json, text};
use crate::model::{Platform, RuntimeName};
use crate::runtime::RuntimeSpec;
use crate::runtime::registry::newest_of_rows;
use crate::versions::Range;

/// The maximum size of the manifest, in bytes.
const LONGEST: u64 = 1 << 20;
/// The line of Node.js in Claude Desktop, which comes with one. Source: modelcontextprotocol/mcpb,
/// issue 180 (2026-01).
const IN_HOST: u64 = 22;
/// The systems of a platform for which a bundle is made.
const SYSTEMS: [(Platform, &[&str]); 3] = [
    (Platform::Darwin, &["darwin-arm64", "darwin-x64"]),
    (Platform::Win32, &["win32-x64"]),
    (Platform::Linux, &["linux-x64-glibc"]),
];

#[derive(Deserialize)]
struct Manifest {
    server: Server,
    #[serde(default)]
    compatibility: Compatibility,
}

#[derive(Deserialize)]
struct Server {
    #[serde(rename = "type")]
    kind: ServerKind,
    entry_point: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum ServerKind {
    Node,
    #[serde(other)]
    Other,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Compatibility {
    platforms: Option<Vec<Platform>>,
    runtimes: Runtimes,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Runtimes {
    node: Option<String>,
}

/// The bundle in the archive at `root`; `None` if it is something else, and for a server that isn't
/// run by Node.js.
pub(super) fn bundle(root: &Path) -> Option<Contents> {
    let text = text(&root.join("manifest.json"), LONGEST).ok()?;
    let Manifest { server, compatibility } = json(&text).ok()?;
    if server.kind != ServerKind::Node {
        return None;
    }
    let Compatibility { platforms, runtimes } = compatibility;
    let line = line_in(runtimes.node.as_deref());
    let is_promised =
        |platform: &Platform| platforms.as_ref().is_none_or(|promised| promised.contains(platform));
    let systems = SYSTEMS.iter().filter(|(platform, _)| is_promised(platform));
    let targets = systems
        .flat_map(|(_, systems)| *systems)
        .map(|system| RuntimeSpec::Text(format!("node@{line}/{system}")))
        .collect();
    let entry = server.entry_point.unwrap_or_default();
    let app = project_in(root, &entry).unwrap_or_else(|| root.to_path_buf());
    Some(Contents { apps: vec![app], targets })
}

/// The line that judges: that of the host, if the bundle accepts it; otherwise the newest one that
/// it accepts.
fn line_in(range: Option<&str>) -> u64 {
    let Some(range) = range.and_then(Range::parse) else { return IN_HOST };
    let accepted = newest_of_rows(RuntimeName::Node, |version| range.allows(version));
    let lines = accepted.iter().map(|version| version.major);
    if lines.clone().any(|line| line == IN_HOST) { IN_HOST } else { lines.max().unwrap_or(IN_HOST) }
}
