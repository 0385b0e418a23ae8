//! Phrases that several rules share. They name a release before its number.

use crate::binary::Image;
use crate::model::{Arch, Platform};
use crate::runtime::{Runtime, registry};

/// "Node.js 18 (ABI 108)"; "ABI 1500, which no known release has" for an unknown number; "any ABI
/// (-1)".
pub(super) fn built_for(abi: i32) -> String {
    let Ok(number) = u32::try_from(abi) else { return format!("any ABI ({abi})") };
    let names = registry::runtimes_with_abi(number);
    if names.is_empty() {
        return format!("ABI {abi}, which no known release has");
    }
    format!("{} (ABI {abi})", listed(&names))
}

/// "this is Node.js 20.20.2 (ABI 115)", or "Node.js 22.23.3 needs ABI 127" for another runtime than
/// this process.
pub(super) fn needs_abi(runtime: &Runtime) -> String {
    let unknown = if runtime.is_newer_than_table() { "another ABI" } else { "an unknown ABI" };
    let abi = runtime.abi.map_or_else(|| unknown.to_owned(), |abi| format!("ABI {abi}"));
    match (runtime.is_host, &runtime.version) {
        (true, _) => format!("this is {} ({abi})", runtime.title()),
        (false, Some(_)) => format!("{} needs {abi}", runtime.title()),
        (false, None) => format!("{} is needed", runtime.title()),
    }
}

/// "a", "a or b", "a, b or c"; of more than three names only the first two are listed.
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] if names.len() <= 3 => format!("{} or {last}", head.join(", ")),
        [first, second, rest @ ..] => format!("{first}, {second} or {} others", rest.len()),
    }
}

/// "this is linux-x64", or "the target is linux-x64".
pub(super) fn system(runtime: &Runtime) -> String {
    let subject = if runtime.is_host { "this is" } else { "the target is" };
    format!("{subject} {}", runtime.system())
}

/// The processor of an image, or a phrase if it has no name.
pub(super) fn arch(image: &Image) -> Arch {
    image.arch.clone().unwrap_or_else(|| Arch::from_name("another processor"))
}

/// The name of a `process.platform` for use in a sentence.
pub(super) fn platform(platform: &Platform) -> &str {
    match platform {
        Platform::Aix => "AIX",
        Platform::Android => "Android",
        Platform::Darwin => "macOS",
        Platform::FreeBsd => "FreeBSD",
        Platform::Ios => "iOS",
        Platform::Linux => "Linux",
        Platform::NetBsd => "NetBSD",
        Platform::OpenBsd => "OpenBSD",
        Platform::OpenHarmony => "OpenHarmony",
        Platform::SunOs => "SunOS",
        Platform::Win32 => "Windows",
        Platform::Cygwin | Platform::Haiku | Platform::Other(_) => platform.as_str(),
    }
}
