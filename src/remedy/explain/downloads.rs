//! Install scripts that fail to download a prebuilt file or a library.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::node_gyp::in_build;
use super::obstacles::{Obstacle, obstacle};
use super::text::{Window, pattern};
use crate::model::{Code, ErrorCode};
use crate::runtime::registry;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "prebuild-install warn install ", read: by_line },
    Known { anchor: "prebuild-install WARN install ", read: by_line },
    Known { anchor: "sharp: Installation error: ", read: by_line },
    Known { anchor: "node-pre-gyp ERR! install request to ", read: by_line },
    Known { anchor: "node-pre-gyp WARN Pre-built binaries not installable ", read: by_line },
    Known { anchor: "node-pre-gyp ERR! stack Error: ", read: by_line },
    Known { anchor: "node-pre-gyp WARN Hit error ", read: by_line },
    Known { anchor: "/libvips-", read: libvips },
    Known { anchor: "response status 404 Not Found on ", read: not_published },
    Known { anchor: "Tried to download(404): ", read: not_published },
    Known { anchor: "404 status code downloading tarball ", read: not_published },
    Known { anchor: "Tried to download(403): ", read: forbidden },
    Known { anchor: "Tried to download(undefined): ", read: nothing },
    Known { anchor: "Cannot download \"https://github.com/sass/", read: sass },
];

pub(super) const OLDER: &str = "the version of the package is older than this runtime, or its \
    authors don't build for this system; it is compiled instead";

/// The advice if no prebuilt file exists: installing again would fail in the same way.
pub(super) fn another_version(system: &str) -> String {
    format!(
        "Use a version of the package that has a prebuilt file for {system}, or another release of \
            the runtime; or install what compiles it (abi-guard doctor looks for it)"
    )
}

fn failed(obstacle: Obstacle) -> Finding {
    let why = format!(
        "its install script fetches a prebuilt file from the internet: {}",
        obstacle.reason()
    );
    Finding::error(
        ErrorCode::DownloadFailed,
        Weight::Build,
        "a file of the package couldn't be downloaded",
        why,
    )
    .advice(obstacle.fix())
    .failed()
}

fn by_line(window: &Window<'_>) -> Option<Finding> {
    Some(in_build(failed(obstacle(window.rest())?), window))
}

/// "ERROR: https://…/libvips-8.5.5-darwin-x64.tar.gz status code 403"
fn libvips(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^[\w.-]{1,80}\.tar\.\w{2} status code (\d{3})").captures(window.after())?;
    let why = format!("its install script downloads libvips, and the server answers {}", &said[1]);
    let finding = failed(Obstacle::Refused).package("sharp");
    Some(Finding { why, ..finding }.advice(
        "Use a newer version of sharp: the server from which this version downloads may no longer \
            exist",
    ))
}

/// The server didn't answer.
fn nothing(window: &Window<'_>) -> Option<Finding> {
    let near = window.after().lines().take(4).find_map(obstacle);
    let finding = failed(near.unwrap_or(Obstacle::Network));
    Some(in_build(if near.is_some() { finding } else { finding.unsure() }, window))
}

fn forbidden(window: &Window<'_>) -> Option<Finding> {
    Some(in_build(failed(Obstacle::Refused), window).unsure())
}

fn sass(window: &Window<'_>) -> Option<Finding> {
    let obstacle = window.after().lines().skip(1).take(6).find_map(obstacle)?;
    Some(failed(obstacle).package("node-sass"))
}

/// node-pre-gyp requests a file whose name contains the target:
/// ".../canvas-v2.11.2-node-v115-darwin-unknown-arm64.tar.gz", "…-napi-v3-linux-x64-glibc.tar.gz".
fn not_published(window: &Window<'_>) -> Option<Finding> {
    let is_end = |c: char| c.is_whitespace() || "'\"`,]\\".contains(c);
    let url = window.rest().split(is_end).next()?;
    let name = url.rsplit('/').next()?;
    let said = pattern!(
        r"^(?:(@?[\w.-]{1,80}?)-v?\d[\w.+-]{0,40}?-)?(node|electron|napi)-v(\d{1,4})",
        r"(?:\.\d{1,3})?-",
        r"([\w-]{3,60})\.(?:tar\.gz|tgz|zip)$"
    )
    .captures(name)?;
    let system = said[4].replace("-unknown", "");
    let number: u64 = said[3].parse().ok()?;
    let title = match &said[2] {
        "napi" => format!("Node-API {number}"),
        "electron" => format!("Electron {number}"),
        _ => registry::title_of_abi(number),
    };
    let on = format!("{title} on {system}");
    let finding = Finding::of(
        Code::NoMatchingPrebuild,
        Weight::Absence,
        format!("there is no prebuilt file for {on}"),
        OLDER,
    );
    let package = said.get(1).map(|name| name.as_str().trim_end_matches("-prebuilt").to_owned());
    Some(in_build(
        finding.advice(another_version(&on)).in_package(package).failed().unsure(),
        window,
    ))
}
