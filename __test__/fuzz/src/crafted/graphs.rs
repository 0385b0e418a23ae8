//! Projects of many small packages: dense graphs, long chains, links to everywhere.

use std::path::{Path, PathBuf};

use super::{Case, joined, put};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("graph-dense", What::Tree, dense),
    ("graph-of-long-chains", What::Tree, long_chains),
    ("graph-of-unreadable-packages", What::Tree, unreadable),
    ("graph-of-small-objects", What::Tree, small_objects),
    ("graph-of-many-dependencies", What::Tree, many_dependencies),
    ("graph-of-packages-in-packages", What::Tree, nested),
    ("packages-that-require-each-other", What::Tree, circle_of_scripts),
    ("packages-that-list-each-other", What::Tree, circle_of_lists),
    #[cfg(unix)]
    ("link-to-the-root-of-the-disk", What::Tree, link_to_root),
    #[cfg(unix)]
    ("link-of-a-link-to-the-root-of-the-disk", What::Tree, link_of_link_to_root),
    #[cfg(unix)]
    ("link-maze", What::Tree, maze),
];

fn package(folder: &Path, name: &str, more: &str) {
    let manifest = format!("{{\"name\":\"{name}\",\"version\":\"1.0.0\"{more}}}");
    put(folder, &[(&format!("node_modules/{name}/package.json"), manifest.as_bytes())]);
}

fn needs(names: &str) -> String {
    format!(",\"dependencies\":{{{names}}}")
}

/// Four hundred packages with native code that all depend on each other.
fn dense(folder: &Path) -> PathBuf {
    let all = needs(&joined(400, |index| format!("\"p{index}\":\"1\"")));
    for index in 0..400 {
        package(folder, &format!("p{index}"), &all);
        put(folder, &[(&format!("node_modules/p{index}/a.node"), b"")]);
    }
    put(folder, &[("package.json", format!("{{\"name\":\"p\"{all}}}").as_bytes())])
}

/// A chain of five hundred packages, followed by a thousand packages that all depend on the same
/// twenty native packages.
fn long_chains(folder: &Path) -> PathBuf {
    let native = needs(&joined(20, |index| format!("\"n{index}\":\"1\"")));
    for index in 0..500 {
        package(folder, &format!("c{index}"), &needs(&format!("\"c{}\":\"1\"", index + 1)));
    }
    package(folder, "c500", &needs(&joined(1000, |index| format!("\"m{index}\":\"1\""))));
    (0..1000).for_each(|index| package(folder, &format!("m{index}"), &native));
    for index in 0..20 {
        put(folder, &[(&format!("node_modules/n{index}/a.node"), b"")]);
    }
    put(folder, &[("package.json", b"{\"name\":\"p\",\"dependencies\":{\"c0\":\"1\"}}")])
}

/// A thousand packages whose package.json takes as much memory as one may.
fn small_objects(folder: &Path) -> PathBuf {
    let config = format!(",\"config\":[{}0]", "{\"\":0},".repeat(22_000));
    for index in 0..1000 {
        package(folder, &format!("p{index}"), &config);
    }
    put(folder, &[("package.json", b"{}")])
}

/// Two hundred packages that depend on a hundred thousand missing packages.
fn many_dependencies(folder: &Path) -> PathBuf {
    let all = needs(&joined(100_000, |index| format!("\"{index:x}\":\"\"")));
    for index in 0..200 {
        package(folder, &format!("p{index}"), &all);
    }
    put(folder, &[("package.json", b"{}")])
}

/// Four thousand packages with an invalid package.json, and four thousand with native code.
fn unreadable(folder: &Path) -> PathBuf {
    for index in 0..4000 {
        put(
            folder,
            &[
                (&format!("node_modules/a{index}/package.json"), b"{"),
                (&format!("node_modules/b{index}/a.node"), b""),
            ],
        );
    }
    put(folder, &[("package.json", b"{}")])
}

/// Nested packages, each with its own addons.
fn nested(folder: &Path) -> PathBuf {
    let mut path = String::new();
    for index in 0..60 {
        path.push_str("node_modules/a/");
        put(folder, &[(&format!("{path}package.json"), b"{\"dependencies\":{\"a\":\"1\"}}")]);
        for file in 0..20 {
            put(folder, &[(&format!("{path}b{file}/{index}.node"), b"")]);
        }
    }
    put(folder, &[("package.json", b"{\"dependencies\":{\"a\":\"1\"}}")])
}

/// Two packages that require each other as platform packages, thirty times each.
fn circle_of_scripts(folder: &Path) -> PathBuf {
    let more = ",\"optionalDependencies\":{\"a-linux-x64\":\"1\",\"b-linux-x64\":\"1\"}";
    for (name, other) in [("a-linux-x64", "b-linux-x64"), ("b-linux-x64", "a-linux-x64")] {
        package(folder, name, more);
        let script = format!("require('{other}');").repeat(30);
        put(folder, &[(&format!("node_modules/{name}/index.js"), script.as_bytes())]);
        for file in ["a", "b"] {
            put(folder, &[(&format!("node_modules/{name}/{file}.node"), b"")]);
        }
    }
    put(folder, &[("package.json", format!("{{\"name\":\"p\"{more}}}").as_bytes())])
}

/// A package with thirty families of platform packages, whose members list the same families.
fn circle_of_lists(folder: &Path) -> PathBuf {
    let family = |index| format!("\"f{index}-linux-x64\":\"1\",\"f{index}-win32-x64\":\"1\"");
    let more = format!(",\"optionalDependencies\":{{{}}}", joined(30, family));
    for index in 0..30 {
        package(folder, &format!("f{index}-linux-x64"), &more);
    }
    put(folder, &[("package.json", format!("{{\"name\":\"p\"{more}}}").as_bytes())])
}

#[cfg(unix)]
fn link(to: &str, path: PathBuf) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    std::os::unix::fs::symlink(to, path).expect("a link");
}

/// A dependency that is a link to the root of the disk.
#[cfg(unix)]
fn link_to_root(folder: &Path) -> PathBuf {
    link("/", folder.join("node_modules/root"));
    put(folder, &[("package.json", b"{\"dependencies\":{\"root\":\"1\"}}")])
}

/// A dependency outside of the project, which has a dependency that is a link to the root of the
/// disk.
#[cfg(unix)]
fn link_of_link_to_root(folder: &Path) -> PathBuf {
    link("../../lib", folder.join("app/node_modules/lib"));
    link("/", folder.join("lib/node_modules/root"));
    put(
        &folder.join("lib"),
        &[("package.json", b"{\"name\":\"lib\",\"dependencies\":{\"root\":\"1\"}}")],
    );
    put(
        &folder.join("app"),
        &[("package.json", b"{\"name\":\"app\",\"dependencies\":{\"lib\":\"1\"}}")],
    )
}

/// Two hundred packages with links to each other, each under its own name in the others.
#[cfg(unix)]
fn maze(folder: &Path) -> PathBuf {
    let all = needs(&joined(200, |index| format!("\"p{index}\":\"1\"")));
    for index in 0..200 {
        let manifest = format!("{{\"name\":\"p{index}\"{all}}}");
        let store = format!("store/{index}/node_modules");
        put(folder, &[(&format!("{store}/p{index}/package.json"), manifest.as_bytes())]);
        put(folder, &[(&format!("{store}/p{index}/a.node"), b"")]);
        for other in (0..200).filter(|other| *other != index) {
            link(
                &format!("../../{other}/node_modules/p{other}"),
                folder.join(format!("{store}/p{other}")),
            );
        }
    }
    link("../../store/0/node_modules/p0", folder.join("app/node_modules/p0"));
    put(&folder.join("app"), &[("package.json", b"{\"dependencies\":{\"p0\":\"1\"}}")])
}
