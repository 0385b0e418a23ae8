//! Finds the tools that node-gyp needs to compile an addon: a C++ compiler, make and Python, in the
//! places where node-gyp searches. No program is run: versions come from file names, and are
//! unknown if those don't contain one.

mod tool;
mod windows;

use std::env;
use std::path::Path;

use self::tool::variable;
use super::distribution::{Distribution, distribution};
use super::programs::npm_beside;
use crate::files::{self, Kind, real_path};

pub use tool::Tool;

/// The tools on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// The C++ compiler; on Windows that of Visual Studio.
    pub compiler: Option<Tool>,
    /// make. On Windows it isn't needed, because Visual Studio includes msbuild.
    pub make: Option<Tool>,
    /// Python.
    pub python: Option<Tool>,
    /// The version of npm's node-gyp.
    pub node_gyp: Option<String>,
    /// The oldest Python that its gyp supports.
    pub oldest_python: String,
    /// The kind of system, which decides how tools are installed.
    pub distribution: Option<Distribution>,
    /// True on Windows, where Visual Studio compiles.
    pub is_windows: bool,
}

/// The longest file with a version that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// The tools on this computer; `exec_path` is the Node.js whose npm would compile.
#[must_use]
pub fn toolchain(exec_path: Option<&str>) -> Toolchain {
    let node_gyp = exec_path
        .and_then(|path| npm_beside(Path::new(path)))
        .map(|npm| npm.join("node_modules/node-gyp"));
    let text = |name: &str| {
        node_gyp.as_ref().and_then(|folder| files::text(&folder.join(name), LONGEST).ok())
    };
    let manifest =
        text("package.json").and_then(|text| crate::files::json::<serde_json::Value>(&text).ok());
    let oldest = text("gyp/pyproject.toml").and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("requires-python"))?;
        Some(
            line.split(">=")
                .nth(1)?
                .chars()
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect(),
        )
    });
    let is_windows = cfg!(windows);
    Toolchain {
        compiler: if is_windows { windows::compiler() } else { compiler() },
        make: if is_windows {
            None
        } else {
            from_variable("MAKE").or_else(|| on_path(make_name()))
        },
        python: python(),
        node_gyp: manifest.and_then(|manifest| Some(manifest.get("version")?.as_str()?.to_owned())),
        // node-gyp itself requires only this (lib/find-python.js, since 6).
        oldest_python: oldest.unwrap_or_else(|| "3.6".to_owned()),
        distribution: distribution(),
        is_windows,
    }
}

fn make_name() -> &'static str {
    // node-gyp, lib/build.js
    if env::consts::OS.contains("bsd") || env::consts::OS == "aix" { "gmake" } else { "make" }
}

fn compiler() -> Option<Tool> {
    if let Some(tool) = from_variable("CXX") {
        return Some(tool);
    }
    match env::consts::OS {
        // Every Mac has /usr/bin/c++, which only offers to install the tools.
        "macos" => {
            let places = [
                "/Library/Developer/CommandLineTools/usr/bin/c++",
                "/var/db/xcode_select_link/usr/bin/c++",
            ];
            let xcode = "/Applications/Xcode.app/Contents/Developer/Toolchains/\
                         XcodeDefault.xctoolchain/usr/bin/c++";
            places
                .into_iter()
                .chain([xcode])
                .map(Path::new)
                .find(|path| is_executable(path))
                .map(tool)
        }
        // The default of make, which gyp's makefiles don't change.
        "linux" => on_path("g++"),
        _ => on_path("c++"),
    }
}

/// Searches Python in the order of node-gyp's lib/find-python.js.
fn python() -> Option<Tool> {
    if let Some(forced) = variable("NODE_GYP_FORCE_PYTHON") {
        return command(&forced);
    }
    let configured = ["npm_package_config_node_gyp_python", "npm_config_python", "PYTHON"];
    let named = configured.into_iter().filter_map(variable).find_map(|name| command(&name));
    named
        .or_else(|| on_path("python3"))
        .or_else(|| on_path("python"))
        .or_else(|| cfg!(windows).then(windows::python).flatten())
}

/// The tool in an environment variable, without the options after it.
fn from_variable(name: &str) -> Option<Tool> {
    command(variable(name)?.split_whitespace().next()?)
}

/// A tool by path, or by name on the `PATH`.
fn command(name: &str) -> Option<Tool> {
    if name.contains(['/', '\\']) {
        return Some(Path::new(name)).filter(|path| is_executable(path)).map(tool);
    }
    on_path(name)
}

/// The first file called `name` on the `PATH`. Folders in node_modules are skipped, because their
/// contents are what is being checked.
fn on_path(name: &str) -> Option<Tool> {
    let folders = files::variable("PATH")?;
    let names = if cfg!(windows) {
        vec![format!("{name}.exe"), format!("{name}.cmd")]
    } else {
        vec![name.to_owned()]
    };
    let folders = env::split_paths(&folders).filter(|folder| {
        folder.is_absolute() && !folder.components().any(|part| part.as_os_str() == "node_modules")
    });
    folders
        .take(256)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
        .find(|path| is_executable(path))
        .map(|path| tool(&path))
}

/// Windows has no such permission: every file counts.
fn is_executable(path: &Path) -> bool {
    files::metadata(path).is_ok_and(|found| {
        found.kind == Kind::File && found.access.is_none_or(|(mode, _)| mode & 0o111 != 0)
    })
}

fn tool(path: &Path) -> Tool {
    let real = real_path(path).unwrap_or_else(|_| path.to_path_buf());
    let version = version_in(&real).or_else(|| of_environment(path)).or_else(|| of_pyenv(path));
    Tool { path: path.to_string_lossy().into_owned(), version }
}

/// The version in the name of a file (`python3.11`, `x86_64-linux-gnu-g++-12`) or of a folder above
/// it (`cpython-3.12.1-linux…`, `Python312`).
fn version_in(path: &Path) -> Option<String> {
    let digits = |text: &str| -> Option<String> {
        let number: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let number = number.trim_end_matches('.');
        number.starts_with(|c: char| c.is_ascii_digit()).then(|| number.to_owned())
    };
    let name = path.file_name()?.to_str()?;
    let name = name.strip_suffix(".exe").unwrap_or(name);
    if let Some(found) = name.strip_prefix("python").and_then(digits) {
        // "python3" has no minor version.
        return Some(found).filter(|found| found.contains('.')).or_else(|| of_folders(path));
    }
    if name.contains("++") || name.contains("cc") || name.contains("clang") {
        return name.rsplit('-').next().filter(|last| *last != name).and_then(digits);
    }
    of_folders(path)
}

fn of_folders(path: &Path) -> Option<String> {
    path.ancestors().skip(1).filter_map(|folder| folder.file_name()?.to_str()).find_map(|name| {
        let rest = name
            .strip_prefix("cpython-")
            .or_else(|| name.strip_prefix("python@"))
            .or_else(|| name.strip_prefix("Python"))?;
        let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        match number.split_at_checked(1) {
            // Python312 means 3.12.
            Some(("3", minor)) if !number.contains('.') && !minor.is_empty() => {
                Some(format!("3.{minor}"))
            }
            _ => Some(number).filter(|number| number.contains('.')),
        }
    })
}

/// A virtual environment has its version in a file.
fn of_environment(path: &Path) -> Option<String> {
    let text = files::text(&path.parent()?.parent()?.join("pyvenv.cfg"), LONGEST).ok()?;
    let value = text
        .lines()
        .find_map(|line| line.split_once('=').filter(|(key, _)| key.trim().starts_with("version")));
    value.map(|(_, version)| version.trim().to_owned()).filter(|version| is_version(version))
}

/// pyenv's shims start the version in `PYENV_VERSION` or in its file `version`.
fn of_pyenv(path: &Path) -> Option<String> {
    let shims =
        path.parent().filter(|folder| folder.file_name().is_some_and(|name| name == "shims"))?;
    let named = variable("PYENV_VERSION")
        .or_else(|| files::text(&shims.parent()?.join("version"), LONGEST).ok())?;
    let first = named.lines().next()?.split(':').next()?.trim();
    is_version(first).then(|| first.to_owned())
}

/// True for a text that may be shown as a version. The files that contain it may be part of a
/// project.
fn is_version(text: &str) -> bool {
    let is_of_it = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    text.len() <= 30 && text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(is_of_it)
}

#[cfg(test)]
mod tests {
    use super::{toolchain, version_in};
    use std::path::Path;

    #[test]
    fn python_versions_are_read_from_paths() {
        for (path, expected) in [
            ("/usr/bin/python3.11", Some("3.11")),
            ("/usr/bin/python2.7", Some("2.7")),
            ("/usr/bin/python3", None),
            (
                "/home/x/.local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu/bin/python3",
                Some("3.12.1"),
            ),
            ("/opt/homebrew/Cellar/python@3.13/3.13.1/bin/python3", Some("3.13")),
            ("C/Python312/python.exe", Some("3.12")),
            ("/usr/bin/x86_64-linux-gnu-g++-12", Some("12")),
            ("/usr/bin/g++", None),
            ("/usr/bin/make", None),
        ] {
            assert_eq!(version_in(Path::new(path)).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn the_toolchain_is_found_without_running_a_program() {
        let found = toolchain(Some("/no/such/node"));
        assert_eq!((found.node_gyp, found.oldest_python.as_str()), (None, "3.6"));
    }
}
