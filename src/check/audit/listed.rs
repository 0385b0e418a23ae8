//! The platform packages that package.json lists, compared with those of the audit.

use semver::Version;

use super::subject::Audit;
use crate::model::problem::publishing::{
    AbsentPlatformPackage, PlatformPackageVersion, UnlistedPlatformPackage,
};
use crate::model::{Problem, Severity};
use crate::project::Manifest;
use crate::versions::Range;

impl Audit<'_> {
    /// Platform packages that are absent, that package.json doesn't list, or that have another
    /// version than it lists. Nothing is reported if the audit has no platform packages.
    pub(super) fn listing(&self) -> Vec<Problem> {
        let manifest = &self.installed.manifest;
        let members = self.members();
        // A family without any member in the audit is published from elsewhere, as the libraries of
        // sharp are.
        let mut names = self.disk.families().to_vec();
        names.sort_unstable();
        let mut problems: Vec<Problem> = names
            .iter()
            .filter(|name| !members.iter().any(|member| member.name() == **name))
            .map(|name| absent(name))
            .collect();
        let unlisted: Vec<String> = members
            .iter()
            .filter(|member| !manifest.depends_on(member.name()))
            .map(|member| member.name().to_owned())
            .collect();
        problems.extend(self.unlisted(unlisted));
        for member in members {
            let Some(listed) = listed_version(manifest, member.name()) else { continue };
            let found = member.installed.manifest.version();
            // "workspace:*" and "file:./npm/x" are replaced when the package is packed.
            let Some(range) = Range::parse(listed) else { continue };
            let version = found.and_then(|found| Version::parse(found).ok());
            if !version.is_some_and(|version| range.allows(&version)) {
                problems.push(other_version(member.name(), listed, found));
            }
        }
        problems
    }

    fn unlisted(&self, packages: Vec<String>) -> Option<Problem> {
        let names = match packages.as_slice() {
            [] => return None,
            [one] => one.clone(),
            [first, .., last] => format!("{first} … {last} ({} packages)", packages.len()),
        };
        // `napi prepublish` lists them in the copy of package.json that is published.
        let is_added_later = self.installed.manifest.napi_rs_name().is_some()
            && packages.len() == self.members().len();
        let message = format!(
            "optionalDependencies doesn't list {names}: package managers don't install it with the \
                package{}",
            if is_added_later { ", unless \"napi prepublish\" adds it" } else { "" }
        );
        let problem = Problem::error(UnlistedPlatformPackage { packages }, message);
        Some(match is_added_later {
            true => problem.with_severity(Severity::Warning),
            false => problem,
        })
    }
}

fn absent(name: &str) -> Problem {
    let message = format!("optionalDependencies lists {name}, which isn't among the packages");
    Problem::error(AbsentPlatformPackage { package: name.to_owned() }, message)
}

fn other_version(name: &str, listed: &str, found: Option<&str>) -> Problem {
    let message = format!(
        "package.json lists {name} {listed}, but the package has {}",
        found.map_or_else(|| "no version".to_owned(), |found| format!("version {found}"))
    );
    let facts = PlatformPackageVersion {
        package: name.to_owned(),
        listed: listed.to_owned(),
        found: found.map(str::to_owned),
    };
    Problem::error(facts, message)
}

/// The version or range that package.json lists for a dependency.
fn listed_version<'m>(manifest: &'m Manifest, name: &str) -> Option<&'m str> {
    ["optionalDependencies", "dependencies", "peerDependencies"]
        .iter()
        .find_map(|field| manifest.object(field)?.get(name)?.as_str())
}
