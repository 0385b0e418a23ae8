//! Errors of packages that search for their addon, and don't find it or can't load it.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::modules::{Packing, left_behind, packing};
use super::owner::{GO_BETWEENS, requirer};
use super::paths::{package_of, package_of_request, plain};
use super::systems::platform_of;
use super::text::{Window, pattern};
use crate::model::{Code, Libc};
use crate::runtime::registry;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Could not locate the bindings file. Tried:", read: bindings },
    Known { anchor: "No native build was found for ", read: node_gyp_build },
    Known { anchor: "Cannot find native binding.", read: napi_rs },
    Known { anchor: "Failed to load native binding", read: napi_rs },
    Known { anchor: "Cannot find module ", read: missing_module },
    Known { anchor: "Could not load the \"sharp\" module", read: sharp },
    Known { anchor: "You installed esbuild for another platform", read: esbuild_platform },
    Known { anchor: "\" could not be found, and is needed by esbuild", read: esbuild_missing },
    Known { anchor: "Failed to load SWC binary for ", read: swc },
    Known { anchor: "No prebuild or local build of ", read: parcel },
    Known { anchor: "Failed to find binding for ", read: pkg_prebuilds },
    Known { anchor: "Failed to load native ", read: tried },
];

fn absence(code: Code, summary: impl Into<String>, why: impl Into<String>) -> Finding {
    Finding::of(code, Weight::Absence, summary, why)
}

const NOT_RUN: &str = "its install script didn't run or failed: package managers keep scripts from \
    running, or a download was blocked";

fn bindings(window: &Window<'_>) -> Option<Finding> {
    // The text is quoted in prose.
    if window.rest().contains('`') || window.rest().contains("...") {
        return None;
    }
    // " → /app/node_modules/x/build/x.node". Windows consoles replace the arrow.
    let package =
        window.after().lines().take(3).find_map(|line| package_of(&line[..line.find(".node")?]));
    // In Deno's cache it looks in its own folder.
    let package =
        package.filter(|name| !GO_BETWEENS.contains(&name.as_str())).or_else(|| requirer(window));
    if let Some(packing) = packing(window) {
        return Some(left_behind(packing).in_package(package));
    }
    let finding =
        absence(Code::NotBuilt, "the package has no addon where it looks for it", NOT_RUN);
    Some(finding.in_package(package))
}

fn node_gyp_build(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([^\n]{1,400})").captures(window.after())?[1].to_owned();
    let value = |key: &str| {
        said.split_whitespace()
            .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
            .map(str::to_owned)
    };
    let system = format!("{}-{}", value("platform")?, value("arch")?);
    let runtime = value("runtime").unwrap_or_default();
    let from = pattern!(r"^[^\n]*<nl>\s*loaded from: ([^\n]+)").captures(window.after());
    let package = from.and_then(|from| package_of(&format!("{}/x", plain(&from[1]))));
    let package = package.or_else(|| requirer(window));
    if let Some(packing) = packing(window).or(value("webpack").map(|_| Packing::Bundle)) {
        return Some(left_behind(packing).in_package(package));
    }
    let why = if value("libc").and_then(|libc| Libc::from_name(&libc)) == Some(Libc::Musl) {
        "the package has no prebuilt file for musl, and none was compiled when it was installed"
            .to_owned()
    } else {
        "the package has no prebuilt file for it, and none was compiled when it was installed"
            .to_owned()
    };
    let of = value("electron").map_or_else(
        || value("node").map(|node| format!("Node.js {node}")),
        |version| Some(format!("Electron {version}")),
    );
    let finding = absence(
        Code::NoMatchingPrebuild,
        format!("no file for {} on {system}", of.unwrap_or(runtime)),
        why,
    );
    let said_by = value("abi").and_then(|abi| abi.parse().ok());
    Some(Finding { said_by, ..finding }.in_package(package))
}

/// Loaders that napi-rs generates print this for every failure. The real error is among the causes,
/// and has more weight.
fn napi_rs(window: &Window<'_>) -> Option<Finding> {
    let why = "the package found no file that loads; its message suspects a bug in npm, but the \
        real reason is in the error's causes";
    let finding = Finding::of(
        Code::MissingPlatformPackage,
        Weight::Guess,
        "none of the package's files loads",
        why,
    )
    .unsure();
    Some(finding.in_package(requirer(window)))
}

/// "Cannot find module 'X'", if X is a file of an addon, or a platform package.
fn missing_module(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r#"^(?:'([^'\n]+)'|"([^"\n]+)"|(@?[\w./-]{1,300}))"#).captures(window.after())?;
    let name =
        said.get(1).or_else(|| said.get(2)).or_else(|| said.get(3))?.as_str().trim_end_matches('.');
    let is_relative =
        name.starts_with('.') || name.starts_with('/') || plain(name).get(1..3) == Some(":\\");
    if is_relative {
        let is_built = ["build/Release/", "build/Debug/", r"build\Release\", r"build\Debug\"]
            .iter()
            .any(|part| name.contains(part));
        let package = package_of(name).or_else(|| requirer(window)).or_else(|| in_sentence(window));
        if !is_built && is_platform_file(name) {
            let why = "it is in an optional package for one system, which was not installed: \
                node_modules or a lockfile comes from another system, or optional packages were \
                omitted";
            // In a chain of errors the one that names the package has more information.
            let finding = Finding::of(
                Code::MissingPlatformPackage,
                Weight::Guess,
                format!("the file {name} is missing"),
                why,
            );
            let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
            let package_name = file.trim_end_matches(".node").replacen('.', "-", 1);
            return Some(finding.lacks_package(package_name).in_package(package).unsure());
        }
        if !is_built && !name.ends_with(".node") {
            return None;
        }
        if let Some(packing) = packing(window) {
            return Some(left_behind(packing).in_package(package));
        }
        if let Some(finding) = of_one_abi(name) {
            return Some(finding.in_package(package));
        }
        return Some(
            absence(Code::NotBuilt, format!("the addon {name} is missing"), NOT_RUN)
                .in_package(package),
        );
    }
    // "@duckdb/node-bindings-linux-x64/duckdb.node"
    let name = package_of_request(name)?;
    let name = name.as_str();
    let system = platform_of(name)?;
    if is_seldom(system) {
        return Some(seldom(name, system).package(name).in_package(requirer(window)));
    }
    let why = "it is an optional package for one system, which was not installed: node_modules or \
        a lockfile comes from another system, or optional packages were omitted";
    // Loaders of napi-rs first request a file for all processors, which few packages have.
    let weight = if system.ends_with("universal") { Weight::Guess } else { Weight::Absence };
    let finding = Finding::of(
        Code::MissingPlatformPackage,
        weight,
        format!("the package {name}, for {system}, isn't installed"),
        why,
    );
    let finding = finding.lacks_package(name.to_owned());
    // "npm has a bug …": the stack names the package that requires it.
    Some(finding.package(name).in_package(requirer(window)))
}

/// sharp before 0.33: "Something went wrong installing the "sharp" module" before the error.
fn in_sentence(window: &Window<'_>) -> Option<String> {
    let lines: Vec<&str> = window.all_before().lines().rev().take(3).collect();
    let said =
        lines.iter().find_map(|line| pattern!(r#"the "(<package>)" module"#).captures(line))?;
    Some(said[1].to_owned())
}

/// A file for one ABI that the package ships: "uws_linux_x64_108.node".
fn of_one_abi(name: &str) -> Option<Finding> {
    let said = pattern!(r"_(\w{3,10}?)_(\w{3,8}?)_(\d{2,4})\.node$").captures(name)?;
    let abi: i32 = said[3].parse().ok()?;
    let node = registry::name_of_abi(abi)?;
    let summary =
        format!("the package has no file for {node} (ABI {abi}) on {}-{}", &said[1], &said[2]);
    let why = "it ships one file for each release of Node.js that it supports";
    let how = format!(
        "Use a version of the package that supports {node}, or a Node.js that it has a file for; \
            it can't be compiled"
    );
    Some(absence(Code::NoMatchingPrebuild, summary, why).advice(how))
}

/// Systems for which few packages have files.
fn is_seldom(system: &str) -> bool {
    const SELDOM: [&str; 9] =
        ["loong64", "riscv64", "ppc64", "s390x", "openbsd", "netbsd", "sunos", "aix", "android"];
    SELDOM.iter().any(|part| system.contains(part))
}

fn seldom(name: &str, system: &str) -> Finding {
    let why = "packages publish files for common systems only";
    absence(
        Code::MissingPlatformPackage,
        format!(
            "the package {name}, for {system}, isn't installed; perhaps it was never published"
        ),
        why,
    )
    .lacks_package(name)
    .unsure()
    .command(
        "See whether it exists; if it doesn't, use a version of the package in WebAssembly or \
            another system",
        &["npm", "view", name],
    )
}

/// True for the name of the local file that loaders of napi-rs require before the platform package.
/// This file is normally missing.
fn is_platform_file(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.ends_with(".node")
        && file
            .trim_end_matches(".node")
            .rsplit('.')
            .next()
            .is_some_and(|part| platform_of(part).is_some())
}

fn platform_package(package: &str, summary: String) -> Finding {
    let why = "the packages for one system are optional, and this one was not installed: \
        node_modules or a lockfile comes from another system, or optional packages were omitted";
    absence(Code::MissingPlatformPackage, summary, why).package(package)
}

/// sharp's library, which only another package of sharp contains; the system's libvips never fits.
/// `@img/sharp-linux-x64` → `@img/sharp-libvips-linux-x64`. A text without the platform package has
/// at least the exact release in the library's name, which no distribution has.
pub(super) fn libvips(library: &str, window: &Window<'_>) -> Option<Finding> {
    if !library.starts_with("libvips-cpp.so") {
        return None;
    }
    // The platform package is named in the line itself, or in the stack after it.
    let text = &window.text[window.all_before().len() - window.before().len()..];
    let said = pattern!(r"@img[/+]sharp-((?:linux|linuxmusl)-[a-z0-9]{2,10})").captures(text);
    let Some(said) = said else {
        let is_of_sharp = pattern!(r"^libvips-cpp\.so\.\d+\.\d+\.\d+$").captures(library).is_some();
        let why = format!(
            "{library} is part of a package of sharp, @img/sharp-libvips-<system>, which was not \
                installed or not copied; the system's libvips isn't compatible"
        );
        let summary = format!("the library {library} is missing");
        return is_of_sharp.then(|| {
            Finding::refusal(Code::MissingLibrary, summary, why)
                .package("sharp")
                .advice("Install sharp again with its optional dependencies, on this system")
        });
    };
    let name = format!("@img/sharp-libvips-{}", &said[1]);
    let why = format!(
        "{library} is part of {name}, an optional package of sharp: it was not installed or not \
            copied, and the system's libvips isn't compatible"
    );
    let finding = Finding::refusal(
        Code::MissingPlatformPackage,
        format!("the package {name} isn't installed"),
        why,
    );
    Some(finding.lacks_package(name))
}

fn sharp(window: &Window<'_>) -> Option<Finding> {
    let system = pattern!(r"^ (?:module )?using the ([\w-]{1,40}) runtime")
        .captures(window.after())
        .map(|said| said[1].to_owned());
    let system = system.unwrap_or_else(|| "this system".to_owned());
    let name = format!("@img/sharp-{system}");
    Some(
        Finding {
            certain: false,
            ..platform_package("sharp", format!("sharp has no file for {system}"))
        }
        .lacks_package(name),
    )
}

fn esbuild_platform(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r#""(@esbuild/[\w-]{1,40})" package is present but this platform<nl>needs the "#,
        r#""(@esbuild/[\w-]{1,40})""#
    )
    .captures(window.after());
    let summary = match &said {
        Some(said) => format!(
            "esbuild is installed for another system: {} is installed, {} is needed",
            &said[1], &said[2]
        ),
        None => "esbuild is installed for another system".to_owned(),
    };
    let needed = said.map_or_else(|| "@esbuild/…".to_owned(), |said| said[2].to_owned());
    Some(platform_package("esbuild", summary).lacks_package(needed))
}

fn esbuild_missing(window: &Window<'_>) -> Option<Finding> {
    let name = pattern!(r#""(@esbuild/[\w-]{1,40})$"#).captures(window.before())?[1].to_owned();
    Some(
        platform_package("esbuild", format!("the package {name} isn't installed"))
            .lacks_package(name),
    )
}

fn swc(window: &Window<'_>) -> Option<Finding> {
    let system = pattern!(r"^([\w/]{1,40})").captures(window.after())?[1].replace('/', "-");
    Some(
        platform_package("next", format!("SWC, the compiler of Next.js, has no file for {system}"))
            .unsure(),
    )
}

fn parcel(window: &Window<'_>) -> Option<Finding> {
    let package = pattern!(r"^(@?[\w/.-]{1,100}) found").captures(window.after())?[1].to_owned();
    let tried = pattern!(r"Tried (@?[\w/.-]{1,100})")
        .captures(window.after())
        .map(|said| said[1].trim_end_matches('.').to_owned());
    let finding = platform_package(&package, format!("{package} has no file for this system"));
    Some(match tried {
        Some(tried) => finding.lacks_package(tried),
        None => finding,
    })
}

fn pkg_prebuilds(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([\w@./-]{1,100})<nl>Tried paths:").captures(window.after())?;
    let package =
        window.after().lines().take(4).find_map(|line| package_of(&line[..line.find(".node")?]));
    let why =
        "the package has no prebuilt file for it, and none was compiled when it was installed";
    Some(
        absence(Code::NoMatchingPrebuild, format!("no file of {} for this system", &said[1]), why)
            .in_package(package),
    )
}

/// A loader that a package's author wrote, and that names the system and the files: "Failed to load
/// native module for linux-x64. Tried: ../rust/x.linux-x64-gnu.node and ../rust/x.node"
fn tried(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^(?:module|addon|binding|library) for ",
        r"([a-z0-9]{3,10}[-_][a-z0-9_]{3,10}(?:-[a-z]{3,9})?)\b",
        r"[^\n]{0,40}(?:<nl>| )[^\n]{0,40}\.node\b"
    )
    .captures(window.after())?;
    let system = platform_of(&said[1])?.to_owned();
    let package = requirer(window);
    if let Some(packing) = packing(window) {
        return Some(left_behind(packing).in_package(package));
    }
    let why = "the package has no file for it where it looks: it has none for this system, its \
        install script didn't run, or a bundler didn't copy it";
    let finding =
        Finding::of(Code::NoMatchingPrebuild, Weight::Guess, format!("no file for {system}"), why);
    Some(finding.in_package(package).unsure())
}
