//! Packages whose JavaScript is in a bundle or in a packed executable, and searches for its addon
//! relative to itself.

use super::bundlers::EXTERNAL;
use super::context::EXECUTABLES;
use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::{package_of, package_of_request};
use super::systems::is_for_one_system;
use super::text::{Window, pattern};
use crate::model::ErrorCode;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Could not dynamically require \"", read: dynamic },
    Known {
        anchor: "was not included into executable at compilation stage",
        read: outside_of_executable,
    },
    Known { anchor: "Could not find module root given file: ", read: module_root },
    Known { anchor: "No such built-in module: ", read: single_executable },
];

/// How the JavaScript was packed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// A bundler bundled it.
    Bundle,
    /// It is in an executable.
    Executable,
}

const BUNDLES: [&str; 9] = [
    ".webpack/",
    ".webpack\\",
    "webpack:///",
    "webpack-internal:///",
    "webpackEmptyContext",
    "__webpack_require__",
    ".vite/build",
    ".vite\\build",
    "webpack=true",
];

/// How the JavaScript in the stack after an error was packed.
pub(super) fn packing(window: &Window<'_>) -> Option<Packing> {
    /// The number of lines that can contain a stack, the list of requiring files, and the tried
    /// paths.
    const STACK: usize = 60;
    window.from().lines().take(STACK).find_map(|line| {
        if EXECUTABLES.iter().any(|mark| line.contains(mark)) {
            return Some(Packing::Executable);
        }
        BUNDLES.iter().any(|mark| line.contains(mark)).then_some(Packing::Bundle)
    })
}

/// The JavaScript of a package is in a bundle, and searches for its files relative to itself.
pub(super) fn left_behind(packing: Packing) -> Finding {
    let (summary, why, how) = match packing {
        Packing::Bundle => (
            "the package was bundled, but its files were not copied",
            "the package looks for its addon in its own folder, which doesn't exist in a bundle",
            format!("{EXTERNAL}; and ship it in node_modules"),
        ),
        Packing::Executable => (
            "the package was packed into an executable without its addon",
            "the system loads an addon from a separate file, and packers include only the files \
                that they see in the code",
            "Name the .node file among the assets of the executable (pkg.assets in package.json), \
                or ship it beside the executable and load it from there"
                .to_owned(),
        ),
    };
    Finding::error(ErrorCode::Bundled, Weight::Refusal, summary, why).advice(how)
}

/// @rollup/plugin-commonjs, which Vite contains, for a `require` whose argument is computed.
fn dynamic(window: &Window<'_>) -> Option<Finding> {
    let request = pattern!(r#"^([^"\n]+)""#).captures(window.after())?[1].to_owned();
    let is_part = package_of_request(&request).is_some_and(|package| is_for_one_system(&package));
    if !request.ends_with(".node") && !is_part {
        return None;
    }
    let packing = packing(window).filter(|packing| *packing == Packing::Executable);
    let finding = left_behind(packing.unwrap_or(Packing::Bundle));
    Some(finding.in_package(package_of(&request)))
}

/// Errors of pkg.
fn outside_of_executable(window: &Window<'_>) -> Option<Finding> {
    let file = pattern!(r"File '([^'\n]+)' $").captures(window.before())?[1].to_owned();
    if !file.ends_with(".node") {
        return None;
    }
    Some(left_behind(Packing::Executable).in_package(package_of(&file)))
}

/// Error of bindings about the file that calls it.
fn module_root(window: &Window<'_>) -> Option<Finding> {
    let finding = left_behind(packing(window).unwrap_or(Packing::Bundle)).unsure();
    Some(finding.in_package(super::owner::requirer(window)))
}

/// Node.js in a single executable application: the `require` of its main script loads built-in
/// modules only.
fn single_executable(window: &Window<'_>) -> Option<Finding> {
    let rest = window.rest();
    let end = rest.find(".node").map(|at| at + ".node".len());
    let end = end.or_else(|| rest.find(['\'', '"', ' '])).unwrap_or(rest.len());
    let request = rest[..end].trim();
    let is_part = package_of_request(request).is_some_and(|package| is_for_one_system(&package));
    if !request.ends_with(".node") && !is_part {
        return None;
    }
    let why = "the require() of a single executable application loads built-in modules only";
    let finding = Finding::error(
        ErrorCode::Bundled,
        Weight::Refusal,
        "a single executable application requires a native addon",
        why,
    );
    let how = "Ship the .node file beside the executable and load it with \
        createRequire(process.execPath), or add it to the assets, write it to a file and load \
        that with process.dlopen";
    let package = package_of(request).or_else(|| package_of_request(request));
    Some(finding.advice(how).in_package(package))
}
