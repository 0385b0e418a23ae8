//! Reads the scripts of a package, from its entry points.

use super::search::Search;
use crate::project::script::{Flow, GAP, Host, Mention, Said, ScriptReader};

/// Tells `listener` what the scripts of a package do on a host, or without `host` the code for all
/// systems. False if they can't be read completely.
pub(super) fn read_entries(
    search: &Search<'_>,
    host: Option<Host<'_>>,
    listener: &mut dyn FnMut(Said) -> Flow,
) -> bool {
    let text = |path: &str| search.read(path);
    let is_addon = |path: &str| search.files().iter().any(|file| file == path);
    let imports = |name: &str| search.package.manifest.import(name);
    let mut reader = ScriptReader::new(&text, &is_addon, host, listener).with_imports(&imports);
    for entry in search.package.manifest.entries() {
        if reader.module(&entry) == Flow::Stop {
            break;
        }
    }
    let control = search.disk.control();
    control.spend_on_operands(reader.operands());
    reader.has_read_all() && control.has_read_all()
}

/// True for the path of a `.node` file of which every part is known.
pub(super) fn is_addon_path(path: &str) -> bool {
    path.ends_with(".node") && !path.contains(GAP)
}

/// The addon that the scripts of a package require on the target without a fallback, relative. For
/// packages that have none: it isn't known whether the file is there.
pub(super) fn required_addon(search: &Search<'_>) -> Option<String> {
    let mut required = None;
    let mut listener = |said: Said| {
        if let Said { mention: Mention::Path { path, required: true }, guarded: false } = said
            && is_addon_path(&path)
        {
            required = Some(path);
            return Flow::Stop;
        }
        Flow::On
    };
    let host = Some(Host::new(search.runtime));
    read_entries(search, host, &mut listener).then_some(required).flatten()
}
