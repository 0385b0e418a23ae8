//! Builds of packages that a text shows failing. A second build would fail the same way.

use super::paths::{package_of_folder, path_at_start};
use super::text::{Window, pattern};
use crate::remedy::package_name::is_package_name;

/// A line of a failed build, and the package in its surroundings.
type Mark = (&'static str, fn(&Window<'_>) -> Option<String>);

const MARKS: [Mark; 6] = [
    ("gyp ERR! cwd ", |window| package_of_folder(&path_at_start(window.after())?)),
    // npm: "npm error path /app/node_modules/a", "npm error command failed".
    (" command failed\n", |window| {
        let before = window.all_before();
        let path = ["npm error path ", "npm ERR! path "]
            .iter()
            .find_map(|mark| before.rsplit_once(mark))?
            .1;
        package_of_folder(&path_at_start(path)?)
    }),
    // Yarn 1: "error /app/node_modules/a: Command failed."
    (": Command failed.", |window| package_of_folder(&window.path_before()?)),
    // pnpm: "node_modules/a install: Failed", with dots in place of long paths.
    ("nstall: Failed", |window| {
        let said =
            pattern!(r"node_modules/(<package>) (?:pre|post)?i$").captures(window.before())?;
        Some(said[1].to_owned())
    }),
    (" couldn't be built successfully", |window| {
        let said = pattern!(r"(<package>)@[^\s]{1,400}$").captures(window.before())?;
        Some(said[1].to_owned())
    }),
    (" script from \"", |window| {
        let name = window.after().split('"').next()?;
        window.rest().contains("exited with").then(|| name.to_owned())
    }),
];

/// The words that mark failed builds.
pub(super) fn marks() -> impl Iterator<Item = &'static str> {
    MARKS.iter().map(|(mark, _)| *mark)
}

/// The packages whose builds failed in the text. `places`: for each mark, where it occurs.
pub(super) fn failed_builds(text: &str, places: &[Vec<usize>]) -> Vec<String> {
    let mut packages: Vec<String> = Vec::new();
    for ((mark, read), places) in MARKS.iter().zip(places) {
        for at in places {
            let package = read(&Window::around(text, *at, mark.len()));
            let is_new = |name: &String| is_package_name(name) && !packages.contains(name);
            let package = package.filter(is_new);
            packages.extend(package);
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::super::scan::Scan;
    use super::{failed_builds, marks};

    #[test]
    fn failed_builds_of_each_manager_are_recognized() {
        for (text, package) in [
            ("gyp ERR! cwd /app/node_modules/@s/a\ngyp ERR! not ok", Some("@s/a")),
            ("npm error path C:\\app\\node_modules\\a\nnpm error command failed\n", Some("a")),
            ("npm ERR! path /app/node_modules/a\nnpm ERR! command failed\n", Some("a")),
            ("npm error path /app/node_modules/a\nnpm error errno -13\n", None),
            ("error /app/node_modules/a: Command failed.\nExit code: 1", Some("a")),
            (".../node_modules/@s/a install: Failed", Some("@s/a")),
            (".../node_modules/a postinstall: Failed", Some("a")),
            (".../node_modules/a install: Done", None),
            ("➤ YN0009: │ a@npm:1.0.0 couldn't be built successfully (exit code 1)", Some("a")),
            ("error: install script from \"a\" exited with 1", Some("a")),
            ("a script from \"a\" was found", None),
            ("npm rebuild a", None),
        ] {
            let expected: Vec<&str> = package.into_iter().collect();
            let places = Scan::new(marks()).places(text, 100, &|| false);
            assert_eq!(failed_builds(text, &places), expected, "{text}");
        }
    }
}
