//! One random tree.

use std::path::Path;

use super::text::{damaged, script};
use crate::crafted::archives::{asar_bytes, tar_entry, zip};
use crate::random::Random;

const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "@x/p",
    "@x/p-linux-x64",
    "@x/p-win32-x64",
    "p-linux-x64-gnu",
    "node-gyp-build",
    "bindings",
    "fibers",
];
const FILES: &[&str] = &[
    "build/Release/x.node",
    "build/Debug/x.node",
    "prebuilds/linux-x64/node.napi.node",
    "prebuilds/linux-x64/node.abi115.node",
    "prebuilds/darwin-x64+arm64/node.napi.node",
    "lib/binding/x.node",
    "x.linux-x64-gnu.node",
    "bin/linux-x64-115/fibers.node",
    "x.node",
    "bin/linux-x64-99999999999999999999.node",
    "prebuilds/linux-/x.node",
    "-.-.node",
    "linux-x64-0.12.3.4.5/abi.node",
    "..node",
    "é\u{1}.node",
];
const SCRIPTS: &[&str] =
    &["index.js", "lib/index.js", "b.js", "lib/b.cjs", "index.mjs", "native.js"];

/// The packed package of a tree.
pub const PACKED: &str = "p.tar";

/// Writes a tree to `root`. The files that it may refer to outside of the tree are in `outside`.
pub fn write(root: &Path, outside: &Path, random: &mut Random) {
    std::fs::create_dir_all(root).expect("a folder");
    package(root, outside, true, random);
    let mut folders = vec![root.to_path_buf()];
    for _ in 0..random.below(6) {
        let around = random.pick(&folders).clone();
        let folder = match random.below(5) {
            0 => around.join("packages").join(random.pick(NAMES)),
            _ => around.join("node_modules").join(random.pick(NAMES)),
        };
        if random.one_in(6) {
            let to: &str =
                random.pick::<&str>(&["..", "../..", ".", "../b", "a", "../node_modules", "self"]);
            link(to, &folder);
            continue;
        }
        package(&folder, outside, false, random);
        folders.push(folder);
    }
    if random.one_in(4) {
        pnp(root, random);
    }
    if random.one_in(4) {
        put(&root.join("app.asar"), &asar(random));
    }
    if random.one_in(4) {
        put(&root.join(".yarn/cache/c.zip"), &archive(random));
    }
    put(&root.join(PACKED), &packed(random));
    for (name, text) in TEXTS {
        if random.one_in(4) {
            put(&root.join(name), &damaged(text.as_bytes().to_vec(), random));
        }
    }
}

const TEXTS: &[(&str, &str)] = &[
    (
        "pnpm-workspace.yaml",
        "packages:\n  - 'packages/*' # x\n  - \"!**/test/**\"\n  - '**'\ncatalog:\n  a: 1\n\
            onlyBuiltDependencies:\n  - a\n",
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-x}\n    \
            requiresBuild: true\n",
    ),
    (
        "node_modules/.modules.yaml",
        "{\n  \"ignoredBuilds\": [\"a@1.0.0\", \"b\"],\n  \"layoutVersion\": 5,\n  \
            \"packageManager\": \"pnpm@10.0.0\"\n}\n",
    ),
    ("node_modules/.yarn-integrity", "{\"flags\":[],\"lockfileEntries\":{}}"),
    (
        "yarn.lock",
        "__metadata:\n  version: 8\n\n\"a@npm:1\":\n  version: 1.0.0\n  resolution: \
            \"a@npm:1.0.0\"\n",
    ),
    (".yarnrc.yml", "enableScripts: false\nnodeLinker: pnp\n"),
    (".npmrc", "ignore-scripts=true\n"),
    ("bun.lock", "{\"lockfileVersion\":1,\"trustedDependencies\":[\"a\"],}"),
    (
        "package-lock.json",
        "{\"lockfileVersion\":3,\"packages\":{\"\":{},\"node_modules/a\":{\"version\":\"1.0.0\",\
            \"hasInstallScript\":true}}}",
    ),
    ("binding.gyp", "{}"),
];

pub(super) fn put(path: &Path, bytes: &[u8]) {
    // If a link or a file already has this name, nothing is written.
    let made = path.parent().is_some_and(|folder| std::fs::create_dir_all(folder).is_ok());
    let _ = made && !path.is_symlink() && std::fs::write(path, bytes).is_ok();
}

fn link(to: &str, path: &Path) {
    drop(path.parent().map(std::fs::create_dir_all));
    #[cfg(unix)]
    drop(std::os::unix::fs::symlink(to, path));
}

fn package(folder: &Path, outside: &Path, is_root: bool, random: &mut Random) {
    put(
        &folder.join("package.json"),
        &damaged(manifest(outside, is_root, random).into_bytes(), random),
    );
    for name in SCRIPTS {
        if *name == "index.js" || random.one_in(4) {
            put(&folder.join(name), &script(random));
        }
    }
    for _ in 0..random.below(4) {
        let mut file = vec![0; 64 + random.below(200)];
        let starts = [
            b"\x7fELF\x02\x01\x01\0",
            b"MZ\0\0\0\0\0\0",
            b"\xcf\xfa\xed\xfe\x07\0\0\x01",
            b"text    ",
        ];
        file[..8].copy_from_slice(*random.pick(&starts));
        put(&folder.join(random.pick(FILES)), &file);
    }
    if random.one_in(5) {
        put(&folder.join("binding.gyp"), b"{}");
    }
}

fn manifest(outside: &Path, is_root: bool, random: &mut Random) -> String {
    let canary = outside.join("canary").display().to_string();
    let mut fields = Vec::new();
    for _ in 0..2 + random.below(8) {
        let name = *random.pick(NAMES);
        let other = *random.pick(NAMES);
        let script = *random.pick(SCRIPTS);
        let value = match random.below(14) {
            0..=2 => format!("\"name\":\"{name}\""),
            3 => "\"version\":\"1.2.3\"".to_owned(),
            4 => {
                let absolute = format!("{canary}.js");
                let main = *random.pick(&[
                    script,
                    "./lib",
                    ".",
                    "",
                    "../outside/canary.js",
                    "/../../outside/canary.js",
                    "./x.node",
                    &absolute,
                ]);
                format!("\"main\":\"{main}\"")
            }
            5 => format!(
                "\"exports\":{{\".\":{{\"node\":[\"./{script}\"],\"default\":\"{canary}.js\"}}}}"
            ),
            6 | 7 => {
                let kind = random.pick(&[
                    "dependencies",
                    "optionalDependencies",
                    "devDependencies",
                    "peerDependencies",
                ]);
                format!(
                    "\"{kind}\":{{\"{name}\":\"1\",\"{other}\":\"*\",\"../../outside\":\"1\",\
                        \"\":\"\"}}"
                )
            }
            8 => format!(
                "\"os\":[\"{}\",\"!win32\"],\"cpu\":[\"x64\"]",
                random.pick(&["linux", "darwin", "", "any"])
            ),
            9 => format!(
                "\"napi\":{{\"name\":\"{}\",\
                    \"triples\":{{\"additional\":[\"aarch64-apple-darwin\"]}}}}",
                random.pick(&["x", "../../outside/canary", ""])
            ),
            10 => "\"scripts\":{\"install\":\"node-gyp rebuild\"}".to_owned(),
            11 => format!(
                "\"binary\":{{\"module_name\":\"x\",\"module_path\":\"{}\"}}",
                random.pick(&["./lib/binding", "../../outside", "{a}{b}{", "/"])
            ),
            12 if is_root => {
                "\"workspaces\":[\"packages/*\",\"**/a/**\",\"../outside\",\"!b\"]".to_owned()
            }
            13 if is_root => {
                "\"abi-guard\":{\"ignore\":[\"*-*\"],\"include\":[1],\"target\":\"x\"}".to_owned()
            }
            _ => "\"engines\":{\"node\":\">=10 <99\"}".to_owned(),
        };
        fields.push(value);
    }
    format!("{{{}}}", fields.join(","))
}

/// A table of Plug'n'Play, in the script or in a separate file.
fn pnp(root: &Path, random: &mut Random) {
    let mut packages = vec![
        "[null,[[null,{\"packageLocation\":\"./\",\
        \"packageDependencies\":[[\"a\",\"npm:1\"],[\"b\",[\"c\",\"npm:2\"]],[\"z\",\
        null]]}]]]"
            .to_owned(),
    ];
    for _ in 0..random.below(5) {
        let location = *random.pick(&[
            "./node_modules/a/",
            "./.yarn/cache/c.zip/node_modules/a/",
            "./.yarn/__virtual__/a-1/0/cache/c.zip/node_modules/a/",
            "./packages/a/",
            "./.yarn/__virtual__/x/99999999999999999999/a/",
            "./__virtual__",
            "",
            "./app.asar/node_modules/a/",
        ]);
        let reference = random.pick(&["npm:1", "npm:2", "virtual:x#npm:1", "workspace:a"]);
        packages.push(format!(
            "[\"{}\",[[\"{reference}\",{{\"packageLocation\":\"{location}\",\
                \"packageDependencies\":[[\"a\",\"npm:1\"]]}}]]]",
            random.pick(NAMES)
        ));
    }
    let table = format!(
        "{{\"dependencyTreeRoots\":[{{\"name\":\"a\",\"reference\":\"workspace:a\"}}],\
            \"packageRegistryData\":[{}]}}",
        packages.join(",")
    );
    let table = damaged(table.into_bytes(), random);
    if random.one_in(2) {
        put(&root.join(".pnp.data.json"), &table);
        return put(&root.join(".pnp.cjs"), b"require('fs')");
    }
    let text = String::from_utf8_lossy(&table)
        .replace('\\', "\\\\")
        .replace('\'', "\\'")
        .replace(',', ",\\\n");
    put(
        &root.join(".pnp.cjs"),
        &damaged(format!("const RAW_RUNTIME_STATE =\n'{text}';\n").into_bytes(), random),
    );
}

/// An archive of Electron with valid parts, damaged.
fn asar(random: &mut Random) -> Vec<u8> {
    let file = |size: usize, offset: usize| format!("{{\"size\":{size},\"offset\":\"{offset}\"}}");
    let header = format!(
        "\"package.json\":{},\"index.js\":{{\"unpacked\":true,\"size\":9}},\
            \"node_modules\":{{\"files\":{{\"a\":{{\"files\":{{\"x.node\":{},\"package.json\":{},\
            \"l\":{{\"link\":\"../..\"}}}}}},\
            \"@x\":{{\"files\":{{\"p\":{{\"files\":{{\"..\":{{\"files\":{{}}}}}}}}}}}}}}}}",
        file(13, 0),
        file(100 << random.below(60), random.below(99)),
        file(13, 0),
    );
    let mut bytes = asar_bytes(&String::from_utf8_lossy(&damaged(header.into_bytes(), random)));
    bytes.extend(b"{\"name\":\"a\"} ".repeat(8));
    numbers(&mut bytes, 16, random);
    bytes
}

/// A packed package with valid parts, damaged.
fn packed(random: &mut Random) -> Vec<u8> {
    let manifest = b"{\"name\":\"a\",\"version\":\"1.0.0\",\"main\":\"index.js\"}";
    let mut bytes = Vec::new();
    for name in ["package.json", "index.js", "x.node", "../../canary", "lib/x.node", "lib"] {
        let name = format!("package/{name}").into_bytes();
        let name = if random.one_in(4) { damaged(name, random) } else { name };
        let content = damaged(manifest.to_vec(), random);
        let length = name.len().min(100);
        bytes.extend(tar_entry(&String::from_utf8_lossy(&name[..length]), &content));
    }
    let length = bytes.len();
    numbers(&mut bytes, length, random);
    bytes
}

/// A zip of Yarn's cache with valid parts, damaged.
fn archive(random: &mut Random) -> Vec<u8> {
    let entries: Vec<(String, Vec<u8>, u32)> = ["package.json", "index.js", "x.node"]
        .map(|name| {
            (
                format!("node_modules/a/{name}"),
                damaged(b"{\"name\":\"a\",\"version\":\"1.0.0\"}".to_vec(), random),
                30,
            )
        })
        .into();
    let mut bytes = zip(&entries, *random.pick(&[0, 8, 9]));
    let length = bytes.len();
    numbers(&mut bytes, length, random);
    bytes
}

/// Writes numbers that are typical causes of mistakes into the first `length` bytes.
fn numbers(bytes: &mut Vec<u8>, length: usize, random: &mut Random) {
    if random.one_in(2) {
        return;
    }
    for _ in 0..1 + random.below(3) {
        let at = random.below(length.min(bytes.len() - 4));
        let value = *random.pick(&[
            0_u32,
            1,
            4,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_ffff,
            0xffff_fff0,
            0x0100_0000,
            0x00ff_ffff,
        ]);
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    if random.one_in(8) {
        bytes.truncate(random.below(bytes.len()));
    }
}
