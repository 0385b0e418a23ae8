//! The fix for each code of a problem.

mod advice;
mod prisma;
mod rebuild;
mod refetch;
mod system;

use super::patient::{Patient, Reason};
use crate::model::problem::file::FoundInstead;
use crate::model::{Code, Convention, Facts, Fix};

fn is_lfs_pointer(facts: Option<&Facts>) -> bool {
    matches!(facts, Some(Facts::NotABinary(facts)) if facts.found == FoundInstead::GitLfsPointer)
}

fn is_left_out(facts: Option<&Facts>) -> bool {
    matches!(facts, Some(Facts::NoMatchingPrebuild(facts)) if facts.left_out)
}

/// True for a mismatch that isn't one of numbers: the runtime's V8 compresses pointers.
fn has_same_abi(facts: Option<&Facts>) -> bool {
    matches!(facts, Some(Facts::AbiMismatch(facts))
        if u32::try_from(facts.built_for_abi).ok() == facts.required_abi)
}

/// The reason for a problem that exists although the file was built for this runtime, or for no
/// runtime in particular.
const DAMAGE: &str = "the file is damaged; rebuilding downloads or compiles a new one";

impl Patient<'_> {
    /// The fix for one problem; `None` if no command or advice is certain to help.
    pub(in crate::remedy) fn remedy(&self, reason: &Reason) -> Option<Fix> {
        let facts = reason.facts.as_ref();
        if *self.loader == Convention::Prisma
            && let Some(fix) = self.generate(reason)
        {
            return Some(fix);
        }
        match reason.code {
            Code::AbiMismatch if has_same_abi(facts) => self.compile(
                "the downloaded file was built for Node.js without pointer compression; npm \
                    compiles it for this one",
            ),
            Code::AbiMismatch | Code::SelfRegisterMismatch => self
                .rebuild(
                    "it was built for another runtime; rebuilding downloads or compiles it for \
                        this one",
                )
                .or_else(|| self.update()),
            Code::V8Coupled | Code::MissingSymbol => self
                .rebuild("it was built against functions that this runtime doesn't have")
                .or_else(|| self.update()),
            Code::WrongPlatform | Code::WrongArch | Code::WrongLibc => {
                let why = "it was built on another system; rebuilding downloads or compiles it for \
                    this one";
                self.rebuild(why).or_else(|| self.refetch("its files are for another system"))
            }
            Code::NotABinary if is_lfs_pointer(facts) => self.refetch_lfs(),
            Code::NotABinary | Code::Truncated | Code::Malformed => {
                self.rebuild(DAMAGE).or_else(|| self.refetch("the file is damaged"))
            }
            Code::GlibcTooOld | Code::LibstdcxxTooOld => self.compile(
                "the downloaded file was built on a newer system; a file that is compiled here \
                    needs only the libraries of this system",
            ),
            Code::PageSize => self.compile(
                "the downloaded file was linked for smaller memory pages; the linker of this \
                    system uses those of this system",
            ),
            Code::MissingLibrary => self.install_library(facts),
            Code::NoMatchingPrebuild if is_left_out(facts) => {
                self.refetch("its .node files are part of the package, and are missing")
            }
            Code::NoMatchingPrebuild => self.rebuild(
                "it has no file for this system, so its install script has to compile one",
            ),
            Code::NodeApiTooNew => self.newer_runtime(facts),
            Code::ObjectWrapHooks => self.runtime_without_abort(facts),
            Code::NotBuilt => self.build(),
            Code::MissingPlatformPackage => self.reinstall(facts),
            Code::ShadowedPrebuild => self.remove_build(facts),
            Code::Unsigned => self.sign(),
            // Another file, another version or another runtime is needed, and the facts don't show
            // which one; or nothing is broken.
            Code::RegistersTwice
            | Code::SecondNode
            | Code::UnsupportedAddonApi
            | Code::LazyMissingSymbol
            | Code::StaticTls
            | Code::ExecutableStack
            | Code::CpuLevel
            | Code::MinimumOs
            | Code::HostImportNotDelayed
            | Code::NoExternalBuffers
            | Code::NotContextAware
            | Code::NotOpenable
            | Code::NotAnAddon
            | Code::BuiltinFlag
            | Code::DependsOnRelease
            | Code::Undetermined
            | Code::Changed
            | Code::Unreadable
            | Code::InterruptedRepair
            | Code::InvalidSettings => None,
            // Only the package's authors can fix it.
            Code::Mislabelled
            | Code::MissingTarget
            | Code::UnreachableFile
            | Code::EnginesTooOld
            | Code::AbsentPlatformPackage
            | Code::UnlistedPlatformPackage
            | Code::PlatformPackageVersion
            | Code::WrongSystemField
            | Code::MissingLibcField
            | Code::FloorTooHigh => None,
        }
    }
}
