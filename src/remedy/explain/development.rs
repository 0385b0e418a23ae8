//! Development files of system libraries that a package is compiled with: headers, entries of
//! pkg-config, libraries to link with (data/development.json).

use std::sync::LazyLock;

use serde::Deserialize;

use super::compilers::NEWER_COMPILER;
use super::finding::{Finding, Weight};
use super::known::Known;
use super::node_gyp::{in_build, is_of_gyp, toolchain};
use super::text::{Window, pattern};
use crate::files::own_json;
use crate::model::ErrorCode;
use crate::model::problem::linking::{PackageSource, SystemPackages};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "fatal error: ", read: header_of_gcc },
    Known { anchor: "fatal error C1083: ", read: header_of_msvc },
    Known { anchor: "No package '", read: module },
    Known { anchor: " was not found in the pkg-config search path", read: module_before },
    Known { anchor: ", required by 'virtual:world', not found", read: module_before },
    Known { anchor: "cannot find -l", read: link },
    Known { anchor: "library not found for -l", read: link },
    Known { anchor: "ld: library '", read: link_of_mac },
];

#[derive(Deserialize)]
struct Table {
    libraries: Vec<Library>,
}

/// The names by which a library is recognized, and the packages with its development files.
#[derive(Deserialize)]
struct Library {
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    modules: Vec<String>,
    #[serde(default)]
    links: Vec<String>,
    #[serde(flatten)]
    packages: SystemPackages,
}

static LIBRARIES: LazyLock<Vec<Library>> = LazyLock::new(|| {
    let read: Result<Table, _> = own_json(include_str!("data/development.json"));
    read.map(|table| table.libraries).unwrap_or_default()
});

/// Headers of the C++ standard library, and the standard that added them.
const OF_STANDARDS: [(&str, &str); 14] = [
    ("bit", "20"),
    ("charconv", "17"),
    ("compare", "20"),
    ("concepts", "20"),
    ("coroutine", "20"),
    ("expected", "23"),
    ("filesystem", "17"),
    ("numbers", "20"),
    ("optional", "17"),
    ("ranges", "20"),
    ("source_location", "20"),
    ("span", "20"),
    ("string_view", "17"),
    ("variant", "17"),
];

/// Headers of packages on npm.
const OF_NPM: [(&str, &str); 3] =
    [("nan.h", "nan"), ("napi.h", "node-addon-api"), ("napi-inl.h", "node-addon-api")];

fn missing(summary: String, library: Option<&Library>, window: &Window<'_>) -> Finding {
    let how = library.and_then(|library| {
        let named = library.packages.named(&PackageSource::ALL);
        (!named.is_empty()).then(|| format!("Install {}", named.join(", ")))
    });
    let why = "there was no prebuilt file, so npm tried to compile it, and the development files \
        of a library aren't installed";
    let finding =
        Finding::error(ErrorCode::LibraryHeadersMissing, Weight::Build, summary, why).failed();
    in_build(finding, window).advice(how.unwrap_or_else(|| {
        "Install the development package that has it (its name often ends in -dev or -devel), or \
            use a version of the package with a prebuilt file"
            .to_owned()
    }))
}

fn header(name: &str, window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    if let Some((_, standard)) = OF_STANDARDS.iter().find(|(header, _)| *header == name) {
        let summary =
            format!("the C++ compiler is too old: it has no header {name} of C++{standard}");
        let why = "the package, or the headers of this Node.js, need a newer standard library";
        return Some(in_build(toolchain(&summary, why), window).advice(NEWER_COMPILER));
    }
    if let Some((_, package)) = OF_NPM.iter().find(|(header, _)| *header == name) {
        let why = "the package is compiled with the headers of another package, which isn't \
            installed beside it";
        let summary = format!("{name} is missing, which is part of {package}");
        return Some(
            in_build(toolchain(&summary, why), window)
                .advice(format!("Add {package} to the project, and install again")),
        );
    }
    let library =
        LIBRARIES.iter().find(|library| library.headers.iter().any(|known| known == name));
    // A file of the package itself doesn't belong to a library.
    if library.is_none() && (name.starts_with('.') || window.line().contains("vcxproj")) {
        return None;
    }
    let summary = format!("the header {name} is missing, which the package is compiled with");
    Some(missing(summary, library, window))
}

/// gcc: "../src/Image.h:19:21: fatal error: gif_lib.h: No such file or directory"; clang: "fatal
/// error: 'gif_lib.h' file not found"
fn header_of_gcc(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^(?:([\w./+-]{1,200}): No such file or directory|'([\w./+-]{1,200})' file not found)"
    )
    .captures(window.after())?;
    header(said.get(1).or_else(|| said.get(2))?.as_str(), window)
}

fn header_of_msvc(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"'([\w./+-]{1,200})': No such file").captures(window.rest())?;
    header(&said[1], window)
}

fn of_module(name: &str, window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let library =
        LIBRARIES.iter().find(|library| library.modules.iter().any(|known| known == name));
    let summary =
        format!("the development files of {name} are missing, which the package is compiled with");
    Some(missing(summary, library, window))
}

/// "No package 'pangocairo' found"
fn module(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([\w.+-]{1,100})' found").captures(window.after())?;
    of_module(&said[1], window)
}

/// "Package pangocairo was not found in the pkg-config search path."
fn module_before(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"Package '?([\w.+-]{1,100})'?$").captures(window.before())?;
    of_module(&said[1], window)
}

fn of_link(name: &str, window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let library = LIBRARIES.iter().find(|library| library.links.iter().any(|known| known == name));
    let summary = format!("the library {name} is missing, which the package is compiled with");
    Some(missing(summary, library, window))
}

/// "/usr/bin/ld: cannot find -lxcb", "ld: library not found for -lz"
fn link(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([\w.+-]{1,100})").captures(window.after())?;
    of_link(&said[1], window)
}

/// "ld: library 'z' not found"
fn link_of_mac(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([\w.+-]{1,100})' not found").captures(window.after())?;
    of_link(&said[1], window)
}

#[cfg(test)]
mod tests {
    use super::{LIBRARIES, Library};

    #[test]
    fn the_table_is_read_and_has_no_duplicates() {
        assert!(!LIBRARIES.is_empty());
        type Names = fn(&Library) -> &Vec<String>;
        let lists: [Names; 3] = [|of| &of.headers, |of| &of.modules, |of| &of.links];
        for list in lists {
            let mut names: Vec<&String> = LIBRARIES.iter().flat_map(list).collect();
            names.sort();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }
}
