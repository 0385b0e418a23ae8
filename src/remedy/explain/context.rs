//! The context of an error in the text: which program runs, how it was started, and which package
//! manager installed the packages. Explanations and fixes use both.

use semver::Version;

use super::text::pattern;
use crate::environment::PackageManager;
use crate::model::RuntimeName;

/// The context of an error.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// The runtime that runs, if it isn't Node.js.
    pub runner: Option<RuntimeName>,
    /// The release of the runtime that runs.
    pub version: Option<Version>,
    /// The package manager, recognized by the folders in paths.
    pub store: Option<Store>,
    /// True if it runs as a function: AWS Lambda, Vercel.
    pub is_function: bool,
    /// True if the JavaScript is in an executable that pkg or Bun made.
    pub is_executable: bool,
    /// True if a build by node-gyp or node-pre-gyp failed.
    pub has_failed_build: bool,
    /// True if Deno runs the package from its cache, where it runs no install scripts.
    pub is_in_cache: bool,
}

/// A program that installs packages into folders with special names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// A package manager of Node.js, or Bun.
    Of(PackageManager),
    /// Deno.
    Deno,
}

/// Words that only an Electron process prints.
const ELECTRON: [&str; 14] = [
    "A JavaScript error occurred in the main process",
    "/.com.electron.",
    "electron/js2c",
    "app.asar",
    "ELECTRON_ASAR",
    "electron/dist/resources",
    "electron\\dist\\resources",
    "Activating extension",
    "Expected directory: electron-v",
    "runtime=electron",
    "App threw an error during load",
    ".electron-gyp",
    "executing @electron/rebuild",
    "Electron Helper",
];

/// Folders that only one package manager creates.
const STORES: [(&str, Store); 10] = [
    ("/.pnpm/", Store::Of(PackageManager::Pnpm)),
    ("\\.pnpm\\", Store::Of(PackageManager::Pnpm)),
    (".yarn/unplugged", Store::Of(PackageManager::YarnBerry)),
    (".yarn\\unplugged", Store::Of(PackageManager::YarnBerry)),
    ("node_modules/.bun/", Store::Of(PackageManager::Bun)),
    ("node_modules\\.bun\\", Store::Of(PackageManager::Bun)),
    ("node_modules/.deno/", Store::Deno),
    ("node_modules\\.deno\\", Store::Deno),
    ("/deno/npm/", Store::Deno),
    ("\\deno\\npm\\", Store::Deno),
];

const FAILED: [&str; 6] = [
    "gyp ERR! build error",
    "gyp ERR! configure error",
    "gyp ERR! not ok",
    "node-pre-gyp ERR! ",
    "prebuild-install WARN",
    "prebuild-install warn",
];

/// Paths inside of an executable that contains a program's JavaScript: pkg, Bun.
pub(super) const EXECUTABLES: [&str; 6] = [
    "/snapshot/",
    ":\\snapshot\\",
    "pkg/prelude",
    "to compile the package/file into executable",
    "$bunfs",
    "B:\\~BUN\\",
];

/// The package manager that created the folders of a path.
pub(super) fn store_of(path: &str) -> Option<Store> {
    STORES.iter().find(|(mark, _)| has(path, mark)).map(|(_, store)| *store)
}

fn has(text: &str, mark: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some()
}

impl Context {
    fn of(text: &str) -> Context {
        let runner = if ELECTRON.iter().any(|mark| has(text, mark)) {
            Some(RuntimeName::Electron)
        } else if has(text, "\nBun v") || has(text, "$bunfs") {
            Some(RuntimeName::Bun)
        } else if store_of(text) == Some(Store::Deno) || has(text, "deno run") {
            Some(RuntimeName::Deno)
        } else {
            None
        };
        let version = match runner {
            Some(RuntimeName::Electron) => electron(text),
            None => node(text),
            Some(_) => None,
        };
        Context {
            runner,
            version,
            store: store_of(text),
            is_function: has(text, "/var/task/") || has(text, "/var/runtime/"),
            is_executable: EXECUTABLES.iter().any(|mark| has(text, mark)),
            has_failed_build: FAILED.iter().any(|mark| has(text, mark)),
            is_in_cache: has(text, "/deno/npm/") || has(text, "\\deno\\npm\\"),
        }
    }
}

fn version_in(text: &str) -> Option<Version> {
    Version::parse(text.trim_end_matches('.')).ok()
}

/// "electron=22.0.0", "electron-v9.2-linux-arm64-glibc", "\.electron-gyp\25.2.0"
fn electron(text: &str) -> Option<Version> {
    let whole =
        pattern!(r"(?:electron=|electron@|\.electron-gyp[\\/]{1,4})(\d{1,3}\.\d{1,3}\.\d{1,3})\b");
    if let Some(said) = whole.captures(text) {
        return version_in(&said[1]);
    }
    let said = pattern!(r"electron-v(\d{1,3})\.(\d{1,3})-").captures(text)?;
    Some(Version::new(said[1].parse().ok()?, said[2].parse().ok()?, 0))
}

/// The release of Node.js, from the line that it prints when it ends with an error ("Node.js
/// v22.11.0"), from its greeting, and from output of node-gyp and node-pre-gyp.
fn node(text: &str) -> Option<Version> {
    const MARKS: [&str; 6] = [
        "\nNode.js v",
        "Welcome to Node.js v",
        "gyp info using node@",
        "gyp ERR! node -v v",
        "for Node.js ",
        "npm ERR! node v",
    ];
    MARKS.iter().find_map(|mark| {
        let at = memchr::memmem::rfind(text.as_bytes(), mark.as_bytes())? + mark.len();
        let rest = &text[at..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        version_in(&rest[..end.min(20)])
    })
}

/// The context of each place in a text. In a long text only nearby lines count, because the log of
/// a whole day can contain words of every program.
pub(super) struct Neighbors<'t> {
    text: &'t str,
    whole: Option<Context>,
}

/// The number of bytes before and after a place that count as near.
const NEAR: usize = 32 << 10;

impl<'t> Neighbors<'t> {
    pub fn of(text: &'t str) -> Neighbors<'t> {
        Neighbors { text, whole: (text.len() <= 2 * NEAR).then(|| Context::of(text)) }
    }

    pub fn at(&self, at: usize) -> Context {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let mut start = at.saturating_sub(NEAR);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        let mut end = (at + NEAR).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        Context::of(&self.text[start..end])
    }
}

#[cfg(test)]
mod tests {
    use super::{Context, Store, Version};
    use crate::environment::PackageManager;
    use crate::model::RuntimeName;

    #[test]
    fn programs_and_their_releases_are_recognized_by_their_output() {
        for (text, runner, version) in [
            ("at node:electron/js2c/node_init:2:2617", Some(RuntimeName::Electron), None),
            (
                "Expected directory: electron-v9.2-linux-arm64-glibc",
                Some(RuntimeName::Electron),
                Some((9, 2, 0)),
            ),
            (
                "runtime=electron abi=107 electron=22.0.0 webpack=true",
                Some(RuntimeName::Electron),
                Some((22, 0, 0)),
            ),
            ("gyp info using node@22.13.0 | linux | x64", None, Some((22, 13, 0))),
            ("Error: x\n\nNode.js v20.1.0", None, Some((20, 1, 0))),
            ("for Node.js 9.4.0 (win32, ia32)", None, Some((9, 4, 0))),
            ("error\n\nBun v1.3.5 (macOS arm64)", Some(RuntimeName::Bun), None),
            ("an electron in an atom, Node.js 22", None, None),
        ] {
            let context = Context::of(text);
            let version = version.map(|(a, b, c)| Version::new(a, b, c));
            assert_eq!((context.runner, context.version), (runner, version), "{text}");
        }
    }

    #[test]
    fn package_managers_are_recognized_by_their_folders() {
        for (path, store) in [
            (
                "/app/node_modules/.pnpm/a@1.0.0/node_modules/a/x.node",
                Some(Store::Of(PackageManager::Pnpm)),
            ),
            (
                "/app/.yarn/unplugged/a-npm-1/node_modules/a/x.node",
                Some(Store::Of(PackageManager::YarnBerry)),
            ),
            ("/app/node_modules/.deno/a@1/node_modules/a/x.node", Some(Store::Deno)),
            ("/home/me/.cache/deno/npm/registry.example/a/1.0.0/x.node", Some(Store::Deno)),
            ("/app/node_modules/a/x.node", None),
        ] {
            assert_eq!(Context::of(path).store, store, "{path}");
        }
    }
}
