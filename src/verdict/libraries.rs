//! The libraries and library versions that the operating system's loader finds or misses, before
//! Node's own checks.

use super::case::{Case, Verdict};
use super::texts::{file_name, missing_text, module_not_found};
use super::{advice, libstdcxx, siblings, words};
use crate::linking::{Libraries, Linkage, Missing};
use crate::model::problem::abi::SecondNode;
use crate::model::problem::file::Subject;
use crate::model::problem::linking::MissingLibrary;
use crate::model::problem::system::{GlibcTooOld, LibstdcxxTooOld, WrongLibc, WrongPlatform};
use crate::model::{Libc, Platform, Problem, RuntimeName};
use crate::versions::numbers;

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    libc(case, verdict);
    if verdict.decided() {
        return;
    }
    let Some(linkage) = case.linkage else { return };
    match &linkage.libraries {
        Some(libraries) => found(case, libraries, verdict),
        None => {
            for family in [siblings::judge, floor, libstdcxx::floor] {
                family(case, verdict);
                if verdict.decided() {
                    return;
                }
            }
        }
    }
    if verdict.decided() {
        return;
    }
    let unexamined =
        if linkage.symbols.is_some() { linkage.undecided_symbols } else { linkage.needed_symbols };
    let of_symbols = linkage.symbols.is_none() || unexamined > 0;
    let symbols = match unexamined {
        1 => "1 needed function".to_owned(),
        more => format!("{more} needed functions"),
    };
    let parts: Vec<String> = unexamined_libraries(case, linkage)
        .into_iter()
        .chain(of_symbols.then_some(symbols))
        .collect();
    if !parts.is_empty() {
        let message = format!("not examined: {}", parts.join(" and "));
        verdict.undetermined(Subject::Linking, message);
    }
}

/// The number of libraries that weren't examined; `None` if all were.
fn unexamined_libraries(case: &Case<'_>, linkage: &Linkage) -> Option<String> {
    if linkage.libraries.is_some() {
        return None;
    }
    let examined = |name: &str| linkage.own.iter().any(|own| file_name(&own.name) == name);
    let names = case.image.iter().flat_map(|image| &image.libraries);
    Some(match names.filter(|library| !examined(&library.name)).count() {
        // The libraries that come with the file are read, but their symbols aren't looked up.
        0 => "the functions that its libraries need".to_owned(),
        1 => "1 needed library".to_owned(),
        more => format!("{more} needed libraries"),
    })
}

/// Node.js as a library (`libnode.so.108`) beside a runtime that contains Node.js. Measured with a
/// Node-API addon that is linked to Debian's libnode.so.108: Node.js 14, 20 and 22 die in the load,
/// 16, 18, 24 and 26 at the end of the process (nodejs/node#63740). A runtime that is itself linked
/// to that library (Debian's) has loaded it already.
pub(super) fn second_node(case: &Case<'_>, verdict: &mut Verdict) {
    if !matches!(case.runtime.kind, RuntimeName::Node | RuntimeName::Electron | RuntimeName::Nw) {
        return;
    }
    let own = case.linkage.map_or(&[][..], |linkage| &linkage.own);
    let Some(library) = own.iter().find(|own| file_name(&own.name).starts_with("libnode.so"))
    else {
        return;
    };
    let message = format!(
        "is linked to {}, and loads a second copy of Node.js into the process, which kills the \
            process",
        file_name(&library.name)
    );
    verdict.crashes(Problem::error(SecondNode { library: library.name.clone() }, message));
}

/// Adds the result of the library search in the runtime's system.
fn found(case: &Case<'_>, libraries: &Libraries, verdict: &mut Verdict) {
    let for_whom = |needed_by: &Option<String>| match needed_by {
        Some(library) => format!(" for {}", file_name(library)),
        None => String::new(),
    };
    let needer =
        |needed_by: &Option<String>| needed_by.clone().unwrap_or_else(|| case.file.to_owned());
    match libraries {
        Libraries::Found => {}
        Libraries::Missing { library, needed_by, searched, beside } => {
            let facts = MissingLibrary {
                needed_by: needed_by.clone(),
                searched: searched.clone(),
                ..MissingLibrary::named(library)
            };
            let text = missing_text(case, library, &needer(needed_by), searched.is_empty());
            verdict.throws(text, missing(case, facts, &for_whom(needed_by), *beside));
        }
        Libraries::TooMany => {}
        Libraries::Truncated { path, needed_by } => {
            let message = format!(
                "needs the library {}{}, whose file ends too early: loading it kills the process",
                file_name(path),
                for_whom(needed_by)
            );
            verdict.crashes(Problem::error(unloadable(path, needed_by), message));
        }
        Libraries::Invalid { path, refusal, needed_by } => {
            let reason = match refusal {
                Some(refusal) => refusal.reason.as_str(),
                None => "it is for another processor",
            };
            let message = format!(
                "needs the library {}{}, and {path} can't be loaded: {reason}",
                file_name(path),
                for_whom(needed_by)
            );
            let text = refusal.as_ref().map(|refusal| refusal.text.clone()).or_else(|| {
                (case.runtime.platform == Platform::Win32).then(|| module_not_found(case))
            });
            verdict.throws(text, Problem::error(unloadable(path, needed_by), message));
        }
        Libraries::TooOld { path, version, needed_by } => {
            let text = format!(
                "{path}: version `{version}' not found (required by {})",
                needer(needed_by)
            );
            let problem = too_old(case, file_name(path), version, &for_whom(needed_by), None);
            verdict.throws(Some(text), problem);
        }
    }
}

/// Facts of a library that was found but can't be loaded.
fn unloadable(path: &str, needed_by: &Option<String>) -> MissingLibrary {
    MissingLibrary { needed_by: needed_by.clone(), ..MissingLibrary::named(file_name(path)) }
}

/// The problem for a library that was not found. `beside`: a file of that name is in the image's
/// own folder, where the loader doesn't look.
fn missing(case: &Case<'_>, facts: MissingLibrary, for_whom: &str, beside: bool) -> Problem {
    let library = facts.library.as_str();
    if case.runtime.libc == Some(Libc::Musl) && library.starts_with("ld-linux") {
        return wrong_libc(case, Libc::Glibc, library);
    }
    if let Some(problem) = siblings::of_sibling(case, facts.clone()) {
        return problem;
    }
    let (advice, packages) = advice::install(library, case.runtime).unzip();
    let message = match advice {
        _ if beside => format!(
            "needs the library {library}{for_whom}; it is in the folder of the file, where the \
                loader doesn't look: the file has no RUNPATH of $ORIGIN"
        ),
        Some(advice) => {
            format!("needs the library {library}{for_whom}, which isn't installed here: {advice}")
        }
        None => format!("needs the library {library}{for_whom}, which isn't installed here"),
    };
    Problem::error(MissingLibrary { packages, ..facts }, message)
}

/// The problem for a library that lacks a required version. `floor` is the version of the target's
/// glibc, if only that was compared.
fn too_old(
    case: &Case<'_>,
    library: &str,
    version: &str,
    for_whom: &str,
    floor: Option<String>,
) -> Problem {
    let with_releases = |message: String, since: Option<String>| match since {
        Some(since) => format!("{message} ({since})"),
        None => message,
    };
    let (library, required) = (library.to_owned(), version.to_owned());
    if let Some(glibc) = version.strip_prefix("GLIBC_") {
        let message =
            format!("needs glibc {glibc} or newer{for_whom}, {}", words::system(case.runtime));
        let facts = GlibcTooOld { library: Some(library), required: Some(required), floor };
        Problem::error(facts, with_releases(message, advice::since_glibc(glibc)))
    } else if version.starts_with("GLIBCXX_") || version.starts_with("CXXABI_") {
        let message = format!(
            "needs a newer libstdc++{for_whom}: the installed one has no \
            {version}"
        );
        let since = libstdcxx::since(version);
        Problem::error(LibstdcxxTooOld { library, required }, with_releases(message, since))
    } else {
        let message = format!(
            "needs another version of {library}{for_whom}: the installed one has no \
                {version}"
        );
        let facts = MissingLibrary { required: Some(required), ..MissingLibrary::named(library) };
        Problem::error(facts, message)
    }
}

/// Compares the glibc versions for a runtime on another system, whose libraries can't be searched.
/// The file's own libraries need a version, too.
fn floor(case: &Case<'_>, verdict: &mut Verdict) {
    let (Some(image), Some(Libc::Glibc)) = (case.image, case.runtime.libc) else { return };
    let Some(has) = &case.runtime.libc_version else { return };
    if image.libc == Some(Libc::Glibc)
        && let Some(needs) = &image.libc_version
        && numbers(needs) > numbers(has)
    {
        let version = format!("GLIBC_{needs}");
        let problem = too_old(case, "libc.so.6", &version, "", Some(has.clone()));
        return verdict.throws(None, problem);
    }
    let is_newer = |version: &str| version.strip_prefix("GLIBC_").and_then(numbers) > numbers(has);
    for own in case.linkage.iter().flat_map(|linkage| &linkage.own) {
        let newer = own.needs.iter().find_map(|need| {
            let version = need.versions.iter().find(|version| is_newer(version))?;
            Some((&need.library, version))
        });
        if let Some((library, version)) = newer {
            let for_whom = format!(" for {}", file_name(&own.name));
            let problem = too_old(case, library, version, &for_whom, Some(has.clone()));
            return verdict.throws(None, problem);
        }
    }
}

/// Decides by the names of the needed libraries alone, if they belong to another system or to
/// another libc.
fn libc(case: &Case<'_>, verdict: &mut Verdict) {
    let searched = case.linkage.and_then(|linkage| linkage.libraries.as_ref());
    let (Some(image), Platform::Linux) = (case.image, &case.runtime.platform) else { return };
    if let Some(platform) = image.platform.as_ref().filter(|platform| **platform != Platform::Linux)
    {
        let facts = WrongPlatform { built_for: platform.clone(), required: Platform::Linux };
        let message =
            format!("built for {}, {}", words::platform(platform), words::system(case.runtime));
        let problem = Problem::error(facts, message);
        return decide(case, verdict, problem, None);
    }
    let (Some(built_for), Some(has)) = (image.libc, case.runtime.libc) else { return };
    // For a glibc addon on musl the library search is conclusive, because musl replaces glibc's own
    // libraries.
    let is_examined = case.runtime.root.is_some()
        || case
            .linkage
            .is_some_and(|linkage| linkage.symbols.is_some() && linkage.undecided_symbols == 0);
    if built_for == has || (has == Libc::Musl && searched.is_some() && is_examined) {
        return;
    }
    let decisive = image.libraries.iter().find(|library| match built_for {
        Libc::Musl => library.name.starts_with("libc.musl-") || library.name == "libc.so",
        Libc::Glibc => library.name.starts_with("ld-linux"),
    });
    let Some(decisive) = decisive else {
        verdict.unknown(
            Subject::Libc,
            format!("built for {built_for}; abi-guard hasn't examined whether it works with {has}"),
        );
        return;
    };
    let text =
        if has == Libc::Musl { missing_text(case, &decisive.name, case.file, false) } else { None };
    decide(case, verdict, wrong_libc(case, built_for, &decisive.name), text);
}

/// The problem for a file that was built for another libc. `library` is the needed library that
/// shows it.
fn wrong_libc(case: &Case<'_>, built_for: Libc, library: &str) -> Problem {
    let message =
        format!("built for {built_for}, {} (it needs {library})", words::system(case.runtime));
    let facts = WrongLibc {
        built_for,
        required: case.runtime.libc,
        library: Some(library.to_owned()),
        symbol: None,
    };
    Problem::error(facts, message)
}

/// Decides for a file that was built for another system or libc. Such a file throws because its
/// libraries are missing; if all of them are present, the outcome is unknown. `text` is the
/// loader's text if the libraries were not searched.
fn decide(case: &Case<'_>, verdict: &mut Verdict, problem: Problem, text: Option<String>) {
    let searched = case.linkage.and_then(|linkage| linkage.libraries.as_ref());
    if searched == Some(&Libraries::Found) {
        // musl relocates a file for another libc too. If that stops with an error, the symbol rules
        // report it.
        if case.linkage.and_then(|linkage| linkage.symbols.as_ref()).is_some_and(Missing::stops) {
            return;
        }
        return verdict.unknown(
            Subject::Libc,
            format!("{}, but all its libraries are available", problem.message),
        );
    }
    let mut search = Verdict::new();
    if let Some(libraries) = searched {
        found(case, libraries, &mut search);
    }
    verdict.throws(search.loader_message.or(text), problem);
}
