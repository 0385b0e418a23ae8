//! Scripts of up to 1 MiB that require as much work of the script reader as possible.

use std::path::{Path, PathBuf};

use super::{Case, put};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("script-of-guarded-blocks", What::Package, |folder| script(folder, &filled("{try{}catch{}}"))),
    ("script-of-idle-blocks", What::Package, |folder| {
        script(folder, &filled("if(process.env.A){}"))
    }),
    ("script-of-open-tries", What::Package, |folder| script(folder, &filled("try{"))),
    ("script-of-open-ifs", What::Package, |folder| script(folder, &filled("if("))),
    ("script-of-open-brackets", What::Package, |folder| script(folder, &filled("("))),
    ("script-of-nested-catches", What::Package, |folder| script(folder, &filled("try{}catch(e){"))),
    ("script-of-functions", What::Package, |folder| script(folder, &filled("){"))),
    ("script-of-regexes", What::Package, |folder| script(folder, &filled("return/["))),
    ("script-of-templates", What::Package, |folder| three_scripts(folder, &filled("``"))),
    ("script-of-nested-templates", What::Package, |folder| three_scripts(folder, &filled("`${"))),
    ("script-of-strings", What::Package, |folder| three_scripts(folder, &filled("''"))),
    ("script-of-numbers", What::Package, |folder| three_scripts(folder, &filled("1,"))),
    ("script-of-conditions", What::Package, |folder| script(folder, &filled("a?a:"))),
    ("script-of-lists", What::Package, |folder| script(folder, &filled("a=["))),
    ("script-of-calls", What::Package, |folder| script(folder, &filled("a=b("))),
    ("script-of-alternatives", What::Package, |folder| script(folder, &long_values(20_000, "a||"))),
    ("script-of-constants", What::Package, |folder| script(folder, &numbered(40_000))),
    ("script-of-arguments", What::Package, |folder| {
        script(
            folder,
            &format!("load=require('bindings');{};load({}", values(), "a,".repeat(100_000)),
        )
    }),
    ("script-of-open-loaders", What::Package, |folder| {
        script(folder, &filled("require('bindings')("))
    }),
    ("script-of-createrequire", What::Package, |folder| script(folder, &filled("createRequire("))),
    ("script-of-missing-scripts", What::Package, |folder| {
        script(folder, &filled("require('./a');"))
    }),
    ("script-of-folders", What::Package, folders),
    ("script-of-paths-among-files", What::Package, |folder| among_files(folder, "'/ab',", 10_000)),
    ("script-of-requires-among-files", What::Package, |folder| {
        among_files(folder, "require('./ab');", 10_000)
    }),
    ("script-of-gaps-among-files", What::Package, |folder| {
        among_files(folder, "`./ab${b}c${b}d`,", 10_000)
    }),
    ("script-chain-deep", What::Package, chain),
    ("script-absolute", What::Package, absolute),
];

/// `part`, repeated to nearly 1 MiB.
fn filled(part: &str) -> String {
    part.repeat(((1 << 20) - 100) / part.len())
}

/// Eight values of 4,000 bytes each for `a`, which is the maximum for a name.
fn values() -> String {
    (0..8).map(|index| format!("a='{index}{}';", "x".repeat(4000))).collect()
}

fn long_values(count: usize, part: &str) -> String {
    format!("{};({}a)", values(), part.repeat(count))
}

/// Many names with the values of one name.
fn numbered(count: usize) -> String {
    let copies: String = (0..count).map(|index| format!("b{index}=a;")).collect();
    values() + &copies
}

const MANIFEST: &[u8] = b"{\"name\":\"p\",\"version\":\"1.0.0\",\"main\":\"index.js\"}";

fn script(folder: &Path, text: &str) -> PathBuf {
    let elf = b"\x7fELF";
    put(
        folder,
        &[
            ("package.json", MANIFEST),
            ("index.js", text.as_bytes()),
            ("p/q.node", elf),
            ("r/s.node", elf),
        ],
    )
}

/// A script that requires another one, which requires a third.
fn three_scripts(folder: &Path, text: &str) -> PathBuf {
    let text = &text[..text.len() - 100];
    put(
        folder,
        &[("b.js", format!("require('./c.js');{text}").as_bytes()), ("c.js", text.as_bytes())],
    );
    script(folder, &format!("require('./b.js');{text}"))
}

/// A folder with addons, and a script that refers to it 100,000 times by a variable whose values
/// have many unknown parts.
fn folders(folder: &Path) -> PathBuf {
    let gaps = "${b}".repeat(900);
    let values: String = (0..8).map(|index| format!("a=`./pp{gaps}{index}`;")).collect();
    put(folder, &[("pp01234567/q.node", b""), ("pp01234567/s.node", b"")]);
    script(folder, &format!("{values}({})", "a,".repeat(100_000)))
}

/// Ten thousand addons, and a script of `count` parts that could each mean some of them.
fn among_files(folder: &Path, part: &str, count: usize) -> PathBuf {
    let deep = folder.join("prebuilds/some-folder");
    std::fs::create_dir_all(&deep).expect("folders");
    for index in 0..10_000 {
        std::fs::write(deep.join(format!("{index}.node")), b"").expect("a file");
    }
    script(folder, &part.repeat(count))
}

/// Scripts that require each other from nested templates, to the maximum depth of the reader.
fn chain(folder: &Path) -> PathBuf {
    for index in 0..40 {
        let inner = format!("x=(new (new (f(g({{a:[require('./c{}.js')", index + 1);
        let text = (0..8).fold(inner, |text, _| format!("`${{{text}}}`"));
        put(folder, &[(&format!("c{index}.js"), text.as_bytes())]);
    }
    script(folder, "require('./c0.js')")
}

/// `main` is outside of the package. The file there must not be read.
fn absolute(folder: &Path) -> PathBuf {
    let outside = folder.join("outside.js");
    std::fs::write(&outside, filled("{try{}catch{}}")).expect("a file");
    let package = folder.join("package");
    let manifest = format!(
        "{{\"name\":\"p\",\"version\":\"1.0.0\",\"main\":{:?}}}",
        outside.display().to_string()
    );
    put(&package, &[("package.json", manifest.as_bytes()), ("a.node", b"")])
}
