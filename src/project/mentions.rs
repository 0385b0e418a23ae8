//! The names of addons in scripts of any size. Bundlers write the names of the files that they copy
//! as texts: `require("./x-J2LGMM6E.node")`. Bundles are too large for the reader of scripts, so
//! this search reads no syntax.

use std::collections::HashSet;
use std::path::Path;

use super::installed::Mentions;
use crate::control::Control;
use crate::files::{self, Kind, Source, join_inside, shown};

/// The maximum number of scripts of one folder, and of their bytes. The rest is not read.
const MOST_SCRIPTS: usize = 64;
const MOST_BYTES: u64 = 64 << 20;
/// The number of bytes that are read at once.
const PART: u64 = 1 << 20;
/// The longest name of an addon, in bytes.
const LONGEST_NAME: usize = 255;

/// The addons that the scripts directly in a folder of the package mention.
pub(super) fn mentions_in(directory: &Path, folder: &str, control: &Control) -> Mentions {
    let mut mentions = Mentions::default();
    let Some(path) = join_inside(directory, folder) else { return mentions };
    let is_script =
        |name: &str| [".js", ".cjs", ".mjs"].iter().any(|extension| name.ends_with(extension));
    let entries = files::list(&path).into_iter().flatten().flatten();
    let mut scripts: Vec<String> = entries
        .filter(|entry| entry.kind == Kind::File)
        .map(|entry| shown(&entry.name))
        .filter(|name| is_script(name))
        .collect();
    scripts.sort();
    mentions.has_scripts = !scripts.is_empty();
    let mut left = MOST_BYTES;
    for name in scripts.into_iter().take(MOST_SCRIPTS) {
        if control.stops() || !control.has_read_all() {
            break;
        }
        let before = mentions.names.len();
        let Ok(source) = Source::open(&path.join(&name)) else { continue };
        let size = source.size().min(left);
        left -= size;
        if !control.spend_on_scripts(size) {
            break;
        }
        collect(&source, size, &mut mentions.names);
        if mentions.names.len() > before {
            let script = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            mentions.scripts.push(script);
        }
    }
    mentions
}

/// Adds the names in the first `size` bytes of a script.
fn collect(source: &Source, size: u64, names: &mut HashSet<String>) {
    let overlap = LONGEST_NAME as u64 + 8;
    let mut start = 0;
    while start < size {
        let length = (PART + overlap).min(size - start);
        let Some(text) = source.bytes(start, length) else { return };
        for at in memchr::memmem::find_iter(&text, b".node") {
            names.extend(name_before(&text, at));
        }
        start += PART;
    }
}

/// The file name that ends with the `.node` at a position, if a quote follows it.
fn name_before(text: &[u8], at: usize) -> Option<String> {
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`');
    text.get(at + 5).filter(|byte| is_quote(byte) || **byte == b'\\')?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.@+~!$%()[] ".contains(byte);
    let name: usize = text[..at].iter().rev().take(LONGEST_NAME).take_while(|b| is_part(b)).count();
    let name = std::str::from_utf8(&text[at - name..at]).ok()?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::collect;
    use crate::files::Source;

    #[test]
    fn names_are_found_wherever_they_are() {
        let filler = " ".repeat((1 << 20) - 10);
        let text = format!(
            "require(\"./a-J2LGMM6E.node\"); eval('require(\\'./b.node\\')'); {filler}\
                x(__dirname + '/lib/c.node'), `d.${{e}}.node`, /\\.node$/, f.nodes, g.node"
        );
        let mut names = HashSet::new();
        collect(&Source::from_bytes(text.clone().into_bytes()), text.len() as u64, &mut names);
        let mut names: Vec<_> = names.into_iter().collect();
        names.sort();
        assert_eq!(names, ["a-J2LGMM6E", "b", "c"]);
    }
}
