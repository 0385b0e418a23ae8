//! One `.node` file: read once, judged for any number of runtimes.

use std::io;
use std::path::Path;

use serde::Deserialize;

use super::siblings::siblings;
use crate::addon::{self, Addon, Declared};
use crate::binary::{self, Binary, Contents, Image};
use crate::environment::compiled_for_compression;
use crate::files::{Place, Source, locate, shown};
use crate::linking::{self, Linkage, Own};
use crate::model::problem::file::{Changed, DependsOnRelease, Subject, Undetermined};
use crate::model::reports::{
    AbiReport, AddonReport, BinaryReport, FileKind, NodeApiReport, SliceReport,
};
use crate::model::{AddonApi, Outcome, Problem, Severity};
use crate::panics::caught;
use crate::project::{Release, claims};
use crate::runtime::{Runtime, registry};
use crate::verdict::{self, Case, Verdict};

/// How a file will be used.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckOptions {
    /// True if worker threads will load it.
    pub threads: bool,
    /// True if an Electron renderer will load it.
    pub renderer: bool,
    /// True if a file that couldn't be judged counts as not ok.
    pub strict: bool,
}

/// A file that has been read.
pub struct Inspected {
    file: String,
    source: Source,
    binary: Binary,
    /// One per image, in the same order.
    addons: Vec<Addon>,
    changed: bool,
    /// True if reading it exceeded the step limit and was stopped.
    exhausted: bool,
}

/// Reads the file at `path`.
///
/// # Errors
/// The system's error if the file can't be opened. Any file that can be opened gives a result,
/// whatever it contains.
pub fn inspect(path: &Path) -> io::Result<Inspected> {
    let path = std::path::absolute(path)?;
    let (path, source) = match locate(&path)? {
        Place::File(path) => (path.clone(), Source::open(&path)?),
        Place::Inside(source) => (path, source),
    };
    let read = || {
        let binary = binary::read(&source);
        let addons = binary.images().iter().map(|image| addon::read(image, &source)).collect();
        (binary, addons)
    };
    // A panic of a parser is a bug of abi-guard, but must not end the process.
    let (binary, addons) = caught(read).ok_or_else(|| {
        io::Error::other("internal error while reading; please report it with the file")
    })?;
    let (changed, exhausted) = (source.has_changed(), source.is_exhausted());
    Ok(Inspected { file: shown(&path), source, binary, addons, changed, exhausted })
}

/// An image of the file, and the runtime for which it is judged.
#[derive(Clone, Copy)]
struct Asked<'a> {
    image: Option<&'a Image>,
    addon: Option<&'a Addon>,
    runtime: &'a Runtime,
    options: CheckOptions,
}

impl Inspected {
    /// Judges the file for one runtime.
    #[must_use]
    pub fn judge(&self, runtime: &Runtime, options: CheckOptions) -> AbiReport {
        let index = self.slice_for(runtime);
        let image = index.and_then(|index| self.binary.images().get(index));
        let addon = index.and_then(|index| self.addons.get(index));
        let verdict = match self.worthless() {
            Some(problem) => Verdict::unknown_because(problem),
            None => self.sound_verdict(Asked { image, addon, runtime, options }),
        };
        AbiReport {
            kind: FileKind::File,
            file: self.file.clone(),
            ok: none_is_error(&verdict.problems) && (verdict.complete || !options.strict),
            complete: verdict.complete,
            outcome: verdict.outcome,
            loader_message: verdict.loader_message,
            problems: verdict.problems,
            binary: image.map(|image| self.binary_report(image)),
            addon: addon.map(addon_report),
            target: runtime.report(),
        }
    }

    /// The images in the file: one, or the slices of a universal file.
    #[must_use]
    pub fn images(&self) -> &[Image] {
        self.binary.images()
    }

    /// The facts of each image, as reports have them.
    pub(super) fn facts(&self) -> impl Iterator<Item = (&Image, BinaryReport, AddonReport)> {
        let images = self.binary.images().iter().zip(&self.addons);
        images.map(|(image, addon)| (image, self.binary_report(image), addon_report(addon)))
    }

    /// The file.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// The libraries that the loader of `runtime` maps for an image of this file; none if one of
    /// them isn't found.
    #[must_use]
    pub fn libraries(&self, image: &Image, runtime: &Runtime) -> Vec<Own> {
        self.linkage(image, runtime).map(|linkage| linkage.own).unwrap_or_default()
    }

    /// What the loader of `runtime` finds for an image of this file.
    pub(super) fn linkage(&self, image: &Image, runtime: &Runtime) -> Option<Linkage> {
        self.source.refill();
        caught(|| linking::link(&self.file, image, &self.source, runtime))
    }

    /// The problem of a file whose contents can't be trusted.
    fn worthless(&self) -> Option<Problem> {
        if self.changed {
            let message = "the file changed while it was read: check it again";
            return Some(Problem::warning(Changed {}, message));
        }
        self.exhausted.then(too_costly)
    }

    fn sound_verdict(&self, asked: Asked<'_>) -> Verdict {
        self.source.refill();
        let judge = || self.verdict(asked);
        let mut verdict = caught(judge).unwrap_or_else(|| {
            let message = "internal error while judging; please report it with the file";
            Verdict::unknown_because(Problem::warning(
                Undetermined { what: Subject::Internal },
                message,
            ))
        });
        if self.source.is_exhausted() {
            verdict = Verdict::unknown_because(too_costly());
        }
        // Errors come first.
        verdict.problems.sort_by_key(|problem| problem.severity != Severity::Error);
        let differing = self.depends_on_release(asked, &verdict);
        verdict.problems.extend(differing);
        verdict
    }

    /// Index of the image that the runtime's loader chooses.
    fn slice_for(&self, runtime: &Runtime) -> Option<usize> {
        let images = self.binary.images();
        let of_arch = |image: &&Image| image.arch.as_ref() == Some(&runtime.arch);
        // arm64e and x86_64h are for newer processors than the plain slice of the same family.
        let plain =
            images.iter().position(|image| of_arch(&image) && !image.is_for_newer_processors());
        let fitting = plain.or_else(|| images.iter().position(|image| of_arch(&image)));
        fitting.or(if images.is_empty() { None } else { Some(0) })
    }

    fn verdict(&self, asked: Asked<'_>) -> Verdict {
        let Asked { image, addon, runtime, options } = asked;
        let linkage = image.map(|image| linking::link(&self.file, image, &self.source, runtime));
        let with_libraries =
            linkage.as_ref().zip(addon).and_then(|(linkage, addon)| with_libraries(addon, linkage));
        let addon = with_libraries.as_ref().or(addon);
        let siblings = linkage
            .as_ref()
            .map(|linkage| siblings(&self.file, linkage, runtime))
            .unwrap_or_default();
        verdict::judge(&Case {
            file: &self.file,
            binary: &self.binary,
            image,
            addon,
            linkage: linkage.as_ref(),
            siblings: &siblings,
            runtime,
            named_abi: named_abi(&self.file),
            compiled_for_compression: runtime
                .compresses_pointers
                .then(|| compiled_for_compression(Path::new(&self.file)))
                .flatten(),
            threads: options.threads,
            renderer: options.renderer,
        })
    }

    /// A partial version was resolved to its newest release. Reports if another release of the line
    /// has another outcome, or if only one of them has an error.
    fn depends_on_release(&self, asked: Asked<'_>, verdict: &Verdict) -> Option<Problem> {
        let runtime = asked.runtime;
        let result = |verdict: &Verdict| (verdict.outcome, none_is_error(&verdict.problems));
        let others: Vec<(String, (Outcome, bool))> = runtime
            .alternatives
            .iter()
            .map(|release| {
                let other = self.verdict(Asked { runtime: &runtime.at(release), ..asked });
                (release.version.to_string(), result(&other))
            })
            .filter(|(_, other)| *other != result(verdict))
            .collect();
        let (first, other) = others.first()?;
        let does = match other {
            (Outcome::Loads, true) => "loads",
            (Outcome::Loads, false) => "aborts after loading",
            (Outcome::Throws, _) => "throws",
            (Outcome::Crashes, _) => "kills the process",
            (Outcome::Unknown, _) => "can't be judged",
        };
        let message = format!(
            "judged for {}, but in {} {first} it {does}: name the exact release",
            runtime.title(),
            runtime.kind.title()
        );
        let facts = DependsOnRelease {
            judged_for: runtime.version.as_ref().map(ToString::to_string),
            otherwise_in: others.iter().map(|(version, _)| version.clone()).collect(),
        };
        Some(Problem::warning(facts, message))
    }

    fn binary_report(&self, image: &Image) -> BinaryReport {
        let slices = match &self.binary.contents {
            Contents::Universal(images) => Some(
                images
                    .iter()
                    .map(|image| SliceReport {
                        platform: image.platform.clone(),
                        arch: image.arch.clone(),
                    })
                    .collect(),
            ),
            _ => None,
        };
        BinaryReport {
            format: image.format,
            platform: image.platform.clone(),
            arch: image.arch.clone(),
            libc: image.libc,
            libc_version: image.libc_version.clone(),
            libraries: image.libraries.iter().map(|library| library.name.clone()).collect(),
            size: self.binary.size,
            slices,
        }
    }
}

fn too_costly() -> Problem {
    Problem::warning(
        Undetermined { what: Subject::Limits },
        "reading all of it would take more steps than any valid file needs",
    )
}

/// The registrations of the libraries that come with an addon that registers nothing itself.
fn with_libraries(addon: &Addon, linkage: &Linkage) -> Option<Addon> {
    if addon.api() != AddonApi::None {
        return None;
    }
    let mut whole = addon.clone();
    for path in linkage.own.iter().map(|library| &library.path) {
        let source = Source::open(Path::new(path)).ok()?;
        let library = binary::read(&source);
        if let [image] = library.images() {
            whole.add_library(addon::read(image, &source));
        }
    }
    Some(whole)
}

fn addon_report(addon: &Addon) -> AddonReport {
    let api = addon.api();
    let abis = addon.abis();
    let node_api = matches!(api, AddonApi::NodeApi | AddonApi::Hybrid).then(|| NodeApiReport {
        declared: match addon.declared {
            Declared::Version(version) => Some(version),
            Declared::Absent | Declared::Unknown => None,
        },
        computed: addon.computed.map(|computed| computed.version),
    });
    AddonReport {
        api,
        abi: abis.first().copied(),
        runtimes: abis
            .iter()
            .filter_map(|abi| u32::try_from(*abi).ok())
            .flat_map(registry::runtimes_with_abi)
            .collect(),
        node_api,
        context_aware: addon.context_aware(),
    }
}

/// True when none of the problems is an error.
pub(super) fn none_is_error(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| problem.severity != Severity::Error)
}

/// The `NODE_MODULE_VERSION` in the name of a file or its folder: "node.abi115.node", "x-108.node".
fn named_abi(file: &str) -> Option<u32> {
    let normal = file.replace('\\', "/");
    let mut parts = normal.rsplit('/');
    let (name, folder) = (parts.next()?, parts.next().unwrap_or_default());
    match claims(&format!("{folder}/{name}")).release {
        Some(Release::Abi(abi)) => Some(abi),
        _ => None,
    }
}
