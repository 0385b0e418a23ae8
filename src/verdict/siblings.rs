//! Libraries that come in a package beside the file's own package, or with the file, for a runtime
//! whose system isn't available.

use super::advice;
use super::case::{Case, Sibling, Verdict};
use super::texts::{file_name, missing_text};
use crate::linking::Unfound;
use crate::model::Problem;
use crate::model::problem::file::Subject;
use crate::model::problem::linking::MissingLibrary;

/// Reports libraries that should be in the project, and aren't. It is certain that a library is
/// missing if a dependency of the package contains it, and if no system has a library of that name.
pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(linkage) = case.linkage else { return };
    let private = || linkage.unfound.iter().filter(|unfound| is_private(&unfound.library));
    for unfound in private().filter(|unfound| !unfound.elsewhere) {
        let facts = MissingLibrary {
            needed_by: unfound.needed_by.clone(),
            searched: unfound.searched.clone(),
            ..MissingLibrary::named(&unfound.library)
        };
        if let Some(problem) = of_sibling(case, facts) {
            let needer = unfound.needed_by.as_deref().unwrap_or(case.file);
            let text = missing_text(case, &unfound.library, needer, false);
            return verdict.throws(text, problem);
        }
    }
    let is_looked_for = |unfound: &&Unfound| {
        !unfound.searched.is_empty()
            && !is_of_glibc(&unfound.library)
            && is_unlisted(&unfound.library)
    };
    if let Some(unfound) = linkage.unfound.iter().find(is_looked_for) {
        let message = format!(
            "needs the library {}{}, which isn't in the folders that the run-path names beside \
                the file; not examined: whether the target's system has it",
            unfound.library,
            for_whom(unfound.needed_by.as_deref())
        );
        verdict.undetermined(Subject::Linking, message);
    }
}

/// The problem for a missing library that another package should contain.
pub(super) fn of_sibling(case: &Case<'_>, facts: MissingLibrary) -> Option<Problem> {
    let library = facts.library.as_str();
    let is_it = |sibling: &&Sibling| sibling.library == library && is_private(library);
    let Sibling { package, installed, .. } = case.siblings.iter().find(is_it)?;
    let state = match installed {
        true => "whose installed files don't include it",
        false => "which isn't installed where the loader looks for it",
    };
    let message = format!(
        "needs the library {library}{} of the package {package}, {state}",
        for_whom(facts.needed_by.as_deref())
    );
    let package = (!installed).then(|| package.clone());
    Some(Problem::error(MissingLibrary { package, ..facts }, message))
}

fn for_whom(needed_by: Option<&str>) -> String {
    needed_by.map(|library| format!(" for {}", file_name(library))).unwrap_or_default()
}

/// True for the names of libraries that packages of a distribution don't have: without a version
/// (`libduckdb.so`), or with an exact release (`libvips-cpp.so.8.17.3`). Debian and Fedora require
/// a version in each public name, as a rule that of the ABI (Debian Policy 8.1, Fedora's Packaging
/// Guidelines). Names that the table of packages lists are excluded (`libnss3.so`), and those with
/// the version before the end (`libLLVM-14.so`).
fn is_private(library: &str) -> bool {
    let Some((stem, version)) = library.split_once(".so") else { return false };
    let parts = version.split('.').skip(1);
    let is_exact = parts.clone().count() >= 3
        && parts.clone().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let ends_in_number = stem.rsplit('-').next().is_some_and(|end| {
        end.len() < stem.len() && end.starts_with(|first: char| first.is_ascii_digit())
    });
    (is_exact || (version.is_empty() && !ends_in_number)) && is_unlisted(library)
}

/// True for a name that isn't in the table of well-known libraries.
fn is_unlisted(library: &str) -> bool {
    advice::packages_of(library).is_none()
}

/// True for the names of glibc's own libraries.
fn is_of_glibc(library: &str) -> bool {
    const PARTS: [&str; 10] = [
        "libanl.so.",
        "libc.so.",
        "libdl.so.",
        "libm.so.",
        "libmvec.so.",
        "libpthread.so.",
        "libresolv.so.",
        "librt.so.",
        "libutil.so.",
        "ld-linux",
    ];
    PARTS.iter().any(|part| library.starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn a_name_shows_if_a_system_may_have_the_library() {
        for private in ["libvips-cpp.so.8.17.3", "libduckdb.so", "libsherpa-onnx-c-api.so"] {
            assert!(is_private(private), "{private}");
        }
        for public in [
            "libz.so.1",
            "libssl.so.1.1",
            "libvips-cpp.so.42",
            "libonnxruntime.so.1",
            "libnss3.so",
            "libLLVM-14.so",
            "libthrift-0.17.0.so",
            "libfoo.so.1.2.x",
            "ld-linux-x86-64.so.2",
            "libc.musl-x86_64",
        ] {
            assert!(!is_private(public), "{public}");
        }
    }
}
