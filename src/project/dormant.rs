//! The reason for which a package's loader doesn't open a file, if it is known.

use super::installed::claims_in;
use super::loader::folders_of_bindings;
use super::naming::claims;
use crate::model::Convention;
use crate::runtime::Runtime;

/// The reason for which a package loads `active` and not `file` in `runtime` (both relative to the
/// package, with `/`), as a phrase after "dormant: "; `None` if it isn't known.
#[must_use]
pub fn why_dormant(
    loader: &Convention,
    package: &str,
    file: &str,
    active: Option<&str>,
    runtime: &Runtime,
) -> Option<String> {
    let own = claims_in(package, file).misfit(runtime);
    // The name of a platform package shows its system.
    let of_package =
        || claims(package).misfit(runtime).filter(|_| *loader == Convention::PlatformPackage);
    own.or_else(of_package).map(|other| format!("its name is for {other}")).or_else(|| {
        let active = active?;
        let rank = |file: &str| match loader {
            Convention::Bindings => rank_in_bindings(file, runtime),
            Convention::NodeGypBuild | Convention::NodeGypBuildOptionalPackages => {
                rank_in_node_gyp_build(file)
            }
            _ => None,
        };
        let first = rank(active)?;
        match rank(file) {
            None => Some(format!("{loader} doesn't look there")),
            // Of several files with one name, or in one folder, the loader opens the first.
            Some(rank)
                if rank > first
                    && (*loader != Convention::Bindings || name(file) == name(active)) =>
            {
                Some(format!("{active} comes before it"))
            }
            Some(_) => None,
        }
    })
}

fn name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn rank_in_bindings(file: &str, runtime: &Runtime) -> Option<usize> {
    folders_of_bindings(runtime)
        .iter()
        .position(|folder| file.strip_suffix(name(file)) == Some(folder))
}

/// Local builds come before published files.
fn rank_in_node_gyp_build(file: &str) -> Option<usize> {
    match file.split('/').collect::<Vec<_>>().as_slice() {
        ["build", "Release", _] => Some(0),
        ["build", "Debug", _] => Some(1),
        ["prebuilds", _, _] => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::why_dormant;
    use crate::model::Convention;
    use crate::runtime::{RuntimeSpec, resolve, test_host};

    #[test]
    fn only_known_reasons_are_reported() {
        let runtime = resolve(
            Some(&RuntimeSpec::Text("node@22/linux-x64-glibc2.36".to_owned())),
            &test_host(),
        )
        .expect("a runtime");
        for (loader, package, file, active, expected) in [
            (
                "script",
                "p",
                "prebuilds/darwin-arm64/p.node",
                None,
                Some("its name is for darwin-arm64"),
            ),
            (
                "script",
                "p",
                "prebuilds/darwin-x64+arm64/p.node",
                None,
                Some("its name is for darwin-x64 or arm64"),
            ),
            ("script", "p", "bin/win32/p.node", None, Some("its name is for win32")),
            ("script", "p", "p.linux-x64-musl.node", None, Some("its name is for musl")),
            (
                "script",
                "p",
                "prebuilds/linux-x64/electron.napi.node",
                None,
                Some("its name is for Electron"),
            ),
            (
                "script",
                "p",
                "prebuilds/linux-x64/node.abi115.node",
                None,
                Some("its name is for ABI 115"),
            ),
            (
                "script",
                "p",
                "bin/linux-x64-node-20/p.node",
                None,
                Some("its name is for Node.js 20"),
            ),
            (
                "platform-package",
                "@p/p-win32-x64",
                "p.node",
                None,
                Some("its name is for win32-x64"),
            ),
            (
                "bindings",
                "p",
                "out/Release/p.node",
                Some("build/Release/p.node"),
                Some("build/Release/p.node comes before it"),
            ),
            (
                "bindings",
                "p",
                "build/Release/obj.target/p.node",
                Some("build/Release/p.node"),
                Some("bindings doesn't look there"),
            ),
            ("bindings", "p", "out/Release/q.node", Some("build/Release/p.node"), None),
            (
                "node-gyp-build",
                "p",
                "prebuilds/linux-x64/p.node",
                Some("build/Release/p.node"),
                Some("build/Release/p.node comes before it"),
            ),
            (
                "node-gyp-build",
                "p",
                "build/Release/obj.target/p.node",
                Some("build/Release/p.node"),
                Some("node-gyp-build doesn't look there"),
            ),
            ("node-gyp-build", "p", "build/Release/q.node", Some("build/Release/p.node"), None),
            ("script", "p", "test/p.node", Some("build/Release/p.node"), None),
            ("bindings", "p", "test/p.node", None, None),
        ] {
            assert_eq!(
                why_dormant(&Convention::from_name(loader), package, file, active, &runtime)
                    .as_deref(),
                expected,
                "{loader} {file}"
            );
        }
    }
}
