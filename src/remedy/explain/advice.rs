//! Advice that follows from an error and from the context in the text.

use super::context::{Context, Store, store_of};
use super::finding::{Finding, Weight};
use crate::model::{Code, ExplanationCode, RuntimeName};

/// Completes a finding with its context.
pub(super) fn settled(finding: Finding, context: Context) -> Finding {
    // The path of the failed file is better evidence than other paths in the text.
    let store = finding.file.as_deref().and_then(store_of).or(context.store);
    let context = Context { store, ..context };
    let has_failed = finding.has_failed
        || context.has_failed_build && matches!(finding.weight, Weight::Build | Weight::Absence);
    let finding = Finding { context, has_failed, ..finding };
    if finding.advice.is_some() {
        return finding;
    }
    let ExplanationCode::Problem(code) = finding.code else { return finding };
    if finding.context.is_executable {
        return for_executable(finding, code);
    }
    if finding.context.is_function {
        return for_function(finding, code);
    }
    if finding.context.runner == Some(RuntimeName::Deno)
        || finding.context.store == Some(Store::Deno)
    {
        return for_deno(finding, code);
    }
    finding
}

/// An executable contains its own Node.js. The addon has to be built for it before packing.
fn for_executable(finding: Finding, code: Code) -> Finding {
    match code {
        Code::AbiMismatch
        | Code::SelfRegisterMismatch
        | Code::NotABinary
        | Code::WrongPlatform
        | Code::WrongArch
        | Code::WrongLibc
        | Code::MissingSymbol => finding.advice(
            "Build the addon with the Node.js release, the system and the processor that the \
                executable was made for, then pack it again",
        ),
        _ => finding,
    }
}

/// The function runs on another system than the computer where it was packed.
fn for_function(finding: Finding, code: Code) -> Finding {
    match code {
        Code::NotABinary
        | Code::WrongPlatform
        | Code::WrongArch
        | Code::WrongLibc
        | Code::NotBuilt
        | Code::NoMatchingPrebuild
        | Code::MissingPlatformPackage => {
            let what = "Install the packages for the system of the function (linux-x64 or \
                linux-arm64, with glibc) before it is packed: in a container of that system, or in \
                an empty folder with npm install --os=linux --cpu=x64 --libc=glibc";
            finding.advice(what)
        }
        Code::AbiMismatch | Code::SelfRegisterMismatch => finding.advice(
            "Install the packages with the Node.js release that the function runs on, then deploy \
                again",
        ),
        Code::GlibcTooOld | Code::LibstdcxxTooOld => finding.advice(
            "Choose a newer runtime for the function, or install the packages in a container of \
            its system",
        ),
        _ => finding,
    }
}

fn for_deno(finding: Finding, code: Code) -> Finding {
    match (
        code,
        finding.package.clone().or_else(|| super::paths::package_of(finding.file.as_deref()?)),
    ) {
        // Deno never runs install scripts in its cache.
        (Code::NotBuilt, package) if finding.context.is_in_cache => {
            let named = package.unwrap_or_else(|| "<package>".to_owned());
            finding.advice(format!(
                "Set \"nodeModulesDir\": \"auto\" in deno.json, then let the install script run: \
                    deno install --allow-scripts=npm:{named}"
            ))
        }
        (Code::NotBuilt, Some(package)) => {
            let allowed = format!("--allow-scripts=npm:{package}");
            finding.command("Let the install script run", &["deno", "install", &allowed])
        }
        _ => finding,
    }
}
