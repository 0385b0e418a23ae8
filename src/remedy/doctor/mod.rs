//! What will break, before anything breaks: facts from around a project → findings, each with its
//! place and the mended lines. Pure.

mod caches;
mod compose;
mod docker;
mod gitlab;
mod natives;
mod pins;
mod scripts;
mod stages;
mod toolchain;
mod versions;
mod workflows;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::environment::files::ProjectFiles;
use crate::environment::{PackageManager, Pin, Toolchain};
use crate::runtime::Runtime;
pub use natives::{Basis, Native, Natives};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// It will break.
    Error,
    /// It is likely to.
    Warning,
    /// Worth knowing.
    Note,
}

macro_rules! findings {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// The stable codes of findings. Each has a section in docs/doctor.md; renaming one is a
        /// breaking change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum FindingCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl FindingCode {
            /// The code as it stands in reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(FindingCode::$name => $text,)*
                }
            }
        }
    };
}

findings! {
    /// Two places want different Node.js versions.
    PinsContradict => "pins-contradict",
    /// The Node.js that runs isn't the one that was chosen.
    RunningNodeDiffers => "running-node-differs",
    /// An image or a workflow takes whichever Node.js is the newest.
    NodeNotPinned => "node-not-pinned",
    /// An image or a workflow has another Node.js than the project chose.
    NodeVersionDiffers => "node-version-differs",
    /// An image gets the node_modules of the host.
    HostModulesCopied => "host-modules-copied",
    /// A container sees the node_modules of the host.
    HostModulesMounted => "host-modules-mounted",
    /// node_modules goes from one stage to another with a different Node.js or libc.
    StagesDiffer => "stages-differ",
    /// An image with musl, and a package without a file for it.
    NoMuslPrebuild => "no-musl-prebuild",
    /// Install scripts are left out that packages need.
    ScriptsIgnored => "scripts-ignored",
    /// Optional dependencies are left out that packages need.
    OptionalOmitted => "optional-omitted",
    /// node_modules is cached under a key that doesn't tell what it was built for.
    ModulesCached => "modules-cached",
    /// What node-gyp needs isn't there.
    ToolchainMissing => "toolchain-missing",
    /// Python is there in a version that node-gyp can't use.
    PythonUnsuited => "python-unsuited",
    /// Packages that don't load now.
    DoesNotLoad => "does-not-load",
    /// Packages that the next Node.js breaks.
    TiedToNode => "tied-to-node",
    /// A file that can't be read as what it is.
    FileNotRead => "file-not-read",
}

/// One thing that will break, or may.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Its stable code.
    pub code: FindingCode,
    /// How much it weighs.
    pub severity: Weight,
    /// The file, absolute; `None` where it is about no file.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// What, and why.
    pub message: String,
    /// The mended lines, ready to paste.
    pub snippet: Option<String>,
}

impl Finding {
    /// A finding about no file.
    fn new(code: FindingCode, severity: Weight, message: impl Into<String>) -> Finding {
        Finding { code, severity, file: None, line: None, message: message.into(), snippet: None }
    }

    fn at(mut self, file: &Path, line: u32) -> Finding {
        self.file = Some(file.to_string_lossy().into_owned());
        self.line = Some(line);
        self
    }

    fn with(mut self, snippet: Option<String>) -> Finding {
        self.snippet = snippet;
        self
    }
}

/// Everything that findings rest on.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The project.
    pub root: PathBuf,
    /// The runtime it is judged for.
    pub runtime: &'a Runtime,
    /// What it says of Node.js.
    pub pins: Vec<Pin>,
    /// Its native code.
    pub natives: Natives,
    /// Who installs it.
    pub manager: PackageManager,
    /// Name of its lockfile, for the key of a cache.
    pub lockfile: &'static str,
    /// It is installed without node_modules (Yarn's Plug'n'Play).
    pub is_plug_and_play: bool,
    /// What the files around it say.
    pub files: ProjectFiles,
    /// What compiles addons on this machine.
    pub toolchain: Toolchain,
}

/// All findings, errors first, then by place.
#[must_use]
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let mut all = pins::findings(facts);
    if facts.natives.exist() {
        all.extend(docker::findings(facts));
        all.extend(stages::findings(facts));
        all.extend(scripts::findings(facts));
        all.extend(compose::findings(facts));
        all.extend(workflows::findings(facts));
        all.extend(gitlab::findings(facts));
        all.extend(toolchain::findings(facts));
        all.extend(natives::findings(facts));
    }
    all.extend(facts.files.broken_manifest.iter().map(|(path, error)| {
        let message =
            format!("package.json can't be read, so that nothing of it is known: {error}");
        let finding = Finding::new(FindingCode::FileNotRead, Weight::Error, message);
        Finding { file: Some(path.to_string_lossy().into_owned()), ..finding }
    }));
    all.extend(facts.files.unread.iter().map(|(path, error)| {
        let finding = Finding::new(
            FindingCode::FileNotRead,
            Weight::Note,
            format!("it could not be looked at: {}", error.message),
        );
        match error.line {
            Some(line) => finding.at(path, line),
            None => Finding { file: Some(path.to_string_lossy().into_owned()), ..finding },
        }
    }));
    if facts.natives.basis == Basis::Lockfile {
        // What is only guessed breaks nothing for sure.
        for finding in all.iter_mut().filter(|finding| finding.severity == Weight::Error) {
            finding.severity = Weight::Warning;
        }
    }
    all.sort_by(|a, b| {
        (a.severity, &a.file, a.line, a.code).cmp(&(b.severity, &b.file, b.line, b.code))
    });
    all.dedup_by(|a, b| (a.code, &a.file, a.line) == (b.code, &b.file, b.line));
    all
}

/// The names of packages in a sentence: "a", "a and b", "a, b and 3 others".
fn names<'n>(all: impl Iterator<Item = &'n str>) -> String {
    let mut all: Vec<&str> = all.collect();
    all.sort_unstable();
    all.dedup();
    match all.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} others", rest.len()),
    }
}
