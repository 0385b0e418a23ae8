//! Is it a file that this system's loader maps at all? One file per loader, each with its own
//! texts.

mod dyld;
mod glibc;
mod musl;
mod windows;

use crate::binary::{Contents, Image, Impostor};
use crate::verdict::{Case, Code, Problem, Verdict, words};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    match (case.runtime.platform.as_str(), case.runtime.libc.as_deref()) {
        ("linux", Some("musl")) => musl::judge(case, verdict),
        ("linux", _) => glibc::judge(case, verdict),
        ("darwin", _) => dyld::judge(case, verdict),
        ("win32", _) => windows::judge(case, verdict),
        _ => elsewhere(case, verdict),
    }
}

/// Systems whose loader texts aren't known: only what no loader accepts is decided.
fn elsewhere(case: &Case<'_>, verdict: &mut Verdict) {
    match (&case.binary.contents, case.image) {
        (Contents::Impostor(impostor), _) => verdict.throws(None, not_a_binary(*impostor)),
        (_, Some(image)) if image.platform != Some(&case.runtime.platform) => {
            verdict.throws(None, wrong_platform(case, image));
        }
        (_, Some(image)) if image.arch != Some(&case.runtime.arch) => {
            verdict.throws(None, wrong_arch(case, &[image]));
        }
        _ => {}
    }
}

/// The problem of a file that is no object file.
fn not_a_binary(impostor: Impostor) -> Problem {
    let code = match impostor {
        Impostor::Truncated(_) => Code::Truncated,
        _ => Code::NotABinary,
    };
    let message = format!("is {}", impostor.description());
    Problem::error(code, message).with("found", impostor.name())
}

/// The problem of a sound file for another system.
fn wrong_platform(case: &Case<'_>, image: &Image) -> Problem {
    let platform = image.platform.unwrap_or("unknown");
    let arch = image.arch.unwrap_or("unknown");
    Problem::error(
        Code::WrongPlatform,
        format!(
            "built for {} ({platform}-{arch}), {}",
            words::platform(platform),
            words::system(case.runtime)
        ),
    )
    .with("builtFor", platform)
    .with("required", case.runtime.platform.as_str())
}

/// The problem of a file for other processors; `images` are all it holds.
fn wrong_arch(case: &Case<'_>, images: &[&Image]) -> Problem {
    let names: Vec<String> =
        images.iter().map(|image| image.arch.unwrap_or("another processor").to_owned()).collect();
    Problem::error(
        Code::WrongArch,
        format!("built for {}, {}", words::listed(&names), words::system(case.runtime)),
    )
    .with("builtFor", names.join(","))
    .with("required", case.runtime.arch.as_str())
}

/// The problem of headers that no loader accepts.
pub(super) fn malformed(what: &str) -> Problem {
    Problem::error(Code::Malformed, format!("damaged: {what}"))
}

/// The problem of a sound file of a kind that isn't meant to be loaded.
fn not_openable(what: &str) -> Problem {
    Problem::error(Code::NotOpenable, format!("can't be loaded: it is {what}"))
}

/// The problem of a file that ends too early.
fn truncated(bytes: u64) -> Problem {
    Problem::error(
        Code::Truncated,
        format!("the file ends too early: its last {bytes} bytes or more are missing"),
    )
    .with("missingBytes", bytes)
}
