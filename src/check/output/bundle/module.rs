//! A bundle, and the modules in it.

use crate::project::loader::Lack;

/// The maximum number of modules in a bundle whose modules are read. Those of the largest apps have
/// some 10,000.
pub(super) const MOST: usize = 20_000;

/// The tool that wrote a bundle. It decides which lines keep a package out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bundler {
    Esbuild,
    Webpack,
    Ncc,
    /// Another tool that writes source maps.
    Unknown,
}

/// A script that a bundler wrote.
#[derive(Debug)]
pub(super) struct Bundle {
    /// Its path in the output, with `/`.
    pub path: String,
    /// The tool that wrote it.
    pub bundler: Bundler,
    /// Its text.
    pub text: String,
    /// The modules in it; empty if they can't be told apart.
    pub modules: Vec<Module>,
    /// The modules have their texts from a source map: as they were before the bundler put the
    /// places of copied files into them.
    pub by_map: bool,
}

impl Bundle {
    /// Its folder in the output; empty for the root.
    pub fn folder(&self) -> &str {
        folder_of(&self.path)
    }

    /// The path in the output of a file that is named as seen from its folder.
    pub fn beside(&self, file: &str) -> String {
        match self.folder() {
            "" => file.to_owned(),
            folder => format!("{folder}/{file}"),
        }
    }

    /// What a package in it lacks that finds no addon: a platform package, if its name is known.
    pub fn lack(&self, package: Option<String>) -> Lack {
        Lack::Bundled { script: self.path.clone(), package }
    }
}

/// A module in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    /// Its path in the project: from its `node_modules`, or for a module of the app, from some
    /// folder that is the same for all modules of the app.
    pub path: String,
    /// Its text, with `require` as in its source.
    pub text: String,
}

impl Module {
    /// A module of which a tool gives the path as seen from its own folder.
    pub fn new(path: &str, text: String) -> Module {
        let inside = path.find("node_modules/").filter(|at| *at == 0 || path[..*at].ends_with('/'));
        let path = inside.map_or(path, |at| &path[at..]);
        Module { path: path.to_owned(), text }
    }

    /// Its folder in the project.
    pub fn folder(&self) -> &str {
        folder_of(&self.path)
    }

    /// The name of its package; `None` for a module of the app.
    pub fn package(&self) -> Option<&str> {
        package_of(&self.path)
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of the package in the last `node_modules` of a path.
pub(super) fn package_of(path: &str) -> Option<&str> {
    let at = path.rfind("node_modules/")? + "node_modules/".len();
    let inner = &path[at..];
    let name = package_in(inner);
    (name.len() < inner.len() && !name.is_empty()).then_some(name)
}

/// The name of the package in what `require` gets: `@a/b` of `@a/b/c.node`.
pub(super) fn package_in(specifier: &str) -> &str {
    let mut ends = specifier.match_indices('/').map(|(end, _)| end);
    let end = if specifier.starts_with('@') { ends.nth(1) } else { ends.next() };
    end.map_or(specifier, |end| &specifier[..end])
}

#[cfg(test)]
mod tests {
    use super::{Module, package_in, package_of};

    #[test]
    fn the_package_of_a_module_is_in_its_path() {
        for (path, expected) in [
            ("node_modules/a/b.js", Some("a")),
            ("node_modules/@a/b/c/d.js", Some("@a/b")),
            ("node_modules/.pnpm/a@1/node_modules/@b/c/d.js", Some("@b/c")),
            ("src/a.js", None),
            ("node_modules/a", None),
        ] {
            assert_eq!(package_of(path), expected, "{path}");
        }
        let module = Module::new("../../node_modules/a/b.js", String::new());
        assert_eq!(module.path, "node_modules/a/b.js");
    }

    #[test]
    fn a_specifier_begins_with_the_package() {
        for (specifier, expected) in [
            ("a", "a"),
            ("a/b.node", "a"),
            ("@a/b", "@a/b"),
            ("@a/b/c/d.node", "@a/b"),
            ("@a", "@a"),
        ] {
            assert_eq!(package_in(specifier), expected);
        }
    }
}
