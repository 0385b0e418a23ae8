//! The hash and the facts of one file.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::libraries::{Search, search};
use super::listed::{FileContents, Floors, ListedImage};
use crate::binary::{Details, Image};
use crate::check::audit::floors::{newest_version, raise};
use crate::check::audit::limit::GLIBC;
use crate::check::file::{Inspected, inspect};
use crate::files::{self, Source};
use crate::model::reports::{AbiReport, AddonReport, BinaryReport};
use crate::model::{Libc, Platform};
use crate::runtime::{Runtime, distributions};

/// The maximum size of a file that is hashed, in bytes. A sparse file of any size needs no space
/// on the disk, but hashing it takes its whole size. The largest published addons have 200 MB.
const LARGEST: u64 = 1 << 30;
/// The maximum number of bytes that are hashed for one document.
const MOST: u64 = 16 << 30;
/// The number of bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// Selects the files that are hashed, in their order, so that a document needs a limited time.
pub(super) struct Allowance {
    left: u64,
}

impl Allowance {
    pub fn new() -> Allowance {
        Allowance { left: MOST }
    }

    /// True if the file is hashed. A file without metadata can't be read, and needs no time.
    pub fn allows(&mut self, path: &Path) -> bool {
        let size = files::metadata(path).map_or(0, |found| found.size);
        let left = self.left.checked_sub(size).filter(|_| size <= LARGEST);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

/// Reads a file. `is_allowed` is false if it is too large to be hashed; `runtime` is the one for
/// which its libraries are searched.
pub(super) fn read(
    path: &Path,
    is_allowed: bool,
    runtime: Option<&Runtime>,
) -> (FileContents, Search) {
    match inspect(path) {
        Ok(inspected) => {
            let found = runtime.map(|runtime| search(&inspected, runtime)).unwrap_or_default();
            (contents(&inspected, is_allowed), found)
        }
        // The kind of an error has the same words on every system.
        Err(error) => (unread(&error.kind().to_string()), Search::default()),
    }
}

fn unread(reason: &str) -> FileContents {
    FileContents { unread: Some(reason.to_owned()), ..Default::default() }
}

fn contents(inspected: &Inspected, is_allowed: bool) -> FileContents {
    let images = images(inspected);
    if !is_allowed {
        return FileContents { images, ..unread("too large") };
    }
    let sha256 = hash(inspected.source());
    if inspected.source().has_changed() {
        return unread("it changed while it was read");
    }
    match sha256 {
        Some(_) => FileContents { sha256, unread: None, images },
        None => FileContents { images, ..unread("it can't be read to its end") },
    }
}

/// The facts of a report on the file, for a file that can't be read now.
pub(super) fn reported(report: &AbiReport) -> Vec<ListedImage> {
    let of_binary = |binary: &BinaryReport| {
        let floors = Floors {
            libc: binary.libc_version.clone(),
            node_api: node_api(report.addon.as_ref()),
            ..Floors::default()
        };
        ListedImage { binary: binary.clone(), addon: report.addon.clone(), floors }
    };
    report.binary.iter().map(of_binary).collect()
}

fn images(inspected: &Inspected) -> Vec<ListedImage> {
    let listed = |(image, binary, addon): (&Image, BinaryReport, AddonReport)| ListedImage {
        floors: floors(image, &addon),
        binary,
        addon: Some(addon),
    };
    inspected.facts().map(listed).collect()
}

fn floors(image: &Image, addon: &AddonReport) -> Floors {
    let mut floors = Floors {
        libc: image.libc_version.clone(),
        node_api: node_api(Some(addon)),
        ..Floors::default()
    };
    match &image.details {
        Details::Elf(facts) => {
            if image.libc == Some(Libc::Glibc) && image.platform == Some(Platform::Linux) {
                // `libm.so.6` and others have versions of the same name.
                raise(&mut floors.libc, newest_version(&facts.version_needs, GLIBC));
            }
            floors.glibcxx = newest_version(&facts.version_needs, distributions::GLIBCXX);
            floors.cxxabi = newest_version(&facts.version_needs, distributions::CXXABI);
        }
        Details::MachO(facts) => floors.macos.clone_from(&facts.minimum_os),
        Details::Pe(_) => {}
    }
    floors
}

/// The Node-API version that an addon needs.
fn node_api(addon: Option<&AddonReport>) -> Option<u32> {
    addon?.node_api.as_ref()?.needed()
}

/// The SHA-256 of a whole file; `None` if it can't be read to its end.
fn hash(source: &Source) -> Option<String> {
    let mut sha256 = Sha256::new();
    // Not on the stack: a thread of the crew has 1 MiB.
    let mut chunk = vec![0; CHUNK];
    let mut at = 0;
    while at < source.size() {
        source.refill();
        let count = source.read(at, &mut chunk);
        if count == 0 {
            return None;
        }
        sha256.update(&chunk[..count]);
        at += count as u64;
    }
    Some(sha256.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
