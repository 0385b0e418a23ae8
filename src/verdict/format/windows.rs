//! What `LoadLibraryExW` accepts. The sources are the code of libuv and Node and public reports;
//! nothing here was measured on Windows.

use semver::Version;

use super::problems::{malformed, not_a_binary, truncated, wrong_arch, wrong_platform};
use crate::binary::{Contents, Details, Image};
use crate::linking::is_host;
use crate::model::problem::linking::HostImportNotDelayed;
use crate::model::{Arch, Problem, Severity};
use crate::verdict::case::{Case, Verdict};
use crate::verdict::texts::module_not_found;

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let invalid = || Some(not_valid(case));
    let image = match (&case.binary.contents, case.image) {
        (Contents::Impostor(impostor), _) => {
            return verdict.throws(invalid(), not_a_binary(*impostor));
        }
        (_, Some(image)) => image,
        _ => return,
    };
    let Details::Pe(facts) = &image.details else {
        return verdict.throws(invalid(), wrong_platform(case, image));
    };
    let is_hybrid = facts.is_hybrid && case.runtime.arch == Arch::X64;
    if image.arch.as_ref() != Some(&case.runtime.arch) && !is_hybrid {
        return verdict.throws(invalid(), wrong_arch(case, &[image]));
    }
    if !facts.is_dll {
        return verdict.throws(invalid(), malformed("a program, not a DLL"));
    }
    if facts.missing > 0 {
        return verdict.throws(invalid(), truncated(facts.missing));
    }
    host_import(case, image, verdict);
}

/// An import from the executable by its name. Windows looks for that name among the modules of the
/// process. If the import is delay-loaded, node-gyp's hook resolves it to the executable under any
/// name.
fn host_import(case: &Case<'_>, image: &Image, verdict: &mut Verdict) {
    let Some(library) =
        image.libraries.iter().find(|library| !library.delayed && is_host(&library.name))
    else {
        return;
    };
    let name = &library.name;
    let problem =
        |message: String| Problem::error(HostImportNotDelayed { library: name.clone() }, message);
    if name.eq_ignore_ascii_case(&format!("{}.exe", case.runtime.kind.as_str())) {
        let message = format!(
            "imports {name} by its name: it fails in an executable of another name (Electron, a \
                packaged app); link it with \
             /DELAYLOAD and node-gyp's hook"
        );
        return verdict.warns(problem(message).with_severity(Severity::Warning));
    }
    let message = format!(
        "imports {name} by its name, which {} doesn't have: link it with /DELAYLOAD",
        case.runtime.title()
    );
    verdict.throws(Some(module_not_found(case)), problem(message));
}

/// Error 193. Node appends the file name. Since libuv 1.45 (Node 20.3) the text has the file name
/// in place of "%1"; before, it had "%1" literally.
fn not_valid(case: &Case<'_>) -> String {
    let path = format!("\\\\?\\{}", case.file);
    let replaced = case.runtime.node.as_ref().is_none_or(|node| *node >= Version::new(20, 3, 0));
    let subject = if replaced { path.as_str() } else { "%1" };
    format!("{subject} is not a valid Win32 application.\r\n{path}")
}
