//! Root causes: what changed in the project since the packages were installed. A cause is reported
//! only with evidence.

use crate::environment::{Mark, Pin, Surroundings};
use crate::model::{Arch, Code, Facts, Platform, Problem, RootCause, RootCauseCode, RuntimeName};
use crate::runtime::{Runtime, registry};
use crate::versions::major;

/// The evidence that was collected around a project.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The environment of this process: container, virtual machine, CI service.
    pub surroundings: Surroundings,
    /// The Node.js versions in the files of version managers and in package.json.
    pub pins: Vec<Pin>,
    /// The mark that the installation left in node_modules.
    pub installed: Option<Mark>,
    /// The marks that the builds of the broken packages left.
    pub built: Vec<Mark>,
    /// The marks that Electron's rebuild left beside their files.
    pub forged: Vec<Mark>,
    /// The file that a package manager writes at the end of an installation, if it is missing.
    pub missing_mark: Option<&'static str>,
}

/// The causes of `problems` (those of several packages) for `runtime`.
#[must_use]
pub fn causes(problems: &[&Problem], evidence: &Evidence, runtime: &Runtime) -> Vec<RootCause> {
    // The environment of this process is no evidence for another runtime.
    if !runtime.is_host {
        return Vec::new();
    }
    let has = |codes: &[Code]| problems.iter().any(|problem| codes.contains(&problem.code()));
    let mut causes = Vec::new();
    if has(&[Code::AbiMismatch, Code::SelfRegisterMismatch, Code::V8Coupled, Code::MissingSymbol]) {
        causes.extend(electron(problems, evidence, runtime));
        causes.extend(other_node(problems, evidence, runtime));
        causes.extend(pinned(evidence, runtime));
    }
    if has(&[
        Code::WrongPlatform,
        Code::WrongArch,
        Code::WrongLibc,
        Code::MissingPlatformPackage,
        Code::NotABinary,
        Code::NoMatchingPrebuild,
    ]) {
        causes.extend(other_system(problems, evidence, runtime));
    }
    if !causes.is_empty() {
        causes.extend(restored(evidence));
    }
    causes.extend(problems.iter().find_map(|problem| blocked(problem)));
    let is_absence =
        has(&[Code::NotBuilt, Code::MissingPlatformPackage, Code::NotABinary, Code::Truncated]);
    if is_absence && causes.is_empty() {
        causes.extend(unfinished(evidence));
    }
    causes
}

/// The installation was not completed.
fn unfinished(evidence: &Evidence) -> Option<RootCause> {
    let mark = evidence.missing_mark?;
    let message = format!(
        "the installation of the packages was not completed, or only part of it was copied: {mark} \
            is missing, which is written last"
    );
    Some(cause(RootCauseCode::PartialInstall, message, None))
}

/// The ABI that a file was built for, if it differs from the runtime's.
fn built_for_abi(problem: &Problem) -> Option<u32> {
    u32::try_from(problem.facts.built_for_abi()?).ok()
}

fn cause(code: RootCauseCode, message: String, file: Option<&str>) -> RootCause {
    RootCause { code, message, file: file.map(str::to_owned), line: None }
}

/// The packages were built for Electron and Node.js runs them, or the other way round.
fn electron(problems: &[&Problem], evidence: &Evidence, runtime: &Runtime) -> Option<RootCause> {
    let is_of = |kind: RuntimeName, abi: u32| registry::newest_with_abi(kind, abi).is_some();
    let abi = problems.iter().find_map(|problem| built_for_abi(problem))?;
    let file =
        evidence.forged.iter().find(|mark| mark.abi == Some(abi)).map(|mark| mark.file.as_str());
    match runtime.kind {
        RuntimeName::Node
            if is_of(RuntimeName::Electron, abi) && !is_of(RuntimeName::Node, abi) =>
        {
            let message =
                "it was built for Electron, but Node.js runs it: each rebuild for one of them \
                    breaks the other"
                    .to_owned();
            Some(cause(RootCauseCode::ElectronFlip, message, file))
        }
        RuntimeName::Electron if is_of(RuntimeName::Node, abi) => {
            let message = "it was built for Node.js, but Electron runs it: each installation \
                builds for Node.js"
                .to_owned();
            Some(cause(RootCauseCode::ElectronFlip, message, file))
        }
        _ => None,
    }
}

/// Another version of Node.js installed or built the packages.
fn other_node(problems: &[&Problem], evidence: &Evidence, runtime: &Runtime) -> Option<RootCause> {
    let now = runtime.version.as_ref().filter(|_| runtime.kind == RuntimeName::Node)?;
    let marks = evidence.built.iter().chain(&evidence.installed);
    let is_other = |mark: &&Mark| match (mark.abi, &mark.node) {
        (Some(abi), _) => i32::try_from(abi).is_ok_and(|abi| runtime.has_abi(abi) == Some(false)),
        (None, Some(node)) => major(node).is_some_and(|major| major != now.major),
        (None, None) => false,
    };
    // Only marks that match the ABI of the files count: a mark may be older than the file.
    let built: Vec<u32> = problems.iter().filter_map(|problem| built_for_abi(problem)).collect();
    let fits = |mark: &&Mark| {
        let abi = mark.abi.or_else(|| {
            registry::release(
                RuntimeName::Node,
                &semver::Version::parse(mark.node.as_deref()?).ok()?,
            )
            .abi
        });
        built.is_empty() || abi.is_some_and(|abi| built.contains(&abi))
    };
    let mark = marks.filter(is_other).find(fits)?;
    // A mark may have the version of the Node.js that ran the manager, and the ABI that it compiled
    // for. The ABI decides.
    let abi_of = |version: &semver::Version| registry::release(RuntimeName::Node, version).abi;
    let version = mark.node.as_deref().and_then(|node| semver::Version::parse(node).ok());
    let version = version.filter(|version| mark.abi.is_none() || abi_of(version) == mark.abi);
    let then = match (&version, mark.abi) {
        (Some(version), _) => format!("Node.js {version}"),
        (None, abi) => registry::name_of_abi(abi?)?,
    };
    let was_newer = match (mark.abi, runtime.abi) {
        (Some(then), Some(now)) => then > now,
        _ => version.is_some_and(|version| version > *now),
    };
    let direction = if was_newer { "Node.js was downgraded" } else { "Node.js was upgraded" };
    let message = format!(
        "{direction} since it was installed: it was built for {then}, but {} runs it",
        runtime.title()
    );
    Some(cause(RootCauseCode::NodeChanged, message, Some(&mark.file)))
}

/// A version manager's file requires another Node.js than the one that runs.
fn pinned(evidence: &Evidence, runtime: &Runtime) -> Option<RootCause> {
    let now = runtime.version.as_ref().filter(|_| runtime.kind == RuntimeName::Node)?;
    let pin = evidence.pins.iter().find(|pin| pin.is_choice() && pin.allows(now) == Some(false))?;
    let message = format!(
        "the project requires Node.js {} in {}, but {} runs it",
        pin.wanted,
        pin.source,
        runtime.title()
    );
    Some(RootCause {
        code: RootCauseCode::PinDiffers,
        message,
        file: Some(pin.file.to_string_lossy().into_owned()),
        line: Some(pin.line),
    })
}

/// The packages were installed on another system.
fn other_system(
    problems: &[&Problem],
    evidence: &Evidence,
    runtime: &Runtime,
) -> Option<RootCause> {
    let around = &evidence.surroundings;
    let here = runtime.tuple();
    let is_for_arm64 = |problem: &&Problem| match &problem.facts {
        Facts::WrongArch(facts) => facts.built_for.0 == [Arch::Arm64],
        _ => false,
    };
    if around.rosetta && problems.iter().any(is_for_arm64) {
        let message = "this Node.js is built for Intel and runs under Rosetta; the packages were \
            installed with a Node.js for arm64";
        return Some(cause(RootCauseCode::OtherSystem, message.to_owned(), None));
    }
    // In a container all mounts come from outside of it.
    let host_share =
        around.mount.as_ref().filter(|mount| mount.from_host || around.container.is_some());
    if let Some(mount) = host_share {
        let point = mount.point.display();
        let message = match (mount.from_host, around.container) {
            (true, Some(engine)) => {
                format!(
                    "{point} is a folder of the host ({}), mounted into this {engine} container",
                    mount.kind
                )
            }
            (true, None) => format!(
                "{point} is a folder of the host ({}), mounted into this virtual machine",
                mount.kind
            ),
            (false, _) => format!("{point} is mounted into this container from outside"),
        };
        let message = format!("{message}: its node_modules were installed elsewhere");
        return Some(cause(RootCauseCode::Mounted, message, Some("/proc/self/mountinfo")));
    }
    let marks = evidence.built.iter().chain(&evidence.installed);
    let mark = marks.into_iter().find(|mark| {
        mark.platform.as_ref().is_some_and(|platform| *platform != runtime.platform)
            || mark.arch.as_ref().is_some_and(|arch| *arch != runtime.arch)
    });
    if let Some(mark) = mark {
        let system =
            [mark.platform.as_ref().map(Platform::as_str), mark.arch.as_ref().map(Arch::as_str)]
                .iter()
                .flatten()
                .copied()
                .collect::<Vec<_>>()
                .join("-");
        let how = match (around.container, around.wsl) {
            (Some(engine), _) => format!("copied or mounted into a {engine} container"),
            (None, true) => "installed on Windows, and used from WSL".to_owned(),
            (None, false) => "copied or mounted from that system".to_owned(),
        };
        return Some(cause(
            RootCauseCode::OtherSystem,
            format!("the packages were installed on {system}, and this is {here}: {how}"),
            Some(&mark.file),
        ));
    }
    // The files show it: a package for another system is installed in place of the one for this
    // system.
    let installed = problems.iter().find_map(|problem| match &problem.facts {
        Facts::MissingPlatformPackage(facts) => facts.installed.first(),
        _ => None,
    });
    if let Some(other) = installed {
        let message = format!(
            "{other} is installed, which is for another system than this one ({here}): \
                node_modules or the lockfile was made on another system"
        );
        return Some(cause(RootCauseCode::OtherSystem, message, None));
    }
    let is_windows = problems.iter().any(|problem| {
        matches!(&problem.facts, Facts::WrongPlatform(facts) if facts.built_for == Platform::Win32)
    });
    (around.wsl && is_windows).then(|| {
        cause(
            RootCauseCode::OtherSystem,
            "the packages were installed on Windows, and are used from WSL".to_owned(),
            None,
        )
    })
}

/// A CI service restores node_modules from a cache.
fn restored(evidence: &Evidence) -> Option<RootCause> {
    let service = evidence.surroundings.ci?;
    let has_lock = evidence.installed.is_some() || !evidence.built.is_empty();
    let message = format!(
        "this runs in {service}: a cache of node_modules is reused with another Node.js when the \
            cache key doesn't include the version (abi-guard key)"
    );
    has_lock.then(|| cause(RootCauseCode::RestoredCache, message, None))
}

/// An install script was not allowed to run.
fn blocked(problem: &Problem) -> Option<RootCause> {
    let Facts::NotBuilt(facts) = &problem.facts else { return None };
    let reason = facts.blocked.as_ref()?;
    Some(cause(
        RootCauseCode::ScriptsBlocked,
        format!("install scripts didn't run: {reason}"),
        None,
    ))
}
