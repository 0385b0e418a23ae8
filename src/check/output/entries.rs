//! Packages that an output has without the scripts by which they are required.

use std::path::Path;

use serde_json::Value;

use crate::check::absence;
use crate::files::{self, join_inside};
use crate::model::reports::PackageReport;
use crate::project::{Manifest, is_code};
use crate::runtime::Runtime;

/// False for a package of which only its package.json ships. Tracers list that if a package is only
/// searched: in Next.js 16.2, the list of the server has it for each `sharp` that isn't its own.
pub(super) fn has_code(package: &PackageReport) -> bool {
    let entries = files::list(&package.path).into_iter().flatten().flatten();
    let mut others =
        entries.filter(|entry| entry.name != "package.json" && entry.name != "node_modules");
    others.next().is_some()
}

/// The maximum depth of `exports`.
const DEEPEST: usize = 8;

/// Adds a problem if nothing in the package can be required: `exports` names scripts, and all of
/// them are missing. Without `exports`, any file can be required by its path.
pub(super) fn require_entries(package: &mut PackageReport, runtime: &Runtime) {
    let Some(active) = package.active.as_ref().filter(|_| package.ok) else { return };
    // The file may be in a platform package, while the report is on the package that needs it.
    let file = Path::new(&active.file);
    let described = file.ancestors().skip(1).take(8);
    let folder = described.into_iter().find(|at| files::is_file(at.join("package.json")));
    let Some(folder) = folder else { return };
    let Ok(manifest) = Manifest::read(folder) else { return };
    let Some(exports) = manifest.field("exports") else { return };
    let mut targets = Vec::new();
    collect(exports, &mut targets, 0);
    let is_there = |target: &&str| {
        target.contains('*') || join_inside(folder, target).is_none_or(files::exists)
    };
    if targets.is_empty() || targets.iter().any(is_there) {
        return;
    }
    let Some(first) = targets.first().and_then(|target| join_inside(folder, target)) else {
        return;
    };
    package.problems.push(absence::lost(&first, runtime));
    package.ok = false;
}

/// The targets of `exports`, without files that contain no code. One with a star may be any file.
fn collect<'v>(value: &'v Value, targets: &mut Vec<&'v str>, depth: usize) {
    match value {
        _ if depth > DEEPEST => {}
        Value::String(target) if is_code(target) => targets.push(target),
        Value::Object(fields) => {
            fields.values().for_each(|value| collect(value, targets, depth + 1));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, targets, depth + 1)),
        _ => {}
    }
}
