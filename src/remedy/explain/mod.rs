//! Texts of errors → what they mean. Texts are those of Node.js and other runtimes, of the systems'
//! loaders, and of the packages that look for addons; each was produced by the real thing, or read
//! in its source (`__test__/explain/`).

mod bundlers;
mod finding;
mod glibc;
mod installers;
mod known;
mod macos;
mod musl;
mod node;
mod node_gyp;
mod owner;
mod packages;
mod paths;
mod symbols;
mod text;
mod windows;

pub use finding::{Finding, Weight};
use known::Known;
pub use packages::is_for_one_system;
pub use paths::package_of;
use text::Window;
pub use text::clean;

/// Texts that only runtimes and packages with addons have.
const OF_NODE: [&[Known]; 6] = [
    node::KNOWN,
    windows::KNOWN,
    packages::KNOWN,
    node_gyp::KNOWN,
    installers::KNOWN,
    bundlers::KNOWN,
];
/// Texts of loaders, which load other programs' libraries too.
const OF_LOADERS: [&[Known]; 3] = [glibc::KNOWN, musl::KNOWN, macos::KNOWN];

/// Places of one anchor that are read; a log may repeat a line for ever.
const MOST_PLACES: usize = 100;
/// Places in one line: a loader lists the few places that it tried, and no more.
const MOST_IN_LINE: usize = 6;
/// Findings that are kept.
const MOST_FINDINGS: usize = 100;

/// Everything that is recognised in a text that was [`clean`]ed, in the order of the text, each
/// once. Once `stops` says so, what was found until then.
#[must_use]
pub fn recognise(text: &str, stops: &dyn Fn() -> bool) -> Vec<Finding> {
    let mut found: Vec<(usize, Finding)> = Vec::new();
    let of_node = OF_NODE.iter().copied().flatten().map(|known| (known, true));
    let of_loaders = OF_LOADERS.iter().copied().flatten().map(|known| (known, false));
    for (known, is_of_node) in of_node.chain(of_loaders).take_while(|_| !stops()) {
        let (mut line, mut in_line) = (0, 0);
        for at in
            memchr::memmem::find_iter(text.as_bytes(), known.anchor.as_bytes()).take(MOST_PLACES)
        {
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
            // Electron unpacks addons under names that tell nothing.
            let tells = finding.file.as_deref().is_some_and(|file| file.contains(".node"));
            if finding.weight == Weight::Refusal && !tells && finding.package.is_none() {
                finding.package = packages::requirer(&window);
            }
            if found.len() < MOST_FINDINGS && !found.iter().any(|(_, other)| *other == finding) {
                found.push((at, finding));
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, finding)| finding).collect()
}
