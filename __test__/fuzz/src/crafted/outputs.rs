//! Outputs of build tools that require as much work as possible: bundles with many modules, calls
//! and names of addons, source maps, and lists of traced files.

use std::path::{Path, PathBuf};

use super::{Case, joined, put};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("bundle-of-modules", What::Artifact, |folder| {
        bundle(folder, &(0..150_000).map(|at| module(at, "")).collect::<String>())
    }),
    ("bundle-of-lines", What::Artifact, |folder| bundle(folder, &"// a.js\n".repeat(2_000_000))),
    ("bundle-of-calls", What::Artifact, |folder| {
        let calls = format!("{}\n", "require_0();".repeat(1_000_000));
        bundle(folder, &(module(0, "") + &module(1, &calls)))
    }),
    ("bundle-of-prefixes", What::Artifact, |folder| {
        bundle(folder, &module(1, &format!("{}\n", "require_init_".repeat(1_200_000))))
    }),
    ("bundle-of-deep-paths", What::Artifact, |folder| {
        let path = "a/".repeat(2000);
        let requests = "require_0();".repeat(2000);
        bundle(
            folder,
            &(module(0, "")
                + &format!("// {path}b.js\nvar require_b = __commonJS({{{requests}}})")),
        )
    }),
    ("bundle-of-loaders", What::Artifact, |folder| {
        let call = "require('node-gyp-build')(__dirname);\n".repeat(50);
        put(folder, &[("prebuilds/linux-x64/node.napi.node", b"\x7fELF")]);
        bundle(folder, &(loader() + &(0..3000).map(|at| module(at, &call)).collect::<String>()))
    }),
    ("bundle-of-guarded-blocks", What::Artifact, |folder| {
        bundle(folder, &(loader() + &module(1, &"{try{}catch{}}".repeat(1_000_000))))
    }),
    ("bundle-of-open-brackets", What::Artifact, |folder| {
        bundle(folder, &(loader() + &module(1, &"(".repeat(15_000_000))))
    }),
    ("bundle-names-addons-of-others", What::Artifact, |folder| names(folder, "")),
    ("bundle-names-hashed-addons", What::Artifact, |folder| names(folder, "-J2LGMM6E")),
    ("bundle-of-lost-addons", What::Artifact, |folder| {
        let name = |at: usize| format!("require('./x{at}-J2LGMM6E.node');\n");
        let text = (0..20_000).map(|at| module(at, &name(at))).collect::<String>();
        bundle(folder, &text)
    }),
    ("bundles-many", What::Artifact, |folder| {
        let text = helper() + &loader() + &(0..2000).map(|at| module(at, "")).collect::<String>();
        for at in 0..200 {
            put(folder, &[(&format!("f{at}.js"), text.as_bytes())]);
        }
        folder.to_path_buf()
    }),
    ("bundle-map-of-sources", What::Artifact, |folder| {
        let text = "require('node-gyp-build')(__dirname);";
        map(
            folder,
            &joined(20_000, |at| format!("\"node_modules/p{at}/i.js\"")),
            &joined(20_000, |_| format!("\"{text}\"")),
        )
    }),
    ("bundle-map-of-one-chain", What::Artifact, |folder| {
        map(
            folder,
            &joined(20_000, |at| format!("\"src/{at}.js\"")),
            &joined(20_000, |at| format!("\"require('./{}.js')\"", at + 1)),
        )
    }),
    ("bundle-map-nested", What::Artifact, |folder| {
        let deep = "[".repeat(4_000_000);
        map(folder, &deep, &deep)
    }),
    ("bundle-map-of-numbers", What::Artifact, |folder| {
        let numbers = joined(8_000_000, |_| "null".to_owned());
        map(folder, &numbers, &numbers)
    }),
    ("traced-lists", What::Artifact, lists),
    ("traced-paths", What::Artifact, |folder| {
        let files = joined(300_000, |at| format!("\"../node_modules/p{at}/../q/{at}.node\""));
        put(folder, &[("required-server-files.json", b"{}")]);
        put(folder, &[("server/a.nft.json", format!("{{\"files\":[{files}]}}").as_bytes())])
    }),
    ("vercel-paths", What::Artifact, vercel),
];

fn helper() -> String {
    "var __commonJS = (cb, mod) => function () {};\n".to_owned()
}

fn module(at: usize, text: &str) -> String {
    format!(
        "// node_modules/p{at}/i.js\nvar require_{at} = __commonJS({{\n\"node_modules/p{at}/i.js\"\
            (e,m){{\n{text}}}\n}});\n"
    )
}

fn loader() -> String {
    "// node_modules/node-gyp-build/i.js\nvar require_node_gyp_build = __commonJS({});\n".to_owned()
}

fn bundle(folder: &Path, text: &str) -> PathBuf {
    put(folder, &[("main.js", (helper() + text).as_bytes())])
}

/// Three thousand addons for another processor, all of which a bundle with a module for each names.
fn names(folder: &Path, end: &str) -> PathBuf {
    let mut elf = [0_u8; 64];
    elf[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    elf[16] = 3;
    elf[18] = 183;
    std::fs::create_dir_all(folder).expect("a folder");
    for at in 0..3000 {
        std::fs::write(folder.join(format!("x{at}{end}.node")), elf).expect("a file");
    }
    let text = |at: usize| module(at, &format!("try{{require('./x{at}{end}.node')}}catch{{}}\n"));
    bundle(folder, &(0..3000).map(text).collect::<String>())
}

/// A bundle of webpack with this map.
fn map(folder: &Path, sources: &str, contents: &str) -> PathBuf {
    let map = format!("{{\"sources\":[{sources}],\"sourcesContent\":[{contents}]}}");
    put(folder, &[("main.js", b"var __webpack_modules__ = {};"), ("main.js.map", map.as_bytes())])
}

/// Three hundred lists of a thousand files, no two of which are the same.
fn lists(folder: &Path) -> PathBuf {
    put(folder, &[("required-server-files.json", b"{}")]);
    for list in 0..300 {
        let files = joined(1000, |at| format!("\"../node_modules/p{}/i.js\"", at + list));
        let text = format!("{{\"files\":[{files}]}}");
        put(folder, &[(&format!("server/{list}.nft.json"), text.as_bytes())]);
    }
    folder.to_path_buf()
}

fn vercel(folder: &Path) -> PathBuf {
    let paths = joined(200_000, |at| format!("\"node_modules/p{at}/i.js\":\"a/../b/{at}.js\""));
    let text = format!("{{\"runtime\":\"nodejs22.x\",\"filePathMap\":{{{paths}}}}}");
    let output = folder.join("project/.vercel/output");
    put(&output, &[("config.json", b"{}"), ("functions/a.func/.vc-config.json", text.as_bytes())])
}
