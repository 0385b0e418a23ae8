//! Whose error it is: loaders say the same of addons as of libraries for Python, and of programs.

use super::text::{Window, pattern};

/// True where what a loader said is about an addon: by the file it names, by what stands around it,
/// or because nothing else claims it.
pub(super) fn is_node(window: &Window<'_>, file: Option<&str>) -> bool {
    // A program that doesn't start.
    if window.before().contains("error while loading shared libraries") {
        return false;
    }
    if file.is_some_and(|file| file.contains(".node") || file.contains("node_modules")) {
        return true;
    }
    // "ImportError: …" of Python, "LoadError: …" of Ruby
    if pattern!(r"\w(?:Error|Exception): [^\n]*$").captures(window.before()).is_some() {
        return false;
    }
    const OF_NODE: [&str; 8] = [
        "..node (",
        "ERR_DLOPEN_FAILED",
        "process.dlopen",
        "node_modules",
        "node:internal",
        ".node'",
        "bun run",
        "deno run",
    ];
    if OF_NODE.iter().any(|mark| window.text.contains(mark)) {
        return true;
    }
    // The message of an error by itself.
    let alone =
        pattern!(r"^\s*(?:[Uu]ncaught )?(?:Error: )?(?:dyld\[\d{1,9}\]: )?(?:[\w./+-]{1,4096})?$")
            .captures(window.before());
    alone.is_some() && (file.is_none() || window.before().contains("Error: "))
}

/// True where the words are quoted: in a program that would say them, or in prose.
pub(super) fn is_code(window: &Window<'_>) -> bool {
    ["`", "Error(\"", "Error('"].iter().any(|mark| window.before().ends_with(mark))
}
