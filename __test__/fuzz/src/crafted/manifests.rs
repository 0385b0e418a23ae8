//! package.json of up to 1 MiB, and pnpm-workspace.yaml, that require as much work as possible.

use std::path::{Path, PathBuf};

use super::{Case, joined, put};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("manifest-of-platform-packages", What::Tree, |folder| {
        optional(folder, 2_000, |index| format!("p{index}-linux-x64"))
    }),
    ("manifest-of-one-family", What::Tree, |folder| {
        optional(folder, 2_000, |index| format!("p-linux-x64-{index}"))
    }),
    ("manifest-of-many-families", What::Package, |folder| {
        optional(folder, 30_000, |index| format!("p{index}-linux-x64"))
    }),
    ("manifest-of-plain-packages", What::Tree, |folder| {
        optional(folder, 60_000, |index| format!("p{index}"))
    }),
    ("manifest-of-dependencies", What::Tree, dependencies),
    ("manifest-of-packages-and-requires", What::Package, packages_and_requires),
    ("manifest-of-exports", What::Package, exports),
    ("manifest-of-long-names", What::Tree, long_names),
    ("lockfile-of-small-objects", What::Tree, lockfile),
    ("lockfile-of-small-objects-for-doctor", What::Doctor, lockfile),
    ("workspaces-of-stars", What::Tree, stars),
    ("workspaces-of-yaml-stars", What::Tree, yaml_stars),
    ("workspaces-of-many-patterns", What::Tree, patterns),
    ("settings-of-many-patterns", What::Tree, ignore),
    ("audit-of-repeated-systems", What::Audit, repeated_systems),
    ("audit-of-many-systems", What::Audit, many_systems),
    ("audit-of-known-systems", What::Audit, known_systems),
    ("audit-of-many-files", What::Audit, many_files),
    ("audit-of-files-and-scripts", What::Audit, files_and_scripts),
    ("audit-of-releases-and-scripts", What::Audit, releases_and_scripts),
];

/// A package that lists `count` optional packages.
fn optional(folder: &Path, count: usize, name: impl Fn(usize) -> String) -> PathBuf {
    let names = joined(count, |index| format!("\"{}\":\"1\"", name(index)));
    let names = format!("{names},\"p-darwin-x64\":\"1\",\"p-win32-x64\":\"1\"");
    let manifest =
        format!("{{\"name\":\"p\",\"version\":\"1.0.0\",\"optionalDependencies\":{{{names}}}}}");
    put(folder, &[("package.json", manifest.as_bytes()), ("a.node", b"")])
}

/// The same large number of names in `dependencies` and in `optionalDependencies`.
fn dependencies(folder: &Path) -> PathBuf {
    let names = |start: &str| joined(30_000, |index| format!("\"{start}{index}\":\"1\""));
    let manifest = format!(
        "{{\"name\":\"p\",\"dependencies\":{{{}}},\"optionalDependencies\":{{{}}}}}",
        names("a"),
        names("b")
    );
    put(folder, &[("package.json", manifest.as_bytes()), ("a.node", b"")])
}

/// Each of many `require` calls may mean each of many platform packages.
fn packages_and_requires(folder: &Path) -> PathBuf {
    let script = "require('@p/'+b);".repeat(5_000);
    put(folder, &[("index.js", script.as_bytes())]);
    optional(folder, 5_000, |index| format!("@p/p-linux-x64-{index}"))
}

/// Nested entries for all conditions.
fn exports(folder: &Path) -> PathBuf {
    let mut value = "\"./###\"".to_owned();
    for _ in 0..6 {
        let member = |name: &str| format!("\"{name}\":{value}");
        value = format!(
            "{{{}}}",
            ["node-addons", "node", "require", "module-sync", "import", "default"]
                .map(member)
                .join(",")
        );
    }
    let mut count = 0;
    let mut text = String::new();
    for part in value.split("###") {
        count += 1;
        text.push_str(part);
        text.push_str(&count.to_string());
    }
    text.truncate(text.len() - count.to_string().len());
    let manifest = format!("{{\"name\":\"p\",\"exports\":{text}}}");
    put(folder, &[("package.json", manifest.as_bytes()), ("a.node", b""), ("b.node", b"")])
}

/// Names of 100 KB that consist of words like those of systems.
fn long_names(folder: &Path) -> PathBuf {
    optional(folder, 9, |index| {
        format!("{}linux-x64{index}", "a-1.1.1.1.1.1-x86_64x".repeat(5_000))
    })
}

/// The longest lockfile that is read, with the values that take the most memory for their length.
fn lockfile(folder: &Path) -> PathBuf {
    let count = (32 << 20) / 7 - 10;
    let text = format!("{{\"packages\":[{}0]}}", "{\"\":0},".repeat(count));
    put(
        folder,
        &[
            ("package.json", b"{\"name\":\"p\"}"),
            ("package-lock.json", text.as_bytes()),
            ("node_modules/a/a.node", b""),
        ],
    )
}

/// A folder of depth forty. The cases have patterns with ten `**`.
fn deep_workspace(folder: &Path) {
    let deep = "a/".repeat(40);
    put(
        folder,
        &[(&format!("{deep}package.json"), b"{\"name\":\"a\"}"), (&format!("{deep}a.node"), b"")],
    );
}

fn stars(folder: &Path) -> PathBuf {
    deep_workspace(folder);
    let manifest = format!("{{\"name\":\"p\",\"workspaces\":[\"{}x\"]}}", "**/".repeat(10));
    put(folder, &[("package.json", manifest.as_bytes())])
}

fn yaml_stars(folder: &Path) -> PathBuf {
    deep_workspace(folder);
    let yaml = format!("packages:\n  - '{}x'\n", "**/".repeat(10));
    put(folder, &[("package.json", b"{\"name\":\"p\"}"), ("pnpm-workspace.yaml", yaml.as_bytes())])
}

/// A hundred thousand patterns, and five hundred folders that could be workspaces.
fn patterns(folder: &Path) -> PathBuf {
    for index in 0..500 {
        put(folder, &[(&format!("{index}/package.json"), b"{}")]);
    }
    let manifest = format!(
        "{{\"name\":\"p\",\"workspaces\":[{}]}}",
        joined(100_000, |index| format!("\"a{index}\""))
    );
    put(folder, &[("package.json", manifest.as_bytes())])
}

/// A hundred thousand patterns of ignored packages, and five hundred packages.
fn ignore(folder: &Path) -> PathBuf {
    for index in 0..500 {
        put(folder, &[(&format!("node_modules/p{index}/a.node"), b"")]);
    }
    let manifest = format!(
        "{{\"name\":\"p\",\"abi-guard\":{{\"ignore\":[{}]}}}}",
        joined(100_000, |index| format!("\"a{index}\""))
    );
    put(folder, &[("package.json", manifest.as_bytes())])
}

/// `os` and `cpu` that list the same system thousands of times.
fn repeated_systems(folder: &Path) -> PathBuf {
    let manifest = format!(
        "{{\"name\":\"p\",\"os\":[{}],\"cpu\":[{}]}}",
        joined(5_000, |_| "\"linux\"".into()),
        joined(5_000, |_| "\"x64\"".into())
    );
    put(folder, &[("package.json", manifest.as_bytes()), ("a.node", b"")])
}

/// `os` and `cpu` with hundreds of names each.
fn many_systems(folder: &Path) -> PathBuf {
    let names = |start: &str| joined(500, |index| format!("\"{start}{index}\""));
    let manifest = format!("{{\"name\":\"p\",\"os\":[{}],\"cpu\":[{}]}}", names("o"), names("c"));
    put(folder, &[("package.json", manifest.as_bytes()), ("a.node", b"")])
}

/// All known systems, and as many unknown ones.
fn known_systems(folder: &Path) -> PathBuf {
    let platforms = "aix android darwin freebsd linux openbsd openharmony sunos win32";
    let archs = "arm arm64 ia32 loong64 mips mips64el ppc64 riscv64 s390x x64";
    let list = |names: &str, start: &str| {
        let known =
            names.split(' ').map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
        format!("[{known},{}]", joined(500, |index| format!("\"{start}{index}\"")))
    };
    let manifest = format!(
        "{{\"name\":\"p\",\"os\":{},\"cpu\":{},\"libc\":[\"glibc\",\"musl\"]}}",
        list(platforms, "o"),
        list(archs, "c")
    );
    put(folder, &[("package.json", manifest.as_bytes()), ("a.node", &small_elf())])
}

/// A thousand small files whose names contain systems.
fn many_files(folder: &Path) -> PathBuf {
    let elf = small_elf();
    for index in 0..1000 {
        put(folder, &[(&format!("prebuilds/linux-x64/{index}.node"), &elf)]);
    }
    put(folder, &[("package.json", b"{\"name\":\"p\"}")])
}

/// Fifty files, and a script of 1 MiB that is read for each of them.
fn files_and_scripts(folder: &Path) -> PathBuf {
    let elf = small_elf();
    for index in 0..50 {
        put(folder, &[(&format!("f/{index}.node"), &elf)]);
    }
    let script = "function f(a){return a.b(1,'text')}\n".repeat(29_000);
    put(folder, &[("package.json", b"{\"name\":\"p\"}"), ("index.js", script.as_bytes())])
}

/// A file for each of many releases, and scripts of 3 MB that are read for each release.
fn releases_and_scripts(folder: &Path) -> PathBuf {
    let elf = small_elf();
    for abi in 43..150 {
        put(folder, &[(&format!("f/linux-x64-{abi}.node"), &elf)]);
    }
    for (file, next) in [("index", "require('./a')"), ("a", "require('./b')"), ("b", "")] {
        let script = "f(a.b(1,'a text of a script'))\n".repeat(33_000) + next;
        put(folder, &[(&format!("{file}.js"), script.as_bytes())]);
    }
    put(folder, &[("package.json", b"{\"name\":\"p\"}")])
}

/// Only the header of an ELF file for linux-x64.
fn small_elf() -> Vec<u8> {
    let mut elf = vec![0; 64];
    elf[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    (elf[16], elf[18], elf[20], elf[52], elf[54], elf[58]) = (3, 62, 1, 64, 56, 64);
    elf
}
