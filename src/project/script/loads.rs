//! What loads modules: `require`, `import`, and calls of modules that load addons.

use std::collections::HashMap;

use super::said::{LOADERS, resolved};
use super::syntax::{Chain, Expression, Link};
use crate::model::Convention;

/// What the names of a script stand for.
#[derive(Default)]
pub(super) struct Loads<'s> {
    /// Modules that load addons.
    pub(super) loaders: HashMap<&'s str, &'static Convention>,
    /// Scripts of the package, relative to it.
    pub(super) scripts: HashMap<&'s str, String>,
}

impl<'s> Loads<'s> {
    /// Notes that `target` stands for `value`: the names of modules that load addons, and of
    /// scripts of the package.
    pub(super) fn note(&mut self, folder: &str, target: &Expression<'s>, value: &Expression<'s>) {
        if let Some(loader) = self.loader_of(value) {
            let mut names = Vec::new();
            names_in(target, &mut names);
            self.loaders.extend(names.into_iter().map(|name| (name, loader)));
        }
        if let (Expression::Name(name), Some(path)) = (target, required_text(value))
            && path.starts_with('.')
        {
            self.scripts.extend(resolved(folder, path).map(|path| (*name, path)));
        }
    }

    /// The loader that an expression is: its module or a member of that, but not what a call of it
    /// returns.
    pub(super) fn loader_of(&self, expression: &Expression<'s>) -> Option<&'static Convention> {
        match expression {
            Expression::Name(name) => self.loaders.get(name).copied(),
            Expression::Unary("await", operand) => self.loader_of(operand),
            // "(0, bindings_1.default)"
            Expression::Sequence(all) => self.loader_of(all.last()?),
            Expression::Chain(chain) => {
                let is_member = |link: &Link<'_>| matches!(link, Link::Member(_));
                let members = chain.links.iter().rev().take_while(|link| is_member(link)).count();
                match (&chain.head, &chain.links[..chain.links.len() - members]) {
                    (head, []) => self.loader_of(head),
                    (Expression::Name(name), [Link::Call(arguments)]) => {
                        match arguments.as_slice() {
                            [Expression::Text(specifier)]
                                if is_require(name) || *name == "import" =>
                            {
                                loader_named(specifier)
                                    .filter(|loader| **loader != Convention::RequireAddon)
                            }
                            // Babel and TypeScript wrap what they import.
                            [Expression::Name(_)]
                                if !(name.contains("interop") || name.contains("__import")) =>
                            {
                                None
                            }
                            [argument @ (Expression::Name(_) | Expression::Chain(_))] => {
                                self.loader_of(argument)
                            }
                            _ => None,
                        }
                    }
                    // "createRequire(import.meta.url)('bindings')"
                    (_, [.., Link::Call(_), Link::Call(arguments)])
                        if is_created(&chain.head, &chain.links) =>
                    {
                        match arguments.as_slice() {
                            [Expression::Text(specifier)] => loader_named(specifier),
                            _ => None,
                        }
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// True for `require(…)`, `import(…)`, `createRequire(…)` and loaders at the beginning of a
    /// chain. Paths are followed through Node.js's own modules: `require('path').join(…)`.
    pub(super) fn begin(&self, chain: &Chain<'s>) -> bool {
        let Expression::Name(name) = chain.head else { return false };
        if self.loaders.contains_key(name) {
            return true;
        }
        match chain.links.as_slice() {
            [Link::Call(arguments), Link::Member(_), Link::Call(_), ..]
                if name == "require" && is_path_module(arguments) =>
            {
                false
            }
            [Link::Call(_), ..] => is_require(name) || name == "import" || name == "createRequire",
            _ => false,
        }
    }
}

fn is_path_module(arguments: &[Expression<'_>]) -> bool {
    matches!(arguments, [Expression::Text("path" | "node:path")])
}

/// True for `createRequire(…)(…)` and `module.createRequire(…)(…)`.
fn is_created(head: &Expression<'_>, links: &[Link<'_>]) -> bool {
    match links {
        [Link::Call(_), Link::Call(_), ..] => {
            matches!(head, Expression::Name("createRequire"))
        }
        [.., Link::Member(name), Link::Call(_), Link::Call(_)] => *name == "createRequire",
        _ => false,
    }
}

/// The text of `require('text')`.
pub(super) fn required_text<'t>(expression: &Expression<'t>) -> Option<&'t str> {
    let Expression::Chain(chain) = expression else { return None };
    match (&chain.head, chain.links.as_slice()) {
        (Expression::Name(name), [Link::Call(arguments)]) if is_require(name) => {
            match arguments.as_slice() {
                [Expression::Text(text)] => Some(text),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The names in a target: `x`, `{ x, y: z }`.
fn names_in<'t>(target: &Expression<'t>, names: &mut Vec<&'t str>) {
    match target {
        Expression::Name(name) => names.push(name),
        Expression::Object(properties) => {
            for property in properties {
                names.extend(property.key);
                if let Expression::Name(name) = property.value {
                    names.push(name);
                }
            }
        }
        Expression::Chain(chain) => {
            if let Some(Link::Member(name)) = chain.links.last() {
                names.push(name);
            }
        }
        _ => {}
    }
}

/// True for `require`, and for the names that bundlers and scripts give to it: `nodeRequire`.
pub(super) fn is_require(word: &str) -> bool {
    word != "createRequire"
        && (word.ends_with("require") || word.ends_with("Require") || word == "require_")
}

pub(super) fn loader_named(specifier: &str) -> Option<&'static Convention> {
    match specifier {
        "cmake-ts/build/loader" => Some(&Convention::CmakeTs),
        "pkg-prebuilds/bindings" => Some(&Convention::PkgPrebuilds),
        // Forks keep the name.
        _ if specifier.ends_with("/node-pre-gyp") => Some(&Convention::NodePreGyp),
        _ if specifier.ends_with("node-pre-gyp/lib/pre-binding") => Some(&Convention::NodePreGyp),
        _ if specifier.ends_with("/node-gyp-build") => Some(&Convention::NodeGypBuild),
        _ => LOADERS.iter().find(|(module, _)| *module == specifier).map(|(_, loader)| loader),
    }
}
