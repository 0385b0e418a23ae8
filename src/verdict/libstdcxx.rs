//! The versions of libstdc++ in a system that isn't available.

use super::advice;
use super::case::{Case, Verdict};
use super::texts::file_name;
use crate::binary::VersionNeed;
use crate::model::problem::file::Subject;
use crate::model::problem::system::LibstdcxxTooOld;
use crate::model::{Libc, Problem};
use crate::runtime::distributions::{self, Candidate, HasVersion};

const SONAME: &str = "libstdc++.so.6";

/// Compares the versions that the file and its own libraries need with those of the runtime's
/// distribution, or of all distributions with its glibc. musl doesn't compare versions.
pub(super) fn floor(case: &Case<'_>, verdict: &mut Verdict) {
    let (Some(facts), Some(linkage)) = (case.image.and_then(|image| image.elf()), case.linkage)
    else {
        return;
    };
    if case.runtime.libc != Some(Libc::Glibc) {
        return;
    }
    let systems = distributions::candidates(
        case.runtime.distribution.as_ref(),
        case.runtime.libc_version.as_deref(),
    );
    let comes_along = linkage.own.iter().any(|own| file_name(&own.name) == SONAME);
    if systems.is_empty() || comes_along {
        return;
    }
    // A run-path can name a folder of the system in which there is another libstdc++. A process
    // that has already loaded libstdc++ doesn't search for it.
    let may_differ =
        linkage.unfound.iter().any(|unfound| unfound.library == SONAME && unfound.elsewhere);
    let own = linkage.own.iter().map(|own| (Some(own.name.as_str()), own.needs.as_slice()));
    let mut doubt = None;
    for (needer, needs) in std::iter::once((None, facts.version_needs.as_slice())).chain(own) {
        let for_whom =
            needer.map(|library| format!(" for {}", file_name(library))).unwrap_or_default();
        let versions = || of_libstdcxx(needs);
        let is_absent =
            |version: &&String| systems.iter().all(|system| system.has(version) == HasVersion::No);
        let is_doubtful =
            |version: &&String| systems.iter().any(|system| system.has(version) != HasVersion::Yes);
        if let Some(version) = versions().find(is_absent).filter(|_| !may_differ) {
            let names: Vec<&str> = systems.iter().filter_map(Candidate::name).collect();
            let mut message = format!(
                "needs a newer libstdc++{for_whom}: the one of {} has no {version}",
                names.join(" and ")
            );
            if let Some(since) = since(version) {
                message.push_str(&format!(" ({since})"));
            }
            let facts = LibstdcxxTooOld { library: SONAME.to_owned(), required: version.clone() };
            return verdict.throws(None, Problem::error(facts, message));
        }
        doubt = doubt.or_else(|| versions().find(is_doubtful).map(|version| (version, for_whom)));
    }
    if let Some((version, for_whom)) = doubt {
        let message = format!(
            "needs {version} of libstdc++{for_whom}, which not every system has that the target \
                can mean: {}",
            case.runtime.system()
        );
        verdict.undetermined(Subject::Linking, message);
    }
}

fn of_libstdcxx(needs: &[VersionNeed]) -> impl Iterator<Item = &String> {
    needs.iter().filter(|need| need.library == SONAME).flat_map(|need| &need.versions)
}

/// "available since Ubuntu 22.04, …" for a version of libstdc++.
pub(super) fn since(version: &str) -> Option<String> {
    let of_library = version.strip_prefix(distributions::GLIBCXX).and_then(advice::since_libstdcxx);
    let of_abi = || version.strip_prefix(distributions::CXXABI).and_then(advice::since_cxxabi);
    of_library.or_else(of_abi)
}
