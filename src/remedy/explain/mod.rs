//! Error texts → explanations. The texts are those of Node.js and other runtimes, of the systems'
//! loaders, and of the packages that search for addons. Each was produced by the real program, or
//! read in its source (`__test__/explain/`).

mod advice;
mod bundlers;
mod compilers;
mod context;
mod development;
mod downloads;
mod failures;
mod finding;
mod foreign;
mod fragments;
mod freebsd;
mod glibc;
mod in_use;
mod installers;
mod known;
mod linkers;
mod loaders;
mod macos;
mod modules;
mod musl;
mod node;
mod node_gyp;
mod obstacles;
mod owner;
mod packages;
mod paths;
mod platforms;
mod prisma;
mod sass;
mod scan;
mod scripts;
mod solaris;
mod symbols;
mod systems;
mod text;
mod tools;
mod visual_studio;
mod windows;

use std::sync::LazyLock;

pub use context::Store;
pub use finding::{Finding, Weight};
use known::Known;
pub use systems::is_for_one_system;
use text::Window;
pub use text::clean;

/// Texts that only runtimes and packages with addons print.
const OF_NODE: [&[Known]; 20] = [
    node::KNOWN,
    foreign::KNOWN,
    windows::KNOWN,
    modules::KNOWN,
    packages::KNOWN,
    loaders::KNOWN,
    prisma::KNOWN,
    sass::KNOWN,
    platforms::KNOWN,
    node_gyp::KNOWN,
    visual_studio::KNOWN,
    tools::KNOWN,
    compilers::KNOWN,
    linkers::KNOWN,
    development::KNOWN,
    downloads::KNOWN,
    in_use::KNOWN,
    installers::KNOWN,
    scripts::KNOWN,
    bundlers::KNOWN,
];
/// Texts of loaders, which other programs print for their libraries too.
const OF_LOADERS: [&[Known]; 5] =
    [glibc::KNOWN, musl::KNOWN, macos::KNOWN, freebsd::KNOWN, solaris::KNOWN];

/// Every known text, and true if only runtimes and packages with addons print it.
static ALL: LazyLock<Vec<(&Known, bool)>> = LazyLock::new(|| {
    let of_node = OF_NODE.iter().copied().flatten().map(|known| (known, true));
    let of_loaders = OF_LOADERS.iter().copied().flatten().map(|known| (known, false));
    of_node.chain(of_loaders).collect()
});
/// The anchors of [`ALL`], and the marks of failed builds.
static SCAN: LazyLock<scan::Scan> = LazyLock::new(|| {
    scan::Scan::new(ALL.iter().map(|(known, _)| known.anchor).chain(failures::marks()))
});

/// The maximum number of places that are read for one anchor. A log may repeat a line without end.
const MOST_PLACES: usize = 100;
/// The maximum number of places in one line: a loader lists only the few paths that it tried.
const MOST_IN_LINE: usize = 6;
/// The maximum number of findings that are kept.
const MOST_FINDINGS: usize = 100;

/// All errors that are recognized in a text after [`clean`], in the order of the text, without
/// duplicates. If `stops` returns true, the findings up to then.
#[must_use]
pub fn recognize(text: &str, stops: &dyn Fn() -> bool) -> Vec<Finding> {
    let mut found: Vec<(usize, Finding)> = Vec::new();
    let mut places = SCAN.places(text, MOST_PLACES, stops);
    let of_failures = places.split_off(ALL.len());
    for ((known, is_of_node), places) in ALL.iter().zip(places).take_while(|_| !stops()) {
        let (mut line, mut in_line) = (0, 0);
        for at in places {
            let is_same_line =
                in_line > 0 && memchr::memchr(b'\n', &text.as_bytes()[line..at]).is_none();
            (line, in_line) = (at, if is_same_line { in_line + 1 } else { 1 });
            if in_line > MOST_IN_LINE {
                continue;
            }
            let window = Window::around(text, at, known.anchor.len());
            let Some(mut finding) = (known.read)(&window) else { continue };
            if !is_of_node && !owner::is_node(&window, finding.file.as_deref()) {
                continue;
            }
            if owner::is_code(&window) {
                continue;
            }
            if finding.weight == Weight::Refusal && finding.package.is_none() {
                finding.package = owner::loader_of(&window, finding.file.as_deref());
            }
            if found.len() < MOST_FINDINGS && !found.iter().any(|(_, other)| *other == finding) {
                found.push((at, finding));
            }
        }
    }
    if found.is_empty() {
        found.extend(fragments::read(text).map(|finding| (0, finding)));
    }
    found.sort_by_key(|(at, _)| *at);
    let neighbors = context::Neighbors::of(text);
    let failed = failures::failed_builds(text, &of_failures);
    let settled = |(at, finding): (usize, Finding)| {
        let mut finding = advice::settled(finding, neighbors.at(at));
        finding.has_failed |= finding.subject().is_some_and(|package| failed.contains(&package));
        finding
    };
    found.into_iter().map(settled).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALL, recognize};

    #[test]
    fn letters_of_several_bytes_cause_no_panic() {
        for (known, _) in ALL.iter() {
            for count in 0..48 {
                let letters = format!("{}{}", "x".repeat(count % 2), "\u{e9}".repeat(count));
                let text = format!(
                    "gyp ERR! node_modules/a/\n{letters}{}{letters}\nError: {letters}",
                    known.anchor
                );
                // This test only checks that it ends.
                drop(recognize(&text, &|| false));
            }
        }
    }
}
