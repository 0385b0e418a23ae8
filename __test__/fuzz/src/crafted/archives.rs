//! Archives of Electron, tables of Plug'n'Play, Yarn's zips and packed packages with excessive
//! contents.

use std::path::{Path, PathBuf};

use super::{Bytes, Case, joined, put};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("asar-of-packages", What::Tree, |folder| asar(folder, &packages(5_000, "{}"))),
    ("asar-of-packages-and-files", What::Tree, |folder| asar(folder, &packages(300, &files(60)))),
    ("asar-of-small-objects", What::Tree, |folder| asar(folder, &small_objects(2 << 20))),
    ("asar-of-many-small-objects", What::Tree, |folder| asar(folder, &small_objects(31 << 20))),
    ("asars-of-small-objects", What::Tree, |folder| {
        let header = asar_bytes(&small_objects(1 << 20));
        (0..12).for_each(|index| drop(put(folder, &[(&format!("{index}.asar"), &header)])));
        put(folder, &[("package.json", b"{}")])
    }),
    ("asars-of-names", What::Tree, |folder| {
        let names = joined(220_000, |index| format!("\"{index:x}\":{{}}"));
        let header = asar_bytes(&names);
        (0..12).for_each(|index| drop(put(folder, &[(&format!("{index}.asar"), &header)])));
        put(folder, &[("package.json", b"{}")])
    }),
    ("asar-of-folders", What::Tree, |folder| asar(folder, &"\"a\":{\"files\":{".repeat(1 << 16))),
    ("asars-among-addons", What::Tree, many_asars),
    ("pnp-of-one-location", What::Tree, one_location),
    ("pnp-of-roots", What::Tree, many_roots),
    ("pnp-of-small-objects", What::Tree, |folder| pnp(folder, &small_objects(2 << 20))),
    ("pnp-of-many-small-objects", What::Tree, |folder| pnp(folder, &small_objects(31 << 20))),
    ("pnp-of-dependencies", What::Tree, dependencies_of_one_package),
    ("pnp-of-the-whole-disk", What::Tree, whole_disk),
    ("pnp-of-one-zip", What::Tree, one_zip),
    ("zip-bomb", What::Tree, zip_bomb),
    ("zip-of-entries", What::Artifact, |folder| {
        zip_of(folder, 400_000, |index| format!("node_modules/{index}"))
    }),
    ("zip-of-folders", What::Artifact, |folder| {
        zip_of(folder, 40_000, |index| format!("node_modules/{}{index}/", "a/".repeat(40)))
    }),
    ("tar-of-links", What::Artifact, links),
    ("tar-of-files", What::Audit, |folder| tar(folder, 199_000, |index| format!("p/{index}"))),
    ("tar-of-folders", What::Audit, |folder| {
        tar(folder, 199_000, |index| format!("p/{index}/{}x", "a/".repeat(40)))
    }),
    ("tar-of-addons", What::Audit, |folder| tar(folder, 2_000, |index| format!("p/{index}.node"))),
];

/// A zip of `count` empty files with these names.
fn zip_of(folder: &Path, count: usize, name: impl Fn(usize) -> String) -> PathBuf {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for name in (0..count).map(name) {
        let length = u16::try_from(name.len()).expect("a short name").to_le_bytes();
        let at = u32::try_from(bytes.len()).expect("a small archive").to_le_bytes();
        let common = [&[20, 0, 0, 0, 0, 0][..], &[0; 16], &length, &[0; 2]].concat();
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\x03", &common[..], &[0; 10], &at].concat());
        directory.extend(name.as_bytes());
    }
    let word = |value: usize| u32::try_from(value).expect("a small archive").to_le_bytes();
    let (length, at) = (word(directory.len()), word(bytes.len()));
    bytes.extend(directory);
    bytes.extend([b"PK\x05\x06", &[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff][..]].concat());
    bytes.extend([&length[..], &at, &[0; 2]].concat());
    let path = folder.join("a.zip");
    std::fs::write(&path, bytes).expect("the archive");
    path
}

/// Links, each of which leads twice through the next one.
fn links(folder: &Path) -> PathBuf {
    let mut bytes = tar_entry("node_modules/a/package.json", b"{}");
    for index in 0..5_000 {
        let mut link = tar_entry(&format!("node_modules/l{index}"), b"");
        let target = format!("l{}/../l{}", index + 1, index + 1);
        link[156] = b'2';
        link[157..157 + target.len()].copy_from_slice(target.as_bytes());
        link[148..156].copy_from_slice(b"        ");
        let sum: u32 = link.iter().map(|byte| u32::from(*byte)).sum();
        link[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        bytes.extend(link);
    }
    let path = folder.join("a.tar");
    std::fs::write(&path, bytes).expect("the archive");
    path
}

/// A packed package, without gzip, of `count` empty files with these names.
fn tar(folder: &Path, count: usize, name: impl Fn(usize) -> String) -> PathBuf {
    let mut bytes = tar_entry("p/package.json", b"{}");
    (0..count).for_each(|index| bytes.extend(tar_entry(&name(index), b"")));
    let path = folder.join("p.tar");
    std::fs::write(&path, bytes).expect("the archive");
    path
}

/// One entry of a tar.
pub fn tar_entry(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = Bytes::default();
    bytes.put(0, name.as_bytes()).put(156, b"0").put(257, b"ustar\x0000").put(511, b"\0");
    bytes.put(124, format!("{:011o}", content.len()).as_bytes()).put(148, b"        ");
    let sum: u32 = bytes.0.iter().map(|byte| u32::from(*byte)).sum();
    bytes.put(148, format!("{sum:06o}\0").as_bytes());
    bytes.0.extend(content);
    bytes.0.resize(bytes.0.len().next_multiple_of(512), 0);
    bytes.0
}

/// Members of `files` in an asar: packages in node_modules.
fn packages(count: usize, inner: &str) -> String {
    format!(
        "\"node_modules\":{{\"files\":{{{}}}}}",
        joined(count, |index| format!("\"p{index}\":{{\"files\":{inner}}}"))
    )
}

fn files(count: usize) -> String {
    format!(
        "{{{}}}",
        joined(count, |index| format!("\"file{index}.js\":{{\"size\":100,\"offset\":\"0\"}}"))
    )
}

/// JSON objects that take the most memory for their length.
fn small_objects(size: usize) -> String {
    format!("\"a\":[{}0]", "{\"\":0},".repeat(size / 7))
}

/// An asar archive with these members of `files`.
pub fn asar_bytes(files: &str) -> Vec<u8> {
    let header = format!("{{\"files\":{{{files}}}}}");
    let length = header.len() as u32;
    let mut bytes = Bytes::default();
    bytes
        .u32(0, 4)
        .u32(4, length + 8)
        .u32(8, length + 4)
        .u32(12, length)
        .put(16, header.as_bytes());
    bytes.0
}

fn asar(folder: &Path, files: &str) -> PathBuf {
    put(folder, &[("package.json", b"{}"), ("app.asar", &asar_bytes(files))])
}

/// A thousand nearly empty archives, and ten thousand addons beside them.
fn many_asars(folder: &Path) -> PathBuf {
    let empty = asar_bytes("");
    for index in 0..1000 {
        put(folder, &[(&format!("{index}.asar"), &empty)]);
    }
    for index in 0..10_000 {
        put(folder, &[(&format!("some/folder/further/down/{index}.node"), b"")]);
    }
    put(folder, &[("package.json", b"{}")])
}

fn pnp(folder: &Path, table: &str) -> PathBuf {
    put(
        folder,
        &[
            ("package.json", b"{}"),
            (".pnp.cjs", b"x"),
            (".pnp.data.json", format!("{{{table}}}").as_bytes()),
        ],
    )
}

/// Thousands of packages in the project's own folder. The project depends on thousands of missing
/// packages.
fn one_location(folder: &Path) -> PathBuf {
    let version = |index| format!("[\"{index}\",{{\"packageLocation\":\"./\"}}]");
    pnp(folder, &format!("\"packageRegistryData\":[[\"a\",[{}]]]", joined(10_000, version)));
    let manifest = format!(
        "{{\"dependencies\":{{{}}}}}",
        joined(10_000, |index| format!("\"d{index}\":\"1\""))
    );
    put(folder, &[("package.json", manifest.as_bytes())])
}

/// A package with as many dependencies as fit into the limit.
fn dependencies_of_one_package(folder: &Path) -> PathBuf {
    let dependency = |index| format!("[\"{index}\",\"1\"]");
    let dependencies = joined(170_000, dependency);
    let package =
        format!("{{\"packageLocation\":\"./\",\"packageDependencies\":[{dependencies}]}}");
    pnp(folder, &format!("\"packageRegistryData\":[[null,[[null,{package}]]]]"))
}

/// Thousands of workspaces.
fn many_roots(folder: &Path) -> PathBuf {
    let root = |index| format!("{{\"name\":\"a\",\"reference\":\"r{index}\"}}");
    let version = |index| format!("[\"q{index}\",{{\"packageLocation\":\"./{index}/\"}}]");
    let (roots, versions) = (joined(15_000, root), joined(15_000, version));
    pnp(
        folder,
        &format!(
            "\"dependencyTreeRoots\":[{roots}],\"packageRegistryData\":[[\"a\",[{versions}]]]"
        ),
    )
}

/// A package whose folder is the root of the disk.
fn whole_disk(folder: &Path) -> PathBuf {
    let up = "../".repeat(40);
    let own =
        "[null,[[null,{\"packageLocation\":\"./\",\"packageDependencies\":[[\"a\",\"1\"]]}]]]";
    let root = format!("[\"a\",[[\"1\",{{\"packageLocation\":\"{up}\"}}]]]");
    pnp(folder, &format!("\"packageRegistryData\":[{own},{root}]"));
    put(folder, &[("package.json", b"{\"name\":\"app\",\"dependencies\":{\"a\":\"1\"}}")])
}

/// A zip with entries of these names and contents. If `method` is 8, the contents are already
/// deflated.
pub fn zip(entries: &[(String, Vec<u8>, u32)], method: u16) -> Vec<u8> {
    let (mut bytes, mut directory) = (Bytes::default(), Bytes::default());
    for (name, content, size) in entries {
        let (at, entry) = (bytes.0.len() as u64, directory.0.len() as u64);
        bytes
            .put(at, b"PK\x03\x04")
            .u16(at + 8, method)
            .u16(at + 26, name.len() as u16)
            .u16(at + 28, 0);
        bytes.put(at + 30, name.as_bytes()).put(at + 30 + name.len() as u64, content);
        directory
            .put(entry, b"PK\x01\x02")
            .u16(entry + 10, method)
            .u32(entry + 20, content.len() as u32)
            .u32(entry + 24, *size);
        directory
            .u16(entry + 28, name.len() as u16)
            .u32(entry + 42, at as u32)
            .put(entry + 46, name.as_bytes());
    }
    let start = bytes.0.len() as u64;
    bytes.put(start, &directory.0);
    let end = bytes.0.len() as u64;
    bytes
        .put(end, b"PK\x05\x06")
        .u32(end + 12, directory.0.len() as u32)
        .u32(end + 16, start as u32)
        .u16(end + 20, 0);
    bytes.0
}

/// A project of Plug'n'Play with `count` packages in one zip.
fn zipped(folder: &Path, count: usize, zip: &[u8]) -> PathBuf {
    let dependencies = joined(count, |index| format!("[\"p{index}\",\"1\"]"));
    let own = format!(
        "[null,[[null,{{\"packageLocation\":\"./\",\"packageDependencies\":[{dependencies}]}}]]]"
    );
    let package =
        |index| format!("[\"p{index}\",[[\"1\",{{\"packageLocation\":\"./c.zip/p{index}/\"}}]]]");
    pnp(folder, &format!("\"packageRegistryData\":[{own},{}]", joined(count, package)));
    let manifest = format!(
        "{{\"dependencies\":{{{}}}}}",
        joined(count, |index| format!("\"p{index}\":\"1\""))
    );
    put(folder, &[("package.json", manifest.as_bytes()), ("c.zip", zip)])
}

/// Three thousand packages in one zip of twenty thousand entries.
fn one_zip(folder: &Path) -> PathBuf {
    let entries: Vec<_> = (0..20_000).map(|index| (format!("f{index}"), Vec::new(), 0)).collect();
    zipped(folder, 3_000, &zip(&entries, 0))
}

/// A package.json of 1 GB of zeros, deflated to a megabyte, which is nearly the highest ratio of
/// deflate.
fn zip_bomb(folder: &Path) -> PathBuf {
    // A fixed block: one literal zero, then matches of 258 bytes. The same bit pattern repeats.
    let bomb: Vec<u8> = [0x63, 0x18]
        .into_iter()
        .chain(std::iter::repeat_n([0x05, 0xa3, 0x60, 0x14], 250_000).flatten())
        .collect();
    let entries: Vec<_> =
        (0..20).map(|index| (format!("p{index}/package.json"), bomb.clone(), 1000)).collect();
    zipped(folder, 20, &zip(&entries, 8))
}
