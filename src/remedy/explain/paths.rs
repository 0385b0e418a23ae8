//! Paths in texts.

/// The path that `text` ends with, without quotes and Windows' `\\?\`: the longest one that starts
/// like a path, at the start or after a character that isn't part of a path.
pub(super) fn path_at_end(text: &str) -> Option<String> {
    let text = text.trim_end_matches(['\'', '"', '`', ' ']);
    // Text after an error's name or a quote is preferred.
    let text = [": ", "'", "\"", "`", "\u{2192} "]
        .iter()
        .filter_map(|mark| Some(text.rfind(mark)? + mark.len()))
        .max()
        .map_or(text, |at| &text[at..]);
    let starts = text.char_indices().map(|(at, _)| at).filter(|at| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || "=(<[|".contains(c))
    });
    let path = starts.map(|at| &text[at..]).find(|rest| is_path(rest))?;
    Some(plain(path))
}

/// The path that `text` starts with, up to a line end or a quote.
pub(super) fn path_at_start(text: &str) -> Option<String> {
    let end = text.find(['\n', '\'', '"', '`', ')']).unwrap_or(text.len());
    let path = text[..end].trim().trim_end_matches(['.', ']', '}', ',']);
    is_path(path).then(|| plain(path))
}

/// The first path of an addon in a line, as bundlers name it: `./node_modules/a/x.node`,
/// `node_modules/a/x.node`, `/app/x.node`.
pub(super) fn addon_in(line: &str) -> Option<String> {
    let end = line.find(".node")? + ".node".len();
    let start = line[..end].rfind([' ', '\t', '"', '\'', '(', '[', '`']).map_or(0, |at| at + 1);
    // Text like ".node files" is not a path.
    let path = &line[start..end];
    (path.len() > ".node".len() && !path.ends_with("/.node")).then(|| plain(path))
}

/// Removes the `\\?\` that Windows puts before long paths.
pub(super) fn plain(path: &str) -> String {
    let path = path.trim();
    match path.strip_prefix(r"\\?\UNC\") {
        Some(share) => format!(r"\\{share}"),
        None => path.strip_prefix(r"\\?\").unwrap_or(path).to_owned(),
    }
}

fn is_path(text: &str) -> bool {
    let drive = text.as_bytes();
    let has_drive = drive.len() > 2
        && drive[0].is_ascii_alphabetic()
        && drive[1] == b':'
        && matches!(drive[2], b'\\' | b'/');
    text.starts_with('/') && text.len() > 1
        || text.starts_with(r"\\")
        || has_drive
        || text.starts_with("node_modules/") && text.len() > "node_modules/".len()
        || text.starts_with("./")
        || text.starts_with("../")
}

/// The package that a file of node_modules belongs to: the last one in its path. `None` if the name
/// isn't valid for package managers.
#[must_use]
pub fn package_of(file: &str) -> Option<String> {
    name_in(file).filter(|name| crate::remedy::package_name::is_package_name(name))
}

/// The package in a folder, or the package that contains the folder.
pub(super) fn package_of_folder(folder: &str) -> Option<String> {
    package_of(&format!("{folder}/x"))
}

/// The package in the argument of a `require`: "@scope/name" in "@scope/name/lib/x.node".
pub(super) fn package_of_request(request: &str) -> Option<String> {
    let is_whole = !request.starts_with('@') || request.contains('/');
    is_whole.then(|| package_of(&format!("node_modules/{request}/x"))).flatten()
}

fn name_in(file: &str) -> Option<String> {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    // Other text may precede such a path: "at f (node_modules/a/x.js:1:1)".
    let is_folder = |part: &str| {
        part.strip_suffix("node_modules").is_some_and(|before| {
            before.is_empty()
                || before.ends_with([' ', '\t', '(', '\'', '"', '`', '=', '[', '!', ':'])
        })
    };
    let Some(at) = parts.iter().rposition(|part| is_folder(part)) else {
        return in_deno_cache(&parts);
    };
    let name = parts.get(at + 1).filter(|name| !name.is_empty())?;
    // The folder of Prisma's generated client and its engine.
    if *name == ".prisma" {
        return Some("@prisma/client".to_owned());
    }
    if name.starts_with('.') {
        return None;
    }
    if name.starts_with('@') {
        return Some(format!("{name}/{}", parts.get(at + 2).filter(|part| !part.is_empty())?));
    }
    (parts.len() > at + 2).then(|| (*name).to_owned())
}

/// Deno's cache: "…/deno/npm/<registry>/better-sqlite3/11.3.0/build/x.node".
fn in_deno_cache(parts: &[&str]) -> Option<String> {
    let at = parts.windows(2).rposition(|pair| pair == ["deno", "npm"])?;
    let (name, version) = match parts.get(at + 3..)? {
        [scope, name, version, _, ..] if scope.starts_with('@') => {
            (format!("{scope}/{name}"), version)
        }
        [name, version, _, ..] => ((*name).to_owned(), version),
        _ => return None,
    };
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{addon_in, package_of, path_at_end, plain};

    #[test]
    fn paths_are_found_after_the_prefixes_of_logs() {
        for (text, expected) in [
            ("Error: /app/x.node", Some("/app/x.node")),
            ("2026-11-22T10:00:00Z web-1 | Error: /my app/x.node", Some("/my app/x.node")),
            ("#12 3.4 npm error /app/x.node", Some("/app/x.node")),
            (r"Error: \\?\C:\app dir\x.node", Some(r"C:\app dir\x.node")),
            ("no path", None),
            ("at 12/2026", None),
        ] {
            assert_eq!(path_at_end(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_package_is_the_innermost_one() {
        for (file, expected) in [
            ("/app/node_modules/a/build/x.node", Some("a")),
            ("/app/node_modules/a/node_modules/@b/c/x.node", Some("@b/c")),
            (r"C:\app\node_modules\a\x.node", Some("a")),
            ("/app/node_modules/.pnpm/a@1.0.0/node_modules/a/x.node", Some("a")),
            ("    at f (node_modules/canvas/lib/bindings.js:3:18)", Some("canvas")),
            ("/app/node_modules/.prisma/client/libquery_engine-x.so.node", Some("@prisma/client")),
            ("/x/deno/npm/registry.example/sqlite3/5.0.11/lib/x.node", Some("sqlite3")),
            (r"C:\deno\npm\registry.example\@duckdb\node\1.0.0\x.node", Some("@duckdb/node")),
            ("/x/deno/npm/registry.example/sqlite3/x.node", None),
            ("/app/my_node_modules/a/x.node", None),
            ("/app/build/x.node", None),
            ("/app/node_modules/--evil/x.node", None),
            ("/app/node_modules/@../../x.node", None),
            ("/app/node_modules/$(rm -rf x)/x.node", None),
        ] {
            assert_eq!(package_of(file).as_deref(), expected, "{file}");
        }
    }

    #[test]
    fn special_prefixes_of_windows_paths_are_removed() {
        assert_eq!(plain(r"\\?\C:\x.node"), r"C:\x.node");
        assert_eq!(plain(r"\\?\UNC\server\share\x.node"), r"\\server\share\x.node");
        assert_eq!(plain("/x.node"), "/x.node");
    }

    #[test]
    fn addons_are_found_in_lines() {
        for (line, expected) in [
            ("ERROR in ./node_modules/a/x.node 1:0", Some("./node_modules/a/x.node")),
            (
                "[!] RollupError: node_modules/a/x.node (1:0): Unexpected",
                Some("node_modules/a/x.node"),
            ),
            ("files of the kind .node are", None),
            ("nothing", None),
        ] {
            assert_eq!(addon_in(line).as_deref(), expected, "{line}");
        }
    }
}
