//! Trees in memory: they are judged as on the disk, and may be worse than a disk can be.

use std::path::{Path, PathBuf};

use super::{ScanOptions, doctor, scan, settings};
use crate::control::Control;
use crate::files::Tree;
use crate::model::reports::ScanReport;
use crate::runtime::test_host;

/// A file and its text, or a link and its target.
enum Row {
    File(&'static str, &'static str),
    Link(&'static str, &'static str),
}
use Row::{File, Link};

const PROJECT: &[Row] = &[
    File("package.json", r#"{"name": "app", "dependencies": {"one": "1", "two": "1"}}"#),
    File("package-lock.json", "{}"),
    File(".nvmrc", "20\n"),
    File("Dockerfile", "FROM node:18-alpine\nCOPY . .\nRUN npm ci\n"),
    File(".github/workflows/ci.yml", "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n"),
    File("node_modules/one/package.json", r#"{"name": "one", "version": "1.0.0"}"#),
    File("node_modules/one/index.js", "module.exports = require('bindings')('one')"),
    File("node_modules/one/binding.gyp", "{}"),
    File("node_modules/one/build/Release/one.node", "<html>not found</html>"),
    File("elsewhere/two/package.json", r#"{"name": "two", "main": "./two.node"}"#),
    File("elsewhere/two/two.node", ""),
    Link("node_modules/two", "../elsewhere/two"),
    Link("node_modules/loop", "loop"),
    Link("node_modules/there", "back"),
    Link("node_modules/back", "there"),
    Link("node_modules/around", "../node_modules"),
    Link("node_modules/@scope/nowhere", "../../absent"),
];

/// The same on the disk, gone again when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn with(rows: &[Row]) -> Folder {
        let folder = std::env::temp_dir().join(format!("abi-guard-tree-{}", std::process::id()));
        let place = |path: &str| {
            let place = folder.join(path);
            std::fs::create_dir_all(place.parent().expect("a folder around")).expect("a folder");
            place
        };
        for row in rows {
            match row {
                File(path, text) => std::fs::write(place(path), text).expect("a file"),
                Link(path, target) => {
                    std::os::unix::fs::symlink(target, place(path)).expect("a link");
                }
            }
        }
        Folder(crate::files::real_path(folder).expect("the folder that was made"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn tree(rows: &[Row]) -> Tree {
    rows.iter().fold(Tree::new(), |tree, row| match row {
        File(path, text) => tree.file(path, text),
        Link(path, target) => tree.link(path, target),
    })
}

fn scanned(root: &Path) -> ScanReport {
    let options = ScanOptions::default();
    let control = Control::default();
    scan(root, &test_host(), &options, &settings(root), &control).expect("a report")
}

/// What a scan and `doctor` say, with the same word for the root and no times.
fn said(root: &Path) -> [String; 2] {
    let mut report = scanned(root);
    report.stats.milliseconds = 0.0;
    let doctor =
        doctor(root, &test_host(), &settings(root), &Control::default()).expect("a report");
    [serde_json::to_string_pretty(&report), serde_json::to_string_pretty(&doctor)]
        .map(|text| text.expect("JSON").replace(root.to_str().expect("a text"), "ROOT"))
}

#[test]
fn a_tree_in_memory_is_judged_as_on_the_disk() {
    let (memory, disk) = (tree(PROJECT), Folder::with(PROJECT));
    let [scan, doctor] = said(memory.root());
    let [expected_scan, expected_doctor] = said(&disk.0);
    assert_eq!(scan, expected_scan);
    assert_eq!(doctor, expected_doctor);
    assert!(scan.contains("\"name\": \"one\"") && scan.contains("\"name\": \"two\""), "{scan}");
    assert!(doctor.contains("Dockerfile"), "{doctor}");
}

/// The codes of the problems of the packages in a tree, of their active files, and of the tree.
fn codes(tree: &Tree) -> Vec<String> {
    let report = scanned(tree.root());
    let of_packages = report.packages.iter().flat_map(|package| &package.problems);
    let active = report.packages.iter().flat_map(|package| &package.active);
    let of_files = active.flat_map(|file| &file.problems);
    let all = of_packages.chain(of_files).chain(&report.problems);
    all.map(|problem| problem.code().to_string()).collect()
}

fn package(tree: Tree) -> Tree {
    tree.file("package.json", r#"{"name": "app", "dependencies": {"x": "1"}}"#)
        .file("node_modules/x/package.json", r#"{"name": "x", "main": "./x.node"}"#)
}

#[test]
fn a_scan_completes_if_files_vanish_or_change_or_have_a_wrong_size() {
    const ADDON: &str = "node_modules/x/x.node";
    let manifest = |tree: Tree, contents: &[&str]| {
        package(tree).changing("node_modules/x/package.json", contents)
    };
    #[rustfmt::skip]
    let rows: &[(&str, Tree, &[&str])] = &[
        ("vanishes", package(Tree::new()).vanishing(ADDON), &["unreadable"]),
        ("is unreadable", package(Tree::new()).forbidden(ADDON), &["unreadable"]),
        ("is a folder", package(Tree::new()).file("node_modules/x/x.node/y", ""), &[]),
        ("says it is larger",
         package(Tree::new()).lying(ADDON, "\x7fELF", 1 << 40), &["truncated"]),
        ("says it is smaller",
         package(Tree::new()).lying(ADDON, "<html></html>", 3), &["not-a-binary"]),
        ("is a loop of links", package(Tree::new()).link(ADDON, "x.node"), &[]),
        ("is a pipe", package(Tree::new()).pipe(ADDON), &[]),
        ("another package.json each time",
         manifest(Tree::new(), &[r#"{"name": "x"}"#, "{", "[]", r#"{"name": "y"}"#])
             .file(ADDON, "?"),
         &["unreadable", "not-a-binary"]),
        ("package.json is a pipe",
         package(Tree::new()).pipe("node_modules/x/package.json").file(ADDON, "?"),
         &["unreadable", "not-a-binary"]),
        ("a folder is unreadable",
         package(Tree::new()).file(ADDON, "?").forbidden_folder("node_modules/x/lib"),
         &["not-a-binary", "unreadable"]),
    ];
    let found: Vec<_> = rows.iter().map(|(what, tree, _)| (*what, codes(tree))).collect();
    let expected: Vec<_> = rows
        .iter()
        .map(|(what, _, codes)| (*what, codes.iter().map(ToString::to_string).collect::<Vec<_>>()))
        .collect();
    assert_eq!(found, expected);
}
