//! The exports of each release of Node.js, and the functions of Node-API that Bun and Deno export.
//! Of Node.js: names of V8, Node's C++, Node-API, libuv, OpenSSL, zlib
//! and nghttp2, for the official builds for Linux, macOS and Windows on 64-bit processors.
//!
//! The tables are data (`data/exports/`, with their generator and date), read from every executable
//! of the lines that npm ships. They cover only names of those families. For any other name
//! (`std::`, libc), and for releases between or before those that were read, the result is
//! [`Presence::Unknown`] if it doesn't follow from what was read. Builds of distributions may
//! export more or less, because they use libuv, OpenSSL and others from the system.

mod life;
pub(super) mod names;
mod others;
mod table;
#[cfg(test)]
mod tests;

use semver::Version;

use crate::model::{Arch, Platform};
use life::NONE;
pub use life::Presence;
pub use others::presence_in;
use table::table;

/// Whether Node.js `version` exports `name` on a system, given as `process.platform` and
/// `process.arch`.
///
/// `name` is the name as linked, without the underscore that Mach-O puts before C names (as in
/// [`crate::Binary`]). A release newer than all that were read is assumed to export what the newest
/// of its line exports; for other names the result is unknown. Node-API is the same on all systems
/// (the generator checks it), so its functions have a result on every system.
#[must_use]
pub fn presence(platform: &Platform, arch: &Arch, version: &Version, name: &[u8]) -> Presence {
    let known = || {
        let table = table()?;
        let column = table.column(platform, arch, name)?;
        let line = table.line(version.major)?;
        let life = table.life(column, line, table.find(name))?;
        life.at(column.releases.get(line)?, version)
    };
    known().unwrap_or(Presence::Unknown)
}

/// The releases from which on every covered name in `names` is exported: one for each line whose
/// newest release exports them all, oldest line first. Names as in [`presence`]; those that aren't
/// covered are ignored. `None` if no name is covered, or if the tables have no such system.
#[must_use]
pub fn releases_with<'a>(
    platform: &Platform,
    arch: &Arch,
    names: impl IntoIterator<Item = &'a [u8]>,
) -> Option<Vec<Version>> {
    // The table is unpacked only if it is asked.
    let mut names = names.into_iter().peekable();
    names.peek()?;
    let table = table()?;
    let mut wanted = Vec::new();
    for name in names.filter(|name| table.description.names.cover(name)) {
        wanted.push((table.column(platform, arch, name)?, table.find(name)));
    }
    if wanted.is_empty() {
        return None;
    }
    let first_of_line = |line: usize| {
        let firsts = wanted.iter().map(|(column, index)| {
            let life = table.life(column, line, *index)?;
            let releases = column.releases.get(line)?;
            releases.get(life.first).filter(|_| life.gone == NONE)
        });
        // The latest of them, or `None` if one name has none.
        firsts.collect::<Option<Vec<_>>>()?.into_iter().max().cloned()
    };
    Some((0..table.description.lines.len()).filter_map(first_of_line).collect())
}

/// The day the tables were made, as `YYYY-MM-DD`.
#[must_use]
pub fn generated_at() -> &'static str {
    table().map_or("", |table| &table.description.generated_at)
}
