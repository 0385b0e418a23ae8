//! Packages that follow no convention (data/packages.json). Each row has the versions that it holds
//! for, and the line of the package's source that proves it.

use std::sync::LazyLock;

use semver::Version;
use serde::Deserialize;

use super::choice::{Active, Choice, Lack};
use super::node_pre_gyp;
use super::search::Search;
use crate::files::own_json;
use crate::model::{Convention, Platform, RuntimeName};
use crate::project::naming::{Claims, Release};
use crate::project::package::Manifest;
use crate::project::script::matches_stars;
use crate::versions::Range;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Row {
    /// The name of the package. `*` matches any text.
    package: String,
    versions: Range,
    /// The source, for people.
    #[allow(dead_code)]
    source: String,
    /// The paths in the order of the attempts. `*` matches any text, `{tuple}` the target's system
    /// as in `linux-x64-musl`.
    tries: Option<Vec<String>>,
    /// The package tries the files of all releases, the latest first, in every release.
    #[serde(default)]
    of_any_release: bool,
    /// The convention of the package, if its scripts don't show it.
    convention: Option<Convention>,
    /// On other systems the package loads nothing.
    platforms: Option<Vec<Platform>>,
    /// In other releases of Node.js the package loads nothing.
    node: Option<Range>,
    /// In other runtimes the package loads nothing.
    runtimes: Option<Vec<RuntimeName>>,
    /// The package works without an addon.
    #[serde(default)]
    pub has_fallback: bool,
}

static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| own_json(include_str!("../data/packages.json")).unwrap_or_default());

/// The row of a package. Nearly all packages have none.
pub(super) fn row(manifest: &Manifest) -> Option<&'static Row> {
    let name = manifest.name()?;
    let mut rows = ROWS.iter().filter(|row| matches_stars(&row.package, name)).peekable();
    rows.peek()?;
    let version = Version::parse(manifest.version()?).ok()?;
    rows.find(|row| row.versions.allows(&version))
}

/// The choice of a row. None if the row leaves the choice to the conventions.
pub(super) fn choose(search: &Search<'_>, row: &Row) -> Option<Choice> {
    let runtime = search.runtime;
    let is_system =
        row.platforms.as_ref().is_none_or(|platforms| platforms.contains(&runtime.platform));
    let node = runtime.node.clone().or_else(|| runtime.node_at_least());
    let is_release = row.node.as_ref().zip(node).is_none_or(|(wanted, node)| wanted.allows(&node));
    let is_runtime = row.runtimes.as_ref().is_none_or(|runtimes| runtimes.contains(&runtime.kind));
    if !is_system || !is_release || !is_runtime {
        return Some(Choice::found(Convention::Table, Active::Nothing));
    }
    let active = match (&row.tries, &row.convention) {
        (Some(paths), _) => paths
            .iter()
            .find_map(|path| find(search, path, row.of_any_release))
            .map_or(Active::Nothing, Active::File),
        (None, Some(Convention::NodePreGyp)) => node_pre_gyp::find(search),
        // The test below ensures that the table names no other convention.
        (None, _) => return None,
    };
    let lack = (active == Active::Nothing)
        .then(|| if search.files().is_empty() { Lack::Build } else { Lack::Prebuild });
    Some(Choice { loader: Convention::Table, active, lack, has_fallback: row.has_fallback })
}

/// The file that a path with `*` matches. Of several, the one whose name says most about the
/// target, or the one of the latest release.
fn find(search: &Search<'_>, path: &str, of_any_release: bool) -> Option<String> {
    let path = path.replace("{tuple}", &search.runtime.tuple());
    let meant = search.files().iter().filter(|file| matches_stars(&path, file));
    if !of_any_release {
        return search.by_fit(meant).first().map(|(_, file)| (*file).clone());
    }
    let fitting = meant.filter_map(|file| {
        let claims = search.package.claims_of(file);
        let release = match &claims.release {
            Some(Release::Abi(abi)) => u64::from(*abi),
            Some(Release::Line(major, _)) => *major,
            None => 0,
        };
        Claims { release: None, ..claims }.fit(search.runtime).map(|_| (release, file))
    });
    fitting.max().map(|(_, file)| file.clone())
}

#[cfg(test)]
mod tests {
    use crate::files::own_json;
    use crate::model::Convention;

    #[test]
    fn the_table_is_read() {
        let rows: Result<Vec<super::Row>, _> = own_json(include_str!("../data/packages.json"));
        for row in rows.expect("a table") {
            assert!(matches!(row.convention, None | Some(Convention::NodePreGyp)), "{row:?}");
        }
    }
}
