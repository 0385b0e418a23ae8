//! Random outputs of build tools in a tree: bundles with and without source maps, traced folders,
//! lists of traced files, and functions of Vercel.

use std::path::{Path, PathBuf};

use super::text::{damaged, script};
use super::tree::put;
use crate::random::Random;

/// The folders of a tree that may be an output.
const FOLDERS: [&str; 4] = ["dist", ".next", ".vercel/output", ".output"];
/// Paths of modules and of files. Those from [`INSIDE`] on lead out of the tree: a module may have
/// such a name, but a file in a list ships, wherever it is.
const PATHS: &[&str] = &[
    "node_modules/a/index.js",
    "node_modules/node-gyp-build/node-gyp-build.js",
    "node_modules/bindings/bindings.js",
    "node_modules/@x/p/lib/index.js",
    "node_modules/b/x-J2LGMM6E.node",
    "node_modules/a/build/Release/x.node",
    "src/app.js",
    "../../outside/canary.js",
    "node_modules/../../outside/canary.js",
    "/../outside/index.js",
    "node_modules/",
    "",
];
const INSIDE: usize = 7;
const CALLS: &[&str] = &[
    "module.exports = require_index()(__dirname);\n",
    "module.exports = require('node-gyp-build')(__dirname);\n",
    "module.exports = require('node-gyp-build')('../../outside');\n",
    "module.exports = require('bindings')('../../../outside/canary');\n",
    "module.exports = require('bindings')('x');\n",
    "module.exports = require('./x-J2LGMM6E.node');\n",
    "require(__nccwpck_require__.ab + 'build/Release/x.node');\n",
    "try { require_b(); } catch (e) {}\n",
];

/// Writes some outputs, and returns their folders.
pub fn write(root: &Path, random: &mut Random) -> Vec<PathBuf> {
    let mut written = Vec::new();
    for name in FOLDERS {
        if random.one_in(3) {
            let folder = root.join(name);
            match name {
                "dist" => bundles(&folder, random),
                ".next" => next(&folder, random),
                ".vercel/output" => vercel(&folder, random),
                _ => nitro(&folder, random),
            }
            written.push(folder);
        }
    }
    written
}

fn bundles(folder: &Path, random: &mut Random) {
    for number in 0..1 + random.below(3) {
        let modules: Vec<(&str, String)> = (0..random.below(6))
            .map(|_| {
                let text = match random.below(3) {
                    0 => String::from_utf8_lossy(&script(random)).into_owned(),
                    _ => (*random.pick(CALLS)).to_owned(),
                };
                (*random.pick(PATHS), text)
            })
            .collect();
        let mut text = match random.below(4) {
            0 => "(()=>{ var __webpack_modules__ = {\n".to_owned(),
            1 => "__nccwpck_require__.ab = __dirname + '/';\n".to_owned(),
            _ => "var __commonJS = (cb, mod) => function () {};\n".to_owned(),
        };
        for (path, module) in &modules {
            let name = random.pick(&["index", "b", "node_gyp_build", "x"]);
            text += &format!(
                "// {path}\nvar require_{name} = __commonJS({{\n  \"{path}\"(exports, module) {{\n\
                    {module}  }}\n}});\n"
            );
        }
        let (sources, contents): (Vec<&str>, Vec<&str>) =
            modules.iter().map(|(path, module)| (*path, module.as_str())).unzip();
        let map = serde_json::json!({ "sources": sources, "sourcesContent": contents });
        let map = damaged(map.to_string().into_bytes(), random);
        let file = folder.join(format!("main{number}.js"));
        put(&folder.join(format!("main{number}.js.map")), &map);
        put(&file, &damaged(text.into_bytes(), random));
    }
    for name in ["x.node", "x-J2LGMM6E.node", "prebuilds/linux-x64/node.napi.node"] {
        if random.one_in(2) {
            put(&folder.join(name), b"\x7fELF\x02\x01\x01\0");
        }
    }
    if random.one_in(2) {
        put(&folder.join("package.json"), b"{\"name\":\"output\"}");
    }
}

fn next(folder: &Path, random: &mut Random) {
    put(&folder.join("required-server-files.json"), b"{}");
    let list = list(random);
    put(&folder.join("server/app/page.js.nft.json"), &list);
    let server = "process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = '{}'\n";
    put(&folder.join("standalone/server.js"), &damaged(server.as_bytes().to_vec(), random));
    package(&folder.join("standalone/node_modules/a"), random);
}

fn vercel(folder: &Path, random: &mut Random) {
    put(&folder.join("config.json"), b"{\"version\":3}");
    let paths: serde_json::Map<String, serde_json::Value> = (0..random.below(6))
        .map(|_| ((*random.pick(PATHS)).to_owned(), (*random.pick(&PATHS[..INSIDE])).into()))
        .collect();
    let configuration = serde_json::json!({
        "runtime": *random.pick(&["nodejs22.x", "nodejs999999999999999999999.x", "edge"]),
        "architecture": *random.pick(&["x64", "arm64", "?"]),
        "filePathMap": paths,
    });
    let configuration = damaged(configuration.to_string().into_bytes(), random);
    let function = folder.join("functions/index.func");
    put(&function.join(".vc-config.json"), &configuration);
    package(&function.join("node_modules/a"), random);
}

fn nitro(folder: &Path, random: &mut Random) {
    let build = b"{\"framework\":{\"name\":\"nuxt\"},\"versions\":{\"nitro\":\"2.12.0\"}}";
    put(&folder.join("nitro.json"), &damaged(build.to_vec(), random));
    put(&folder.join("server/index.mjs"), &script(random));
    package(&folder.join("server/node_modules/a"), random);
}

fn package(folder: &Path, random: &mut Random) {
    let manifest = b"{\"name\":\"a\",\"version\":\"1.0.0\",\"main\":\"index.js\"}";
    put(&folder.join("package.json"), &damaged(manifest.to_vec(), random));
    put(&folder.join("index.js"), &script(random));
    put(&folder.join("x.node"), b"\x7fELF\x02\x01\x01\0");
}

/// A list as @vercel/nft writes it.
fn list(random: &mut Random) -> Vec<u8> {
    let files: Vec<String> = (0..random.below(8))
        .map(|_| {
            let inside = random.pick(&PATHS[..INSIDE]);
            format!("{}{inside}", "../".repeat(random.below(4)))
        })
        .collect();
    damaged(serde_json::json!({ "version": 1, "files": files }).to_string().into_bytes(), random)
}
