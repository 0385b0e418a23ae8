//! Caches of node_modules in CI, for all services.

use super::facts::Facts;
use crate::environment::PackageManager;
use crate::environment::files::{Command, Install, builds_addons, install};
use crate::model::FindingSeverity;

/// True for a path with installed packages. The caches of tools in node_modules/.cache don't count.
pub(super) fn keeps_modules(path: &str) -> bool {
    let path = path.trim().trim_end_matches(['*', '/']);
    !path.starts_with('!') && path.rsplit('/').next() == Some("node_modules")
}

/// Files whose contents change with the version of Node.js.
const PINS: [&str; 10] = [
    ".nvmrc",
    ".node-version",
    ".tool-versions",
    "mise.toml",
    ".npmrc",
    // The files that name the image or the version.
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "Jenkinsfile",
];

/// True if the text of a key, or the files in it, depend on the version of Node.js. `versions` are
/// those that the job may use.
pub(super) fn tells_version(key: &str, files: &[String], versions: &[String]) -> bool {
    let lower = key.to_ascii_lowercase();
    let squeezed: String = lower.chars().filter(|c| !matches!(c, '-' | '_')).collect();
    let names = [
        "nodeversion",
        "matrix.node",
        "matrix['node",
        "nodejsversion",
        "cijobimage",
        "$node",
        "${node",
        "nodeimage",
        "nodetag",
        "$(node",
        // A parameter of CircleCI whose value isn't resolved here.
        "<<",
    ];
    if names.iter().any(|name| squeezed.contains(name)) || PINS.iter().any(|pin| key.contains(pin))
    {
        return true;
    }
    if files.iter().any(|file| PINS.iter().any(|pin| file.ends_with(pin))) {
        return true;
    }
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').collect();
    versions.iter().any(|version| {
        let version = version.trim_start_matches('v').to_ascii_lowercase();
        let major = version.split('.').next().unwrap_or_default().to_owned();
        let is_meant = |word: &&str| {
            let word = word
                .strip_prefix("nodejs")
                .or_else(|| word.strip_prefix("node"))
                .unwrap_or(word)
                .trim_start_matches('v');
            !word.is_empty()
                && (word == version || word == major || word.trim_end_matches(".x") == major)
        };
        words.iter().any(is_meant)
    })
}

/// A name for a cache in a corrected file: that of the file, if it has one.
pub(super) fn shown_key(key: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !key.is_empty() && key.chars().all(is_name) { key } else { "modules" }
}

/// What the commands after restoring a cache do with node_modules.
pub(super) enum Afterwards {
    /// They install node_modules again, or check it.
    Fresh,
    /// They use it as it was restored.
    Kept,
    /// They install nothing: another job fills the cache.
    Nothing,
}

/// What `commands` do with the restored node_modules; `manager` distinguishes the versions of Yarn.
pub(super) fn afterwards<'c>(
    commands: impl Iterator<Item = (&'c Command, bool)>,
    manager: PackageManager,
) -> Afterwards {
    // Yarn 1 records the ABI of an installation, and installs again if the ABI has changed.
    let is_fresh = |found: &Install| {
        found.starts_clean
            || found.manager == PackageManager::YarnClassic
                && manager == PackageManager::YarnClassic
    };
    let mut result = Afterwards::Nothing;
    for (command, is_conditional) in commands {
        let is_conditional = is_conditional || command.is_conditional;
        let rebuilds = builds_addons(command);
        match install(command) {
            _ if rebuilds && !is_conditional => return Afterwards::Fresh,
            Some(found) if is_fresh(&found) && !is_conditional => return Afterwards::Fresh,
            Some(_) => result = Afterwards::Kept,
            None => {}
        }
    }
    result
}

/// The reason for a version in the key, with its severity; `None` if no package depends on the
/// version. `of_several`: jobs with several versions already share one cache.
pub(super) fn reason(facts: &Facts<'_>, of_several: bool) -> Option<(FindingSeverity, String)> {
    if !facts.natives.depend_on_version() {
        return None;
    }
    let names = facts.natives.names_of_tied();
    Some(if of_several {
        (
            FindingSeverity::Error,
            format!(
                "the jobs for each Node.js share it, but {names} can be loaded by one of them only"
            ),
        )
    } else {
        (
            FindingSeverity::Warning,
            format!("after a change of Node.js the cache would restore the old {names}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{keeps_modules, tells_version};

    #[test]
    fn only_installed_packages_count() {
        for path in [
            "node_modules",
            "node_modules/",
            "**/node_modules",
            "./node_modules",
            "web/node_modules/**",
            "*/*/node_modules",
        ] {
            assert!(keeps_modules(path), "{path}");
        }
        for path in [
            "~/.npm",
            ".npm/",
            "node_modules/.cache",
            ".yarn/cache",
            "!node_modules",
            "node_modules/.vite",
            "",
        ] {
            assert!(!keeps_modules(path), "{path}");
        }
    }

    #[test]
    fn keys_that_contain_the_version_are_recognized() {
        let versions = ["20.x".to_owned()];
        for key in [
            "${{ runner.os }}-${{ matrix.node-version }}-x",
            "${{ matrix.node }}-x",
            "${{ steps.node.outputs.node-version }}",
            "modules-${{ hashFiles('.nvmrc', 'package-lock.json') }}",
            "linux-node20-${{ hashFiles('package-lock.json') }}",
            "linux-node-20-x",
            "v1-20.x-x",
            "$NODE_VERSION-x",
            "${CI_JOB_IMAGE}",
        ] {
            assert!(tells_version(key, &[], &versions), "{key}");
        }
        for key in [
            "${{ runner.os }}-node-${{ hashFiles('package-lock.json') }}",
            "$CI_COMMIT_REF_SLUG",
            "",
            "node-modules-v1",
            "120",
        ] {
            assert!(!tells_version(key, &[], &versions), "{key}");
        }
        assert!(tells_version("", &[".nvmrc".to_owned()], &versions));
    }
}
