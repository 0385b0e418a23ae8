//! The lines that keep packages out of a bundle.

use super::module::Bundler;
use crate::check::output::next::quoted;
use crate::model::{Fix, Stage};

const WHY: &str = "in a bundle, a package can't find the files in its own folder";

/// The lines that keep packages out of the bundles of a tool.
pub(super) fn external(bundler: Bundler, packages: &[&str]) -> Fix {
    let list =
        |of: fn(&str) -> String| -> Vec<String> { packages.iter().map(|it| of(it)).collect() };
    let shipped: Vec<String> = list(|name| format!("node_modules/{name}"));
    let ship = format!("and ship {} and its dependencies beside the bundle", shipped.join(", "));
    let (summary, snippet) = match bundler {
        Bundler::Esbuild => (
            format!("Add this line to the options of esbuild, build again, {ship}"),
            Some(format!("external: [{}],", list(quoted).join(", "))),
        ),
        Bundler::Webpack => {
            let of = |name: &str| format!("{}: {}", key(name), quoted(&format!("commonjs {name}")));
            (
                format!("Add this line to webpack.config.js, build again, {ship}"),
                Some(format!("externals: {{ {} }},", list(of).join(", "))),
            )
        }
        Bundler::Ncc => (
            format!("Add these options to ncc build, build again, {ship}"),
            Some(list(|name| format!("--external {name}")).join(" ")),
        ),
        Bundler::Unknown => {
            let names = packages.join(", ");
            (
                format!(
                    "Make {names} external in the settings of the bundler, build again, {ship}"
                ),
                None,
            )
        }
    };
    Fix { summary, why: WHY.to_owned(), snippet, stage: Stage::Advice, ..Fix::default() }
}

/// A name as the key of an object.
fn key(name: &str) -> String {
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_plain { name.to_owned() } else { quoted(name) }
}

#[cfg(test)]
mod tests {
    use super::super::module::Bundler;
    use super::external;

    #[test]
    fn each_tool_has_its_lines() {
        for (bundler, expected) in [
            (Bundler::Esbuild, Some("external: ['a', '@b/c'],")),
            (Bundler::Webpack, Some("externals: { a: 'commonjs a', '@b/c': 'commonjs @b/c' },")),
            (Bundler::Ncc, Some("--external a --external @b/c")),
            (Bundler::Unknown, None),
        ] {
            assert_eq!(external(bundler, &["a", "@b/c"]).snippet.as_deref(), expected);
        }
    }
}
