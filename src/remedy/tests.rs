//! The fixes for each combination of manager, problem and package.

use semver::Version;

use super::{Builds, Patient, Reason, remedy};
use crate::environment::{Block, Installation, PackageManager};
use crate::model::problem::abi::NodeApiTooNew;
use crate::model::{Code, Convention, Facts, Fix};
use crate::project::Ownership;
use crate::runtime::test_host;

/// A problem of which only the code is known.
fn only(code: Code) -> Reason {
    Reason { code, facts: None }
}

fn fix(
    package: &str,
    reason: Reason,
    manager: PackageManager,
    version: Option<Version>,
    approval: Option<&str>,
) -> Option<Fix> {
    let installation =
        Installation::for_tests(manager, version, Some(Version::new(11, 0, 0)), "/app");
    let block = || {
        approval.map(|word| Block { is_certain: true, is_awaited: true, ..Block::perhaps(word) })
    };
    remedy(&Patient {
        package,
        path: "/app/node_modules/a",
        reasons: &[reason],
        builds: Builds::ByScript,
        loader: &Convention::Bindings,
        block: &block,
        installation: &installation,
        runtime: &test_host(),
        title: &test_host().title(),
        is_unlocked: false,
        has_manifest: true,
        file: None,
        distribution: None,
        ownership: Ownership::Installed,
        home: &|| None,
        may_replace: &|_| true,
    })
}

fn commands(manager: PackageManager, version: Option<Version>, approval: Option<&str>) -> String {
    let fix = fix("a", only(Code::AbiMismatch), manager, version, approval).expect("a fix");
    fix.commands.iter().map(|command| command.join(" ")).collect::<Vec<_>>().join("; ")
}

#[test]
fn each_package_manager_gets_its_own_command() {
    let command = |manager| commands(manager, None, None);
    assert_eq!(command(PackageManager::Npm), "npm rebuild a");
    assert_eq!(command(PackageManager::YarnClassic), "npm rebuild a");
    assert_eq!(command(PackageManager::YarnBerry), "yarn rebuild a");
    assert_eq!(command(PackageManager::Pnpm), "pnpm rebuild a");
    assert_eq!(command(PackageManager::Bun), "bun install --force");
}

#[test]
fn pnpm_installs_again_in_versions_whose_rebuild_needs_an_install_script() {
    let words = |major, minor, builds| {
        let version = Some(Version::new(major, minor, 0));
        let installation = Installation::for_tests(PackageManager::Pnpm, version, None, "/app");
        super::commands::rebuild(&installation, "a", builds, None).concat().join(" ")
    };
    for (major, minor) in [(10, 7), (10, 34), (11, 28)] {
        assert_eq!(words(major, minor, Builds::ByNodeGyp), "pnpm install --force");
    }
    for (major, minor) in [(9, 15), (10, 6), (12, 0)] {
        assert_eq!(words(major, minor, Builds::ByNodeGyp), "pnpm rebuild a");
    }
    assert_eq!(words(10, 34, Builds::ByScript), "pnpm rebuild a");
}

#[test]
fn blocked_scripts_are_allowed_before_a_rebuild() {
    let at = |major| Some(Version::new(major, 0, 0));
    assert_eq!(
        commands(PackageManager::Npm, at(12), Some("a")),
        "npm approve-scripts a; npm rebuild a"
    );
    assert_eq!(
        commands(PackageManager::Pnpm, at(10), Some("a")),
        "npm pkg set pnpm.onlyBuiltDependencies[]=a; pnpm rebuild a"
    );
    assert_eq!(
        commands(PackageManager::Pnpm, at(12), Some("a@file:a.tgz")),
        "pnpm approve-builds a@file:a.tgz"
    );
    assert_eq!(
        commands(PackageManager::YarnBerry, at(4), Some("a")),
        "npm pkg set --json dependenciesMeta[a].built=true; yarn rebuild a"
    );
    assert_eq!(commands(PackageManager::Bun, None, Some("a")), "bun pm trust a");
}

#[test]
fn invalid_names_never_become_part_of_a_command() {
    for name in ["--evil", "a b", "@scope", "../x", ""] {
        assert_eq!(
            fix(name, only(Code::AbiMismatch), PackageManager::Npm, None, None),
            None,
            "{name}"
        );
    }
}

#[test]
fn a_node_api_that_is_too_new_names_the_first_release_with_it() {
    let facts = Facts::from(NodeApiTooNew { declared: 10, supported: 9 });
    let reason = Reason { code: Code::NodeApiTooNew, facts: Some(facts) };
    let fix = fix("a", reason, PackageManager::Npm, None, None).expect("a fix");
    assert!(fix.commands.is_empty());
    assert!(fix.summary.starts_with("For a, use Node.js 22.14 or newer"), "{}", fix.summary);
}

#[test]
fn a_foreign_package_is_fixed_where_it_is_installed() {
    let installation = Installation::for_tests(PackageManager::Npm, None, None, "/app");
    for code in [Code::AbiMismatch, Code::Malformed, Code::NotBuilt] {
        let foreign = |home: Option<&str>| {
            let home = home.map(str::to_owned);
            remedy(&Patient {
                package: "a",
                path: "/other/node_modules/a",
                reasons: &[only(code)],
                builds: Builds::ByScript,
                loader: &Convention::Bindings,
                block: &|| None,
                installation: &installation,
                runtime: &test_host(),
                title: &test_host().title(),
                is_unlocked: false,
                has_manifest: true,
                file: None,
                distribution: None,
                ownership: Ownership::Foreign,
                home: &|| home.clone(),
                may_replace: &|_| false,
            })
            .expect("a fix")
        };
        let fix = foreign(Some("/other"));
        assert!(fix.commands.is_empty() && fix.directory.is_none(), "{fix:?}");
        assert!(fix.summary.ends_with("run npx abi-guard fix in /other"), "{}", fix.summary);
        assert!(foreign(None).why.contains("other projects may use it too"));
    }
}

/// The commands for a package whose script doesn't run because of `block`.
fn unblocked(manager: PackageManager, version: Option<Version>, block: &Block) -> String {
    let installation = Installation::for_tests(manager, version, None, "/app");
    let commands = super::commands::rebuild(&installation, "a", Builds::ByScript, Some(block));
    commands.iter().map(|command| command.join(" ")).collect::<Vec<_>>().join("; ")
}

#[test]
fn an_approval_fits_the_version_and_the_reason() {
    let at = |major| Some(Version::new(major, 0, 0));
    let perhaps = Block::perhaps("a");
    let denied = Block { is_denied: true, is_certain: true, ..Block::perhaps("a@1.0.0") };
    let awaited = Block { is_awaited: true, ..Block::perhaps("a") };
    let off = Block { forbids_all: true, ..Block::perhaps("a") };
    for (manager, version, block, expected) in [
        // A version that isn't known: npm before 12 ignores the setting.
        (
            PackageManager::Npm,
            None,
            &perhaps,
            "npm pkg set --json allowScripts[a]=true; npm rebuild a",
        ),
        // `approve-scripts` refuses to change an entry that denies.
        (
            PackageManager::Npm,
            at(12),
            &denied,
            "npm pkg set --json allowScripts[a@1.0.0]=true; npm rebuild a",
        ),
        (
            PackageManager::Npm,
            at(12),
            &off,
            "npm approve-scripts a; npm rebuild --ignore-scripts=false a",
        ),
        // pnpm has no list of ignored builds after --ignore-scripts. A rebuild makes it, and newer
        // releases don't need it.
        (PackageManager::Pnpm, at(11), &perhaps, "pnpm rebuild a; pnpm approve-builds a"),
        (PackageManager::Pnpm, at(11), &awaited, "pnpm approve-builds a"),
        (PackageManager::Pnpm, at(11), &denied, ""),
        (PackageManager::Pnpm, at(12), &perhaps, "pnpm approve-builds a; pnpm rebuild a"),
        (PackageManager::Pnpm, at(12), &denied, "pnpm approve-builds a@1.0.0; pnpm rebuild a"),
        (PackageManager::Pnpm, None, &perhaps, "pnpm approve-builds a; pnpm rebuild a"),
    ] {
        assert_eq!(unblocked(manager, version, block), expected);
    }
}

#[test]
fn a_folder_without_a_manifest_gets_no_command_that_removes_packages() {
    let advised = |manager, npm: u64, code| {
        let installation = Installation::for_tests(
            manager,
            Some(Version::new(npm, 0, 0)),
            Some(Version::new(npm, 0, 0)),
            "/app",
        );
        let patient = Patient {
            package: "a",
            path: "/app/node_modules/a",
            reasons: &[only(code)],
            builds: if code == Code::Malformed { Builds::Never } else { Builds::ByScript },
            loader: &Convention::Bindings,
            block: &|| None,
            installation: &installation,
            runtime: &test_host(),
            title: "Node.js",
            is_unlocked: false,
            has_manifest: false,
            file: None,
            distribution: None,
            ownership: Ownership::Installed,
            home: &|| None,
            may_replace: &|_| true,
        };
        remedy(&patient).expect("a fix").commands
    };
    assert_eq!(advised(PackageManager::Npm, 11, Code::NotBuilt), [["npm", "rebuild", "a"]]);
    for (manager, npm, code) in [
        (PackageManager::Npm, 12, Code::NotBuilt),
        (PackageManager::Npm, 11, Code::Malformed),
        (PackageManager::Pnpm, 10, Code::NotBuilt),
        (PackageManager::Bun, 1, Code::NotBuilt),
    ] {
        assert!(advised(manager, npm, code).is_empty(), "{manager:?} {code:?}");
    }
}
