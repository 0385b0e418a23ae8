//! The problems of files that no loader maps.

use crate::binary::{Image, Impostor};
use crate::model::problem::file::{FoundInstead, Malformed, NotABinary, NotOpenable, Truncated};
use crate::model::problem::system::{Archs, WrongArch, WrongPlatform};
use crate::model::{Arch, Platform, Problem};
use crate::verdict::case::Case;
use crate::verdict::words;

/// The file is not an object file.
pub(in crate::verdict) fn not_a_binary(impostor: Impostor) -> Problem {
    let found = match impostor {
        Impostor::Truncated(_) => None,
        Impostor::Empty => Some(FoundInstead::Empty),
        Impostor::LfsPointer => Some(FoundInstead::GitLfsPointer),
        Impostor::WebPage => Some(FoundInstead::WebPage),
        Impostor::Archive => Some(FoundInstead::Archive),
        Impostor::AppleDouble => Some(FoundInstead::AppleDouble),
        Impostor::WebAssembly => Some(FoundInstead::WebAssembly),
        Impostor::Text => Some(FoundInstead::Text),
        Impostor::Unknown => Some(FoundInstead::Unknown),
    };
    let message = format!("is {}", impostor.description());
    match found {
        Some(found) => Problem::error(NotABinary { found }, message),
        None => Problem::error(Truncated { missing_bytes: None }, message),
    }
}

/// The file is valid, but for another system.
pub(in crate::verdict) fn wrong_platform(case: &Case<'_>, image: &Image) -> Problem {
    let platform = image.platform.clone().unwrap_or_else(|| Platform::from_name("unknown"));
    let arch = image.arch.as_ref().map_or("unknown", Arch::as_str);
    let message = format!(
        "built for {} ({platform}-{arch}), {}",
        words::platform(&platform),
        words::system(case.runtime)
    );
    let required = case.runtime.platform.clone();
    Problem::error(WrongPlatform { built_for: platform, required }, message)
}

/// The file is for other processors. `images` are all slices that it contains.
pub(in crate::verdict) fn wrong_arch(case: &Case<'_>, images: &[&Image]) -> Problem {
    let archs: Vec<Arch> = images.iter().map(|image| words::arch(image)).collect();
    let names: Vec<String> = archs.iter().map(Arch::to_string).collect();
    Problem::error(
        WrongArch { built_for: Archs(archs), required: case.runtime.arch.clone() },
        format!("built for {}, {}", words::listed(&names), words::system(case.runtime)),
    )
}

/// The file has headers that every loader rejects.
pub(in crate::verdict) fn malformed(what: &str) -> Problem {
    Problem::error(Malformed {}, format!("damaged: {what}"))
}

/// Adds to the message of a problem that it kills the process.
pub(in crate::verdict) fn fatal(problem: Problem) -> Problem {
    let message = format!("{}: loading it kills the process", problem.message);
    Problem { message, ..problem }
}

/// The file is valid, but of a type that can't be loaded at run time.
pub(in crate::verdict) fn not_openable(what: &str) -> Problem {
    Problem::error(NotOpenable {}, format!("can't be loaded: it is {what}"))
}

/// The file is truncated; `bytes` is the number of bytes that are missing at least.
pub(in crate::verdict) fn truncated(bytes: u64) -> Problem {
    Problem::error(
        Truncated { missing_bytes: Some(bytes) },
        format!("the file ends too early: its last {bytes} bytes or more are missing"),
    )
}
