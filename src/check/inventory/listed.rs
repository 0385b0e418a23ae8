//! The contents of an inventory.

use std::collections::BTreeMap;

use crate::model::reports::{AddonReport, BinaryReport, RuntimeReport};
use crate::model::{Code, Convention, Outcome};

/// A project, its packages with native code, and their `.node` files.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// The packages, by path. The first one is the project itself, or the audited package.
    pub packages: Vec<ListedPackage>,
    /// The files, by path.
    pub files: Vec<ListedFile>,
    /// The runtimes that the reports are about; none for an audit.
    pub targets: Vec<RuntimeReport>,
    /// True if the first package was audited: it is a package, not an app.
    pub is_audit: bool,
}

/// A package with native code, or the project.
#[derive(Clone, Debug, Default)]
pub struct ListedPackage {
    /// Identifies it in the inventory: its path relative to the project, with `/`; `.` for the
    /// project. A package outside of the repository has its name and version instead, because its
    /// path depends on the computer.
    pub place: String,
    /// True if the place is a path.
    pub is_inside: bool,
    /// As in a report on the package.
    pub name: String,
    /// True if the name is only that of the project's folder, which is no name of a package.
    pub is_unnamed: bool,
    /// As in a report on the package.
    pub version: Option<String>,
    /// How it finds its file; `None` if no report is about the package.
    pub loader: Option<Convention>,
    /// True if every dependency path to it has an optional dependency.
    pub optional: bool,
    /// True if only `devDependencies` need it.
    pub dev: bool,
    /// As in a report on the package.
    pub required_by: Vec<Vec<String>>,
    /// The problems of the package itself.
    pub problems: Vec<Code>,
    /// The files that it loads, which may be in other packages. Positions in the list of files.
    pub loads: Vec<usize>,
}

/// A `.node` file, or a library that one of them loads from a package.
#[derive(Clone, Debug)]
pub struct ListedFile {
    /// Identifies it in the inventory, in the same form as a package's place.
    pub place: String,
    /// The package whose folder contains it: a position in the list of packages.
    pub owner: usize,
    /// Whether its package loads it; `None` if no report on a package names it.
    pub state: Option<State>,
    /// Why the package doesn't load it.
    pub reason: Option<String>,
    /// A runtime in which an audited package loads it.
    pub found_by: Option<String>,
    /// What a report says about it.
    pub verdict: Option<Verdict>,
    /// True for a library of a package, which addons load and which is no addon itself.
    pub is_library: bool,
    /// What is in it.
    pub contents: FileContents,
    /// The libraries that it needs, by name.
    pub needs: BTreeMap<String, LibraryNeed>,
}

/// The origin of a library that a file needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LibraryNeed {
    /// A file of a package: its position in the list of files.
    File(usize),
    /// The system, a compiler or the runtime.
    External,
    /// It isn't known.
    Unknown,
}

/// Whether a package loads a file in the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is the file that the package loads.
    Active,
    /// The package doesn't load it.
    Dormant,
    /// The file that the package loads isn't known.
    Unknown,
}

/// The judgment in a report.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The outcome of loading; `None` in an audit, which has no target.
    pub outcome: Option<Outcome>,
    /// The codes of its problems.
    pub problems: Vec<Code>,
}

/// What is in a file.
#[derive(Clone, Debug, Default)]
pub struct FileContents {
    /// The SHA-256 of the whole file, as 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// Why there is no hash.
    pub unread: Option<String>,
    /// One for each slice of a universal file; none for a file that is no object file.
    pub images: Vec<ListedImage>,
}

/// One linked image.
#[derive(Clone, Debug)]
pub struct ListedImage {
    /// As an object file.
    pub binary: BinaryReport,
    /// As an addon.
    pub addon: Option<AddonReport>,
    /// The oldest versions that it needs.
    pub floors: Floors,
}

/// The oldest versions that an image needs; `None` if it needs none.
#[derive(Clone, Debug, Default)]
pub struct Floors {
    /// Of its libc.
    pub libc: Option<String>,
    /// Of libstdc++, for example `3.4.21` for `GLIBCXX_3.4.21`.
    pub glibcxx: Option<String>,
    /// Of libstdc++'s C++ ABI, for example `1.3.9` for `CXXABI_1.3.9`.
    pub cxxabi: Option<String>,
    /// Of macOS.
    pub macos: Option<String>,
    /// The highest of the declared and the computed Node-API version.
    pub node_api: Option<u32>,
}
