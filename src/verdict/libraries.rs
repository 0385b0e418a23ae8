//! What the operating system's loader finds or misses before Node is asked: libraries and symbols.

use super::{Case, Code, Problem, Verdict, words};
use crate::linking::Linkage;

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    libc(case, verdict);
    if verdict.decided() {
        return;
    }
    if let Linkage::NotExamined { libraries, symbols } = case.linkage {
        verdict.undetermined(
            "linking",
            format!("not examined: {libraries} needed libraries and {symbols} needed symbols"),
        );
    }
}

/// The part of linking that the library names alone decide: another system's or another libc's libraries.
fn libc(case: &Case<'_>, verdict: &mut Verdict) {
    let (Some(image), "linux") = (case.image, case.runtime.platform.as_str()) else { return };
    if let Some(platform) = image.platform.filter(|platform| *platform != "linux") {
        let problem = Problem::error(
            Code::WrongPlatform,
            format!("built for {}, {}", words::platform(platform), words::system(case.runtime)),
        )
        .with("builtFor", platform)
        .with("required", "linux");
        // All of OpenBSD's libraries carry versions that Linux never has, so the first one is missing for sure.
        let missing = image.libraries.first().filter(|_| platform == "openbsd");
        verdict.throws(missing.map(|library| missing_library(case, &library.name)), problem);
        return;
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
        verdict.unknown(
            "libc",
            format!("built for {built_for}, and whether it works with {has} hasn't been examined"),
        );
        return;
    };
    let problem = Problem::error(
        Code::WrongLibc,
        format!("built for {built_for}, {} (it needs {})", words::system(case.runtime), decisive.name),
    )
    .with("builtFor", built_for)
    .with("required", has)
    .with("library", decisive.name.as_str());
    // Plain "libc.so" may exist as a linker script, which changes the text.
    let message = (decisive.name != "libc.so").then(|| missing_library(case, &decisive.name));
    verdict.throws(message, problem);
}

/// What the loader says of a library that isn't there.
fn missing_library(case: &Case<'_>, name: &str) -> String {
    if case.runtime.libc.as_deref() == Some("musl") {
        format!("Error loading shared library {name}: No such file or directory (needed by {})", case.file)
    } else {
        format!("{name}: cannot open shared object file: No such file or directory")
    }
}
