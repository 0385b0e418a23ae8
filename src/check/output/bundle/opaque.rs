//! Bundles without a readable source map. Their modules can't be told apart, so what is in them
//! isn't judged; a report that says nothing about it would be taken for "no problem".

use super::module::{Bundle, Bundler};
use crate::model::Problem;
use crate::model::problem::file::{Subject, Undetermined};

/// What a package reads to find the file or the package for this processor.
const PROCESSOR: [&str; 3] = ["process.arch", ".arch()", ".arch)()"];
/// The end of the name of an addon, in a text or in a regular expression.
const ADDON: [&str; 4] = [".node\"", ".node'", ".node`", ".node$"];

/// True if packages in a bundle, or in another script, may search for an addon: all loaders and
/// packages with an own one have both. Many others have the processor, for the name that they give
/// to a server.
pub(super) fn may_search(text: &str) -> bool {
    [&PROCESSOR[..], &ADDON[..]].iter().all(|words| words.iter().any(|word| text.contains(word)))
}

/// A problem for each bundle that may have native packages in it that can't be seen.
pub(super) fn unseen(bundles: &[Bundle]) -> Vec<Problem> {
    let is_opaque = |bundle: &&Bundle| bundle.modules.is_empty() && may_search(&bundle.text);
    bundles.iter().filter(is_opaque).map(problem).collect()
}

fn problem(bundle: &Bundle) -> Problem {
    let how = match bundle.bundler {
        Bundler::Webpack => "build it with devtool: 'source-map'",
        Bundler::Ncc => "build it with --source-map",
        Bundler::Esbuild => "build it with --sourcemap",
        Bundler::Unknown => {
            "build it with a source map (esbuild: --sourcemap, webpack: devtool: 'source-map')"
        }
    };
    let message = format!(
        "{} is a bundle without a source map, so abi-guard can't see the packages in it: to check \
            them, {how}",
        bundle.path
    );
    Problem::warning(Undetermined { what: Subject::Bundle }, message)
}

/// True for a minified bundle of esbuild or webpack. It doesn't say which of them wrote it: a
/// package may have been bundled before it was published.
pub(super) fn is_minified(text: &str) -> bool {
    has_minified_esbuild(text) || returns_exports(text)
}

/// True if a text has the function with which esbuild runs a module:
/// `((t={exports:{}}).exports,t)`.
pub(super) fn has_minified_esbuild(text: &str) -> bool {
    text.contains("(mod={exports:{}})") || text.contains("={exports:{}}).exports")
}

/// True if a text has what webpack writes to return a module that has run: `var o=t[n];if(void
/// 0!==o)return o.exports`, or in its fourth version `if(t[n])return t[n].exports`.
fn returns_exports(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), b")return ").any(|at| {
        let (before, after) = (&text[..at], &text[at + ")return ".len()..]);
        let name =
            after.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_$[]".contains(byte));
        let name = &after[..name.count()];
        let is_exported = after[name.len()..].starts_with(".exports");
        is_exported
            && !name.is_empty()
            && before
                .strip_suffix(name)
                .is_some_and(|it| it.ends_with("if(void 0!==") || it.ends_with("if("))
    })
}

#[cfg(test)]
mod tests {
    use super::is_minified;

    #[test]
    fn a_minified_bundle_has_the_function_that_runs_a_module() {
        let webpack5 = "var t={};function n(r){var o=t[r];if(void 0!==o)return o.exports;var i=\
            t[r]={exports:{}};return e[r](i,i.exports,n),i.exports}";
        let webpack4 = "var t={};function n(r){if(t[r])return t[r].exports;var o=t[r]={i:r}";
        let esbuild = "var a=(e,t)=>()=>(t||e((t={exports:{}}).exports,t),t.exports);";
        for bundle in [webpack5, webpack4, esbuild] {
            assert!(is_minified(bundle), "{bundle}");
        }
        for other in ["if(void 0!==o)return a.exports", "if(o)return o.export", "f(o)return ;", ""]
        {
            assert!(!is_minified(other), "{other}");
        }
    }
}
