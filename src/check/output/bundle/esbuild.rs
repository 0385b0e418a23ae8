//! The modules in a bundle that esbuild wrote without minifying it. Before each module is a line
//! with its path (`// node_modules/a/b.js`). A module of CommonJS is a function that others call:
//!
//! ```js
//! var require_b = __commonJS({
//!   "node_modules/a/b.js"(exports, module) {
//! ```

use std::collections::HashMap;

use super::module::{MOST, Module, package_of};
use crate::project::LOADERS;

/// The functions that esbuild adds to a bundle with modules of packages.
const HELPERS: [&str; 2] = ["__commonJS", "__toESM"];
/// The beginnings of the names of functions that run a module.
const PREFIXES: [&str; 2] = ["require_", "init_"];

/// True if esbuild wrote a text: it has one of its helpers, and the path of a module.
pub(super) fn is_by_esbuild(text: &str) -> bool {
    let has_helper = HELPERS.iter().any(|helper| text.contains(&format!("var {helper} = ")));
    has_helper && text.lines().any(|line| path_in(line).is_some())
}

/// The path in the line before a module.
fn path_in(line: &str) -> Option<&str> {
    let path = line.strip_prefix("// ")?;
    let is_script = [".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsx", ".tsx", ".node"]
        .iter()
        .any(|extension| path.ends_with(extension));
    (is_script && !path.contains(' ')).then_some(path)
}

/// The modules of a bundle; none if there are too many.
pub(super) fn modules(text: &str) -> Vec<Module> {
    let mut parts: Vec<Module> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = path_in(line.trim_end()) {
            if parts.len() == MOST {
                return Vec::new();
            }
            parts.push(Module::new(path, String::new()));
        } else if let Some(module) = parts.last_mut() {
            module.text.push_str(line);
        }
    }
    let mut names: HashMap<String, String> = HashMap::new();
    for module in &parts {
        for line in module.text.lines() {
            let Some(line) = line.strip_prefix("var ") else { continue };
            let Some((name, rest)) = line.split_once(" = ") else { continue };
            let is_module = rest.starts_with("__commonJS(") || rest.starts_with("__esm(");
            if is_module && PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
                names.insert(name.to_owned(), module.path.clone());
            }
        }
    }
    let rewritten = parts.iter().map(|module| Module {
        path: module.path.clone(),
        text: with_requires(&unwrapped(&module.text), &module.path, &names),
    });
    rewritten.collect()
}

/// The text of a module without the function that esbuild puts around it.
fn unwrapped(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let wraps = |line: &str| line.ends_with("= __commonJS({") || line.ends_with("= __esm({");
    let start = lines.iter().position(|line| line.starts_with("var ") && wraps(line));
    let start = start.filter(|at| lines.get(at + 1).is_some_and(|line| line.ends_with(") {")));
    let Some(start) = start else { return text.to_owned() };
    let mut ends = lines[start..].windows(2).enumerate();
    let end = ends.find(|(_, pair)| *pair == ["  }", "});"]).map(|(at, _)| start + at);
    let Some(end) = end else { return text.to_owned() };
    let left = lines[..start].iter().chain(&lines[start + 2..end]).chain(&lines[end + 2..]);
    left.flat_map(|line| [line, "\n"]).collect()
}

/// The names of functions that require what the module computes: in a bundle for `import`, and for
/// a text with expressions in it.
const REQUIRES: [&str; 2] = ["__require", "globRequire_"];

/// The text with `require("…")` in place of calls of modules, and of functions that esbuild has
/// put in the place of `require`.
fn with_requires(text: &str, path: &str, names: &HashMap<String, String>) -> String {
    let mut written = String::with_capacity(text.len());
    let mut copied = 0;
    for at in calls(text) {
        if at < copied || text[..at].ends_with(is_of_name) {
            continue;
        }
        let name = &text[at..];
        let (name, after) = name.split_at(name.find(|c| !is_of_name(c)).unwrap_or(name.len()));
        if let (Some(target), true) = (names.get(name), after.starts_with("()")) {
            written.push_str(&text[copied..at]);
            written.push_str(&format!("require({:?})", request(path, target)));
            copied = at + name.len() + "()".len();
        } else if after.starts_with('(') && (name == REQUIRES[0] || name.starts_with(REQUIRES[1])) {
            written.push_str(&text[copied..at]);
            written.push_str("require");
            copied = at + name.len();
        }
    }
    written.push_str(&text[copied..]);
    written
}

/// The positions of what may be the name of such a function, in order.
fn calls(text: &str) -> Vec<usize> {
    let names = PREFIXES.iter().chain(&REQUIRES);
    let places = names.flat_map(|prefix| text.match_indices(prefix));
    let mut places: Vec<usize> = places.map(|(at, _)| at).collect();
    places.sort_unstable();
    places
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// What a module would write to require another one.
fn request(from: &str, to: &str) -> String {
    let (own, package) = (package_of(from), package_of(to));
    if let Some(package) = package
        && own != Some(package)
        && LOADERS.iter().any(|(name, _)| *name == package)
    {
        return package.to_owned();
    }
    let up = from.matches('/').count();
    format!("./{}{to}", "../".repeat(up))
}

#[cfg(test)]
mod tests {
    use super::{is_by_esbuild, modules};

    #[test]
    fn modules_require_each_other_again() {
        let text = "\
var __commonJS = (cb, mod) => function __require() {};
// node_modules/node-gyp-build/index.js
var require_node_gyp_build = __commonJS({
  \"node_modules/node-gyp-build/index.js\"(exports, module) {
    module.exports = 1;
  }
});

// node_modules/a/lib/b.js
var require_b = __commonJS({
  \"node_modules/a/lib/b.js\"(exports, module) {
    module.exports = require_node_gyp_build()(__dirname), my_require_b();
  }
});

// src/app.js
var import_b = __toESM(require_b());
";
        assert!(is_by_esbuild(text));
        let found = modules(text);
        let paths: Vec<&str> = found.iter().map(|module| module.path.as_str()).collect();
        assert_eq!(
            paths,
            ["node_modules/node-gyp-build/index.js", "node_modules/a/lib/b.js", "src/app.js"]
        );
        assert!(found[0].text.starts_with("    module.exports = 1;"), "{}", found[0].text);
        assert!(found[1].text.contains("require(\"node-gyp-build\")(__dirname), my_require_b()"));
        assert!(found[2].text.contains("require(\"./../node_modules/a/lib/b.js\")"));
    }
}
