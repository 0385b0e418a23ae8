//! Errors of package managers that reject a package for another system.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::systems::is_for_one_system;
use super::text::{Window, pattern};
use crate::model::Code;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Unsupported platform for ", read: npm },
    Known { anchor: "Not compatible with your operating system or architecture: ", read: npm_3 },
    Known { anchor: "\" is incompatible with this module.", read: yarn },
];

fn refused(package: &str, wanted: Option<String>, current: Option<String>) -> Option<Finding> {
    // A package without an addon may be for one system too.
    if !is_for_one_system(package) && package != "fsevents" {
        return None;
    }
    let wanted = wanted.unwrap_or_else(|| "another system".to_owned());
    let current = current.unwrap_or_else(|| "this one".to_owned());
    let why = "it contains the files for one system, but package.json or the lockfile requires it \
        on every system";
    let how = format!(
        "Remove {package} from the dependencies in package.json: the package that needs it has it \
            among its optional dependencies; then install again, so that the lockfile names all \
            systems"
    );
    let summary = format!("{package} is for {wanted}, but is installed on {current}");
    Some(Finding::of(Code::WrongPlatform, Weight::Build, summary, why).advice(how).package(package))
}

/// npm and pnpm: `wanted {"os":"darwin","cpu":"arm64"} (current: {"os":"linux","cpu":"x64"})`.
fn npm(window: &Window<'_>) -> Option<Finding> {
    if is_skipped(window) {
        return None;
    }
    let said = pattern!(
        r"^(<package>)@[^\s:]{1,60}: wanted (\{[^\n]{0,200}\}) ",
        r"\(current: (\{[^\n]{0,200})"
    )
    .captures(window.after())?;
    let system = |text: &str| {
        let values = ["\"os\":", "\"cpu\":"].iter().filter_map(|key| {
            let rest = text[text.find(key)? + key.len()..].trim_start();
            let end = rest.find([']', '}']).unwrap_or(rest.len());
            let next = rest.find([',', '}']).unwrap_or(end);
            let end = if rest.starts_with('[') { end } else { next.min(end) };
            Some(rest[..end].replace(['"', '['], "").replace(',', " or "))
        });
        let values: Vec<String> = values.collect();
        (!values.is_empty()).then(|| values.join("-"))
    };
    refused(&said[1], system(&said[2]), system(&said[3]))
}

/// True for a warning: npm leaves an optional package for another system out, which is right.
fn is_skipped(window: &Window<'_>) -> bool {
    let line = window.before();
    ["SKIPPING OPTIONAL", "WARN notsup", "warn notsup"].iter().any(|mark| line.contains(mark))
}

/// npm 2 and 3. The next lines name the systems: "npm ERR! notsup Valid OS:    darwin".
fn npm_3(window: &Window<'_>) -> Option<Finding> {
    if is_skipped(window) {
        return None;
    }
    let said = pattern!(r"^(<package>)@[\w.+-]{1,60}").captures(window.after())?;
    let value = |key: &str| {
        let line = window.after().lines().take(6).find(|line| line.contains(key))?;
        Some(line.rsplit(':').next()?.trim().to_owned())
    };
    refused(&said[1], value("Valid OS:"), value("Actual OS:"))
}

/// Yarn 1: `error @esbuild/darwin-arm64@0.19.8: The platform "linux" is incompatible with …`
fn yarn(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"(<package>)@[^\s:]{1,60}: The (?:platform|CPU architecture) ",
        r#""([\w-]{1,40})$"#
    )
    .captures(window.before())?;
    refused(&said[1], None, Some(said[2].to_owned()))
}
