//! Errors of bundlers at a file that they can't bundle, and packages whose files a bundle doesn't
//! include.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::owner::{GO_BETWEENS, requirer};
use super::paths::{addon_in, package_of};
use super::systems::is_for_one_system;
use super::text::{Window, pattern};
use crate::model::ErrorCode;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "No loader is configured for \".node\" files", read: esbuild },
    Known { anchor: "Module parse failed: Unexpected ", read: webpack },
    Known { anchor: "non-ecmascript placeable asset", read: turbopack },
    Known { anchor: "Reading source code for parsing failed", read: turbopack_source },
    Known { anchor: "This module doesn't have an associated type", read: turbopack_source },
    Known { anchor: "\nUnknown module type", read: turbopack_source },
    Known {
        anchor: "Note that you need plugins to import files that are not JavaScript",
        read: rollup,
    },
    Known { anchor: "Could not resolve \"", read: unresolved },
    Known { anchor: "Could not resolve: \"", read: unresolved },
    Known { anchor: "Could not resolve require(\"", read: unresolved },
    Known { anchor: "could not resolve \"", read: turbopack_binding },
    Known { anchor: "Dynamic require of \"", read: dynamic_require },
    Known { anchor: "implement .node loader for ", read: bun },
    Known { anchor: "Unexpected character '", read: rollup_alone },
    Known { anchor: "Module not found: ", read: not_found },
    Known { anchor: "Rollup failed to resolve import \"", read: unresolved },
];

fn bundled(how: &str) -> Finding {
    let why = "a native addon can't be part of a bundle: it is a library of the system, which is \
        loaded from a file of its own";
    Finding::error(
        ErrorCode::Bundled,
        Weight::Refusal,
        "a bundler tried to include a native addon",
        why,
    )
    .advice(how)
}

/// A file, not JavaScript, of a package with an addon. A bundler that resolves a computed `require`
/// includes whole folders.
fn taken_in(how: &str, package: Option<String>) -> Finding {
    let why = "the package chooses at run time which file it loads, so the bundler includes \
        whole folders, and the files of other systems aren't installed";
    Finding::error(
        ErrorCode::Bundled,
        Weight::Refusal,
        "a bundler tried to include a package with a native addon",
        why,
    )
    .advice(how)
    .in_package(package)
}

fn esbuild(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle: --external:<package> or external: \
        ['<package>']; --loader:.node=copy copies the file";
    Some(bundled(how).found_in(window.rest().strip_prefix(": ").and_then(addon_in)))
}

/// The first byte of an ELF, Mach-O or PE file, as terminals show it; some show nothing.
const BYTES: [&str; 7] = ["\u{7f}", "\\u007f", "\\x7f", "\u{fffd}", "\\ufffd", "Ï", "'"];

const EXTERNALS: &str = "Leave the package out of the bundle with externals \
    (serverExternalPackages in Next.js), or use a loader for .node files";
pub(super) const EXTERNAL: &str = "Leave the package out of the bundle: external in esbuild, \
    Rollup and Vite, externals in webpack, serverExternalPackages in Next.js";

/// webpack, alone and in Next.js.
fn webpack(window: &Window<'_>) -> Option<Finding> {
    let is_binary = window
        .after()
        .strip_prefix("character '")
        .is_some_and(|after| BYTES.iter().any(|byte| after.starts_with(byte)));
    if let Some(file) = file_above(window).filter(|_| is_binary) {
        return Some(bundled(EXTERNALS).file(file));
    }
    Some(taken_in(EXTERNALS, importer(window, native_file_above(window)?)))
}

fn turbopack(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle with serverExternalPackages";
    Some(bundled(how).file(file_above(window)?))
}

fn turbopack_source(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle with serverExternalPackages";
    Some(taken_in(how, importer(window, native_file_above(window)?)))
}

/// Packages that packages with addons use, and that contain files of other types.
const HELPERS: [&str; 4] = ["@mapbox/node-pre-gyp", "node-pre-gyp", "node-gyp", "node-gyp-build"];

/// A file in the lines above that isn't for a bundler, of a package that is related to addons.
fn native_file_above<'t>(window: &Window<'t>) -> Option<&'t str> {
    window.all_before().lines().rev().take(4).find(|line| {
        let Some(package) = package_of(line) else { return false };
        is_for_one_system(&package)
            || HELPERS.contains(&package.as_str())
            || line.trim_end().ends_with(".node")
    })
}

/// The package to exclude from the bundle: the first in the import trace that is neither a helper
/// nor a platform package.
fn importer(window: &Window<'_>, file: &str) -> Option<String> {
    let trace = window.after().lines().take(40).filter_map(package_of);
    let named: Vec<String> = trace.collect();
    let is_whole =
        |package: &&String| !is_for_one_system(package) && !GO_BETWEENS.contains(&package.as_str());
    named.iter().find(is_whole).cloned().or_else(|| package_of(file))
}

fn rollup(window: &Window<'_>) -> Option<Finding> {
    let how = "Leave the package out of the bundle with external, or use a plug-in that copies \
        .node files";
    Some(bundled(how).file(
        addon_in(window.before()).or_else(|| file_above(window)).or_else(|| file_below(window))?,
    ))
}

/// Packages that node-pre-gyp requires for its own tests and for publishing. Bundlers resolve these
/// calls too.
const OF_PRE_GYP: [&str; 4] = ["aws-sdk", "mock-aws-s3", "nock", "node-gyp"];

/// True for a file of node-gyp's build, which needs no extension: "../build/Release/krb5".
fn is_in_build(request: &str) -> bool {
    pattern!(r"^(?:\./|\.\./){1,6}build/(?:Release|Debug)/[\w.-]{1,100}$")
        .captures(request)
        .is_some()
        && !request.ends_with(".js")
}

/// True for a request that only a package with an addon makes.
fn is_native(request: &str) -> bool {
    let package = request.split('/').take(2).collect::<Vec<_>>().join("/");
    request.ends_with(".node") || is_in_build(request) || is_for_one_system(&package)
}

/// esbuild, Vite, Rollup: `Could not resolve "../build/Release/x.node"`.
fn unresolved(window: &Window<'_>) -> Option<Finding> {
    let request = pattern!(r#"^([^"\n]{1,400})""#).captures(window.after())?[1].to_owned();
    by_request(window, &request)
}

/// Turbopack: `could not resolve "../build/Release/x.node" into a module`
fn turbopack_binding(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"^([^"\n]{1,400}\.node)" into a module"#).captures(window.after())?;
    let how = "Leave the package out of the bundle with serverExternalPackages";
    let package = package_of(&said[1]).or_else(|| requirer(window));
    Some(bundled(how).in_package(package))
}

/// esbuild's code for a `require` in a bundle that is an ES module: `Dynamic require of "x.node" is
/// not supported`. Cloudflare Workers print it too, and they can't load addons at all.
fn dynamic_require(window: &Window<'_>) -> Option<Finding> {
    let request =
        pattern!(r#"^([^"\n]{1,400})" is not supported"#).captures(window.after())?[1].to_owned();
    if !is_native(&request) {
        return None;
    }
    let how = format!(
        "{EXTERNAL}; a runtime without native addons (Cloudflare Workers, an edge function) needs \
            a package in JavaScript or WebAssembly instead"
    );
    // "Could not load the "sharp" module …", and the requests that failed below it.
    let above: Vec<&str> = window.all_before().lines().rev().take(8).collect();
    let loading =
        above.iter().find_map(|line| pattern!(r#"load the "(<package>)" module"#).captures(line));
    let package = loading.map(|said| said[1].to_owned()).or_else(|| package_of(&request));
    Some(bundled(&how).in_package(package.or_else(|| requirer(window))))
}

/// Bun before 1.1.35: "error: TODO: implement .node loader for Node.js target"
fn bun(_: &Window<'_>) -> Option<Finding> {
    Some(bundled(
        "Leave the package out of the bundle (--external <package>), bundle with --target=bun, or \
            use a newer Bun",
    ))
}

/// "RollupError: Unexpected character '\u{7f}'", without the rest of the sentence. U+007F is the
/// first byte of an ELF file, and in no text.
fn rollup_alone(window: &Window<'_>) -> Option<Finding> {
    let is_elf =
        ["\u{7f}'", "\\u{7f}'", "\\x7f'"].iter().any(|byte| window.after().starts_with(byte));
    let is_binary = is_elf || BYTES.iter().any(|byte| window.after().starts_with(byte));
    if !window.before().ends_with("RollupError: ")
        || window.rest().contains("plugins")
        || !is_binary
    {
        return None;
    }
    let how = "Leave the package out of the bundle with external, or use a plug-in that copies \
        .node files";
    match file_above(window).or_else(|| file_below(window)) {
        Some(file) => Some(bundled(how).file(file)),
        None => is_elf.then(|| bundled(how).unsure()),
    }
}

/// webpack and Next.js: "Module not found: Can't resolve 'x'", "Error: Can't resolve 'x' in 'y'".
fn not_found(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^(?:Error: )?Can't resolve '([^'\n]{1,400})'").captures(window.after())?;
    by_request(window, &said[1])
}

fn by_request(window: &Window<'_>, request: &str) -> Option<Finding> {
    // The file that makes the request is after it, in the same line or the next ones; Next.js names
    // it before.
    let near = |lines: &mut dyn Iterator<Item = &str>| {
        lines.filter_map(package_of).find(|package| !is_for_one_system(package))
    };
    let package = near(&mut window.after().lines().take(12))
        .or_else(|| near(&mut window.all_before().lines().rev().take(3)));
    // No package of npm's registry has such a file in the project's own folder.
    let Some(package) = package else {
        return is_in_build(request).then(|| taken_in(EXTERNAL, None).unsure());
    };
    let is_helper = GO_BETWEENS.contains(&package.as_str());
    let is_of_helper = is_helper && OF_PRE_GYP.contains(&request);
    if !is_native(request) && !is_of_helper {
        return None;
    }
    let package = if is_helper { importer(window, "") } else { Some(package) };
    Some(taken_in(EXTERNAL, package))
}

/// "loc: { file: '…' }"
fn file_below(window: &Window<'_>) -> Option<String> {
    window.after().lines().take(8).find_map(addon_in)
}

/// The file that is named in the lines above.
fn file_above(window: &Window<'_>) -> Option<String> {
    window.all_before().lines().rev().take(4).find_map(addon_in)
}
