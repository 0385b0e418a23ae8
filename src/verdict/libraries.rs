//! What the operating system's loader finds or misses before Node is asked: libraries and their versions.

use super::{Case, Code, Problem, Verdict, words};
use crate::linking::Libraries;

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    libc(case, verdict);
    if verdict.decided() {
        return;
    }
    let Some(linkage) = case.linkage else { return };
    match &linkage.libraries {
        Some(libraries) => found(case, libraries, verdict),
        None => floor(case, verdict),
    }
    if verdict.decided() {
        return;
    }
    let libraries = match case.image.map_or(0, |image| image.libraries.len()) {
        1 => "1 needed library".to_owned(),
        more => format!("{more} needed libraries"),
    };
    let symbols = match linkage.needed_symbols {
        1 => "1 needed function".to_owned(),
        more => format!("{more} needed functions"),
    };
    match (&linkage.libraries, &linkage.symbols) {
        (Some(_), Some(_)) => {}
        (Some(_), None) => verdict.undetermined("linking", format!("not examined: {symbols}")),
        (None, Some(_)) => verdict.undetermined("linking", format!("not examined: {libraries}")),
        (None, None) => verdict.undetermined("linking", format!("not examined: {libraries} and {symbols}")),
    }
}

/// What the search on this system came to.
fn found(case: &Case<'_>, libraries: &Libraries, verdict: &mut Verdict) {
    let for_whom = |needed_by: &Option<String>| match needed_by {
        Some(library) => format!(" for {}", file_name(library)),
        None => String::new(),
    };
    match libraries {
        Libraries::Found => {}
        Libraries::Missing { library, needed_by } => {
            let message = format!("needs the library {library}{}, which isn't installed here", for_whom(needed_by));
            let problem = Problem::error(Code::MissingLibrary, message).with("library", library.as_str());
            verdict.throws(Some(missing_library(case, library)), problem.with("neededBy", needed_by.clone()));
        }
        Libraries::Invalid { path } => {
            let message = format!("needs the library {}, and {path} is no library", file_name(path));
            let problem = Problem::error(Code::MissingLibrary, message).with("library", file_name(path));
            verdict.throws(Some(format!("{path}: invalid ELF header")), problem);
        }
        Libraries::TooOld { path, version, needed_by } => {
            let text =
                format!("{path}: version `{version}' not found (required by {})", needed_by.as_deref().unwrap_or(case.file));
            let problem = too_old(case, file_name(path), version, &for_whom(needed_by));
            verdict.throws(Some(text), problem);
        }
    }
}

/// The problem of a library that lacks a version asked for.
fn too_old(case: &Case<'_>, library: &str, version: &str, for_whom: &str) -> Problem {
    let (code, message) = if let Some(glibc) = version.strip_prefix("GLIBC_") {
        let message = format!("needs glibc {glibc} or newer{for_whom}, {}", words::system(case.runtime));
        (Code::GlibcTooOld, message)
    } else if version.starts_with("GLIBCXX_") || version.starts_with("CXXABI_") {
        (Code::LibstdcxxTooOld, format!("needs a newer libstdc++{for_whom}: the one here has no {version}"))
    } else {
        (Code::MissingLibrary, format!("needs another version of {library}{for_whom}: the one here has no {version}"))
    };
    Problem::error(code, message).with("library", library).with("required", version)
}

/// Of a system that isn't this one, the version of its glibc may be known.
fn floor(case: &Case<'_>, verdict: &mut Verdict) {
    let (Some(image), Some("glibc")) = (case.image, case.runtime.libc.as_deref()) else { return };
    let (Some(needs), Some(has)) = (&image.libc_version, &case.runtime.libc_version) else { return };
    let parse = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    if image.libc == Some("glibc") && parse(needs) > parse(has) {
        verdict.throws(None, too_old(case, "libc.so.6", &format!("GLIBC_{needs}"), "").with("floor", has.as_str()));
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The part of linking that the library names alone decide: another system's or another libc's libraries.
fn libc(case: &Case<'_>, verdict: &mut Verdict) {
    let found_all = case.linkage.is_some_and(|linkage| linkage.libraries == Some(Libraries::Found));
    let (Some(image), "linux") = (case.image, case.runtime.platform.as_str()) else { return };
    if let Some(platform) = image.platform.filter(|platform| *platform != "linux") {
        let problem = Problem::error(
            Code::WrongPlatform,
            format!("built for {}, {}", words::platform(platform), words::system(case.runtime)),
        )
        .with("builtFor", platform)
        .with("required", "linux");
        return decide(verdict, found_all, problem, text_of_search(case));
    }
    let (Some(built_for), Some(has)) = (image.libc, case.runtime.libc.as_deref()) else { return };
    if built_for == has {
        return;
    }
    let decisive = image.libraries.iter().find(|library| match built_for {
        "musl" => library.name.starts_with("libc.musl-") || library.name == "libc.so",
        _ => library.name.starts_with("ld-linux"),
    });
    let Some(decisive) = decisive else {
        verdict.unknown("libc", format!("built for {built_for}, and whether it works with {has} hasn't been examined"));
        return;
    };
    let problem = Problem::error(
        Code::WrongLibc,
        format!("built for {built_for}, {} (it needs {})", words::system(case.runtime), decisive.name),
    )
    .with("builtFor", built_for)
    .with("required", has)
    .with("library", decisive.name.as_str());
    let on_musl = case.runtime.libc.as_deref() == Some("musl");
    let message = if on_musl { Some(missing_library(case, &decisive.name)) } else { text_of_search(case) };
    decide(verdict, found_all, problem, message);
}

/// A foreign file fails for want of its libraries; where they are all here, by whatever chance, nobody knows.
fn decide(verdict: &mut Verdict, found_all: bool, problem: Problem, text: Option<String>) {
    if found_all {
        verdict.unknown("libc", format!("{}, yet all its libraries are here", problem.message));
    } else {
        verdict.throws(text, problem);
    }
}

/// The text for the first library that isn't found, where somebody looked.
fn text_of_search(case: &Case<'_>) -> Option<String> {
    let mut search = Verdict::new();
    found(case, case.linkage?.libraries.as_ref()?, &mut search);
    search.loader_message
}

/// What the loader says of a library that isn't there.
fn missing_library(case: &Case<'_>, name: &str) -> String {
    if case.runtime.libc.as_deref() == Some("musl") {
        format!("Error loading shared library {name}: No such file or directory (needed by {})", case.file)
    } else {
        format!("{name}: cannot open shared object file: No such file or directory")
    }
}
