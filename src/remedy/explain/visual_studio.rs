//! Errors of node-gyp about Visual Studio.

use super::finding::Finding;
use super::known::Known;
use super::node_gyp::{NO_PREBUILT, in_build, is_of_gyp, toolchain};
use super::text::{Window, pattern};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Could not find any Visual Studio installation to use", read: missing },
    Known {
        anchor: "find VS You need to install the latest version of Visual Studio",
        read: missing,
    },
    Known { anchor: "error MSB3428: ", read: missing },
    Known { anchor: "error MSB8036: ", read: sdk },
    Known { anchor: "error MSB8020: ", read: toolset },
    Known { anchor: "error MSB4019: ", read: props },
    Known { anchor: "error MSB6006: ", read: ended },
];

const WORKLOAD: &str =
    "Install the Visual Studio Build Tools with the workload \"Desktop development with C++\"";

fn missing(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    // The text above has the list of what node-gyp found: gyp/lib/find-visualstudio.js.
    let wanted = [
        ("find VS - msvs_version does not match this version", "the setting msvs_version"),
        ("find VS - does not match this Visual Studio Command Prompt", "VCINSTALLDIR"),
    ];
    if let Some((_, setting)) = wanted.iter().find(|(mark, _)| window.all_before().contains(mark)) {
        let why = format!("{setting} requires another Visual Studio than the installed one");
        let finding = toolchain("node-gyp ignores the installed Visual Studio", &why);
        return Some(in_build(finding, window).advice(
            "Remove the setting (npm config delete msvs_version, unset VCINSTALLDIR and use an \
                ordinary terminal), or set it to the version that is installed",
        ));
    }
    let unknown =
        pattern!(r#"find VS unknown version "([^"\n]{0,40})" found at "([^"\n]{1,400})""#);
    if let Some(said) = unknown.captures(window.all_before()) {
        let why = format!("it doesn't support a Visual Studio like the one in {}", &said[2]);
        let finding = toolchain("this node-gyp is too old for the installed Visual Studio", &why);
        return Some(in_build(finding, window).advice(
            "Use a newer npm, which includes a newer node-gyp (npx node-gyp@latest rebuild shows \
                whether it works), or install the Build Tools of Visual Studio 2022 beside it",
        ));
    }
    let part = pattern!(r"find VS - (?:missing any (VC\+\+ toolset|Windows SDK))")
        .captures(window.all_before());
    if let Some(part) = part {
        let why = format!("Visual Studio was installed without a {}", &part[1]);
        let finding = toolchain("Visual Studio has no tools for C++", &why);
        return Some(in_build(finding, window).advice(
            "Add the workload \"Desktop development with C++\" in the Visual Studio Installer",
        ));
    }
    let summary = "Visual Studio is missing, which node-gyp needs to compile an addon";
    Some(in_build(toolchain(summary, NO_PREBUILT), window).advice(WORKLOAD))
}

fn sdk(window: &Window<'_>) -> Option<Finding> {
    let finding = toolchain("the Windows SDK that the build requires is missing", NO_PREBUILT);
    let of_gyp = is_of_gyp(window) || window.text.contains("vcxproj");
    of_gyp.then(|| {
        in_build(finding, window).advice(
            "Add a Windows SDK in the Visual Studio Installer, or set windowsTargetPlatform",
        )
    })
}

fn toolset(window: &Window<'_>) -> Option<Finding> {
    let version = pattern!(r"Platform Toolset = '(\w{1,20})'").captures(window.rest());
    let version = version.map(|said| format!(" {}", &said[1])).unwrap_or_default();
    let summary =
        format!("the toolset{version} of Visual Studio that the build requires is missing");
    is_of_gyp(window).then(|| {
        in_build(toolchain(&summary, NO_PREBUILT), window).advice(
            "Add that toolset in the Visual Studio Installer, or use a newer npm, whose node-gyp \
                requires a newer one",
        )
    })
}

/// `error MSB4019: The imported project "C:\Microsoft.Cpp.Default.props" was not found.`
fn props(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"Microsoft\.Cpp[\w.]{0,40}\.(?:props|targets)").captures(window.rest());
    said.filter(|_| is_of_gyp(window))?;
    let why = "MSBuild is installed, but its files for C++ aren't";
    let finding = toolchain("Visual Studio has no tools for C++", why);
    Some(in_build(finding, window).advice(WORKLOAD))
}

/// `error MSB6006: "CL.exe" exited with code -1073741515.` The number is Windows' error: a DLL is
/// missing (0xC0000135), or a file is damaged (0xC0000005, 0xC000007B). A small number is that of
/// an error in the source, which is printed above.
fn ended(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r#"^"?(\w{1,20}\.exe)"? [^\n]{1,80}?(-1073741515|-1073741819|-1073741701)\b"#)
            .captures(window.rest())?;
    let why = match &said[2] {
        "-1073741515" => "Windows doesn't find a DLL that it needs",
        _ => "Windows ended it: a file of Visual Studio is damaged, or of another version",
    };
    let finding = toolchain(&format!("{} of Visual Studio can't start", &said[1]), why);
    let finding = finding.advice("Repair the Build Tools in the Visual Studio Installer");
    is_of_gyp(window).then(|| in_build(finding, window))
}
