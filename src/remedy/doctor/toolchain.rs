//! The tools that node-gyp needs, if something may have to be compiled.

use super::facts::Facts;
use super::finding::names;
use crate::environment::{Tool, Toolchain};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};
use crate::versions::major_minor;

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    // The tools of this computer are irrelevant for another one.
    if !facts.runtime.is_host {
        return Vec::new();
    }
    let waiting = facts
        .natives
        .packages
        .iter()
        .filter(|native| native.has_gyp && native.unbuilt && !native.optional);
    let later = facts.natives.tied().filter(|native| native.has_gyp);
    let now = names(waiting.map(|native| native.name.as_str()));
    let later = names(later.map(|native| native.name.as_str()));
    let (severity, why) = match (facts.natives.own, now.is_empty(), later.is_empty()) {
        (true, ..) => (FindingSeverity::Error, "to compile the addon of this project".to_owned()),
        (_, false, _) => (FindingSeverity::Error, format!("to compile {now}")),
        // A file may be available for download, so nothing is compiled.
        (_, _, false) => (
            FindingSeverity::Note,
            format!("to compile {later} if no prebuilt file fits the next Node.js"),
        ),
        _ => return Vec::new(),
    };
    let tools = &facts.toolchain;
    missing(tools, severity, &why).into_iter().chain(unsuited(tools, severity, &why)).collect()
}

fn missing(tools: &Toolchain, severity: FindingSeverity, why: &str) -> Option<Finding> {
    let is_windows = tools.is_windows;
    let compiler = if is_windows { "Visual Studio with its C++ tools" } else { "a C++ compiler" };
    let wanted = [(compiler, &tools.compiler), ("make", &tools.make), ("Python", &tools.python)];
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|(name, tool)| tool.is_none() && !(is_windows && *name == "make"))
        .map(|(name, _)| name)
        .collect();
    let list = match missing.as_slice() {
        [] => return None,
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    };
    let lack = if missing.len() == 1 { "isn't" } else { "aren't" };
    let message = format!("{list} {lack} installed, which node-gyp needs {why}");
    let finding = Finding::new(FindingCode::ToolchainMissing, severity, message);
    Some(finding.with(how_to_get(tools)))
}

/// The command that installs compiler, make and Python.
fn how_to_get(tools: &Toolchain) -> Option<String> {
    if tools.is_windows {
        return Some(
            "winget install Microsoft.VisualStudio.2022.BuildTools --override \"--wait --passive \
                --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\"\nwinget \
                install Python.Python.3.13"
                .to_owned(),
        );
    }
    Some(tools.distribution?.install_toolchain().join(" "))
}

/// A Python that is too old for gyp, or too new for an old node-gyp.
fn unsuited(tools: &Toolchain, severity: FindingSeverity, why: &str) -> Option<Finding> {
    let python = tools.python.as_ref()?;
    let version = major_minor(python.version.as_deref()?)?;
    let node_gyp = tools.node_gyp.as_deref().and_then(major_minor);
    let is_old = major_minor(&tools.oldest_python).is_some_and(|oldest| version < oldest);
    // Python 3.12 removed distutils, which node-gyp imported until version 10.
    let is_new = version >= (3, 12) && node_gyp.is_some_and(|node_gyp| node_gyp < (10, 0));
    let reason = match (is_old, is_new) {
        (true, _) => format!("its node-gyp needs {} or newer", tools.oldest_python),
        (_, true) => {
            let named = tools.node_gyp.as_deref().unwrap_or_default();
            format!(
                "node-gyp {named} imports distutils, which Python 3.12 removed: a newer npm \
                    includes a newer node-gyp"
            )
        }
        _ => return None,
    };
    let Tool { path, .. } = python;
    let message = format!(
        "{path} is Python {}.{}, which npm can't use {why}: {reason}",
        version.0, version.1
    );
    let command = if is_new { Some("npm install -g npm".to_owned()) } else { None };
    Some(Finding::new(FindingCode::PythonUnsuited, severity, message).with(command))
}

#[cfg(test)]
mod tests {
    use super::{how_to_get, missing, unsuited};
    use crate::environment::{Distribution, Tool, Toolchain};
    use crate::model::FindingSeverity;

    fn tools(python: Option<&str>, node_gyp: &str) -> Toolchain {
        let tool = |version: &str| Tool {
            path: "/usr/bin/x".to_owned(),
            version: Some(version.to_owned()),
        };
        Toolchain {
            compiler: Some(tool("12")),
            make: None,
            python: python.map(tool),
            node_gyp: Some(node_gyp.to_owned()),
            oldest_python: "3.9".to_owned(),
            distribution: Some(Distribution::Debian),
            is_windows: false,
        }
    }

    #[test]
    fn missing_tools_are_named_with_the_command_that_installs_them() {
        let finding = missing(&tools(None, "12.4.0"), FindingSeverity::Error, "to compile x")
            .expect("a finding");
        assert_eq!(
            finding.message,
            "make and Python aren't installed, which node-gyp needs to compile x"
        );
        let command = finding.snippet.expect("a command");
        assert!(command.ends_with("apt-get install -y build-essential python3"), "{command}");
        let windows = Toolchain { is_windows: true, ..tools(None, "12.4.0") };
        let others =
            [Distribution::Alpine, Distribution::Arch, Distribution::Fedora, Distribution::MacOs];
        let others =
            others.map(|found| Toolchain { distribution: Some(found), ..tools(None, "12.4.0") });
        for tools in others.iter().chain([&windows]) {
            assert!(
                how_to_get(tools).is_some_and(|command| !command.contains("windows-build-tools"))
            );
        }
    }

    #[test]
    fn python_has_to_fit_the_node_gyp() {
        for (python, node_gyp, expected) in [
            ("3.11", "12.4.0", None),
            ("3.13", "12.4.0", None),
            ("2.7", "12.4.0", Some("needs 3.9 or newer")),
            ("3.8.1", "12.4.0", Some("needs 3.9 or newer")),
            ("3.12", "9.4.1", Some("distutils")),
            ("3.11", "9.4.1", None),
        ] {
            let found =
                unsuited(&tools(Some(python), node_gyp), FindingSeverity::Error, "to compile x");
            let said = found.as_ref().map(|finding| finding.message.as_str());
            assert_eq!(said.is_some(), expected.is_some(), "{python} {node_gyp}");
            assert!(
                expected.is_none_or(|expected| said.is_some_and(|said| said.contains(expected))),
                "{said:?}"
            );
        }
    }
}
