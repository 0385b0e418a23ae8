//! Files that aren't regular, endless folders, and package.json.

use std::path::{Path, PathBuf};

use super::{Case, stretch};
use crate::read::What;

pub const CASES: &[Case] = &[
    #[cfg(unix)]
    ("file-pipe", What::File, unix::pipe),
    #[cfg(unix)]
    ("file-zeros", What::File, unix::zeros),
    #[cfg(unix)]
    ("tree-pipe", What::Tree, unix::tree_pipe),
    #[cfg(unix)]
    ("tree-zeros", What::Tree, unix::tree_zeros),
    #[cfg(unix)]
    ("tree-links", What::Tree, unix::tree_links),
    #[cfg(unix)]
    ("manifest-pipe", What::Package, unix::manifest_pipe),
    #[cfg(unix)]
    ("manifest-zeros", What::Package, unix::manifest_zeros),
    ("tree-deep", What::Tree, tree_deep),
    ("tree-many-files", What::Tree, tree_many_files),
    ("manifest-large", What::Package, manifest_large),
    ("manifest-large-of-small-objects", What::Package, manifest_of_small_objects),
    ("manifest-deep", What::Package, manifest_deep),
    ("manifest-not-utf8", What::Package, manifest_not_utf8),
    ("executable-of-versions", What::Executable, executable_of_versions),
];

fn package(folder: &Path, manifest: &[u8]) -> PathBuf {
    std::fs::write(folder.join("package.json"), manifest).expect("a file");
    std::fs::write(folder.join("addon.node"), b"\x7fELF").expect("a file");
    folder.to_path_buf()
}

/// An addon in a folder whose path is longer than the system allows, and one just below the root.
fn tree_deep(folder: &Path) -> PathBuf {
    let mut deep = folder.to_path_buf();
    for _ in 0..1000 {
        deep.push("ab");
    }
    std::fs::create_dir_all(&deep).expect("folders");
    std::fs::write(deep.join("deep.node"), b"\x7fELF").expect("a file");
    package(folder, b"{}")
}

/// Fifty thousand addons in one package, in a folder of depth one hundred.
fn tree_many_files(folder: &Path) -> PathBuf {
    let mut deep = folder.to_path_buf();
    for _ in 0..100 {
        deep.push("a");
    }
    std::fs::create_dir_all(&deep).expect("folders");
    for index in 0..50_000 {
        std::fs::write(deep.join(format!("{index}.node")), b"").expect("a file");
    }
    package(folder, b"{}")
}

/// A package.json of 100 MB.
fn manifest_large(folder: &Path) -> PathBuf {
    let path = package(folder, b"{}");
    stretch(&folder.join("package.json"), 100 << 20);
    path
}

/// The longest file that is read, with the values that take the most memory for their length.
fn manifest_of_small_objects(folder: &Path) -> PathBuf {
    let count = (8 << 20) / 7 - 10;
    let text = format!("{{\"a\":[{}0]}}", "{\"\":0},".repeat(count));
    package(folder, text.as_bytes())
}

/// A million nested arrays.
fn manifest_deep(folder: &Path) -> PathBuf {
    package(folder, format!("{{\"name\":{}", "[".repeat(1 << 20)).as_bytes())
}

/// A package.json that isn't UTF-8.
fn manifest_not_utf8(folder: &Path) -> PathBuf {
    package(folder, b"{\"name\":\"\xff\xfe\"}")
}

/// 128 MB of strings that look like versions.
fn executable_of_versions(folder: &Path) -> PathBuf {
    let path = folder.join("node");
    std::fs::write(&path, "\0v1.1.1\0Bun/1.1.1\0".repeat(8 << 20)).expect("a file");
    let mut elf = std::fs::read(&path).expect("the file");
    // The header has just enough fields for an image.
    elf[..64].fill(0);
    elf[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    elf[54] = 56;
    std::fs::write(&path, elf).expect("the file");
    path
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::package;

    fn make_pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
    }

    /// A pipe without a writer.
    pub fn pipe(folder: &Path) -> PathBuf {
        let path = folder.join("addon.node");
        make_pipe(&path);
        path
    }

    /// An endless device.
    pub fn zeros(folder: &Path) -> PathBuf {
        let path = folder.join("addon.node");
        symlink("/dev/zero", &path).expect("a link");
        path
    }

    /// A pipe among the files of a project.
    pub fn tree_pipe(folder: &Path) -> PathBuf {
        pipe(folder);
        folder.to_path_buf()
    }

    /// A device among the files of a project.
    pub fn tree_zeros(folder: &Path) -> PathBuf {
        zeros(folder);
        std::fs::write(folder.join("other.node"), b"").expect("a file");
        folder.to_path_buf()
    }

    /// Links to parent folders, in every folder.
    pub fn tree_links(folder: &Path) -> PathBuf {
        let mut deep = folder.to_path_buf();
        for _ in 0..20 {
            deep.push("node_modules");
            std::fs::create_dir(&deep).expect("a folder");
            for name in ["a", "b", "c.node"] {
                symlink(folder, deep.join(name)).expect("a link");
            }
            symlink("itself.node", deep.join("itself.node")).expect("a link");
        }
        package(folder, b"{}")
    }

    /// package.json is a pipe.
    pub fn manifest_pipe(folder: &Path) -> PathBuf {
        package(folder, b"{}");
        std::fs::remove_file(folder.join("package.json")).expect("the file");
        make_pipe(&folder.join("package.json"));
        folder.to_path_buf()
    }

    /// package.json is an endless device.
    pub fn manifest_zeros(folder: &Path) -> PathBuf {
        package(folder, b"{}");
        std::fs::remove_file(folder.join("package.json")).expect("the file");
        symlink("/dev/zero", folder.join("package.json")).expect("a link");
        folder.to_path_buf()
    }
}
