//! What `LoadLibraryExW` accepts. From libuv's and Node's source and from public reports, not measured on Windows.

use semver::Version;

use super::{malformed, not_a_binary, truncated, wrong_arch, wrong_platform};
use crate::binary::{Contents, Details};
use crate::verdict::{Case, Verdict};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let invalid = || Some(not_valid(case));
    let image = match (&case.binary.contents, case.image) {
        (Contents::Impostor(impostor), _) => return verdict.throws(invalid(), not_a_binary(*impostor)),
        (_, Some(image)) => image,
        _ => return,
    };
    let Details::Pe(facts) = &image.details else {
        return verdict.throws(invalid(), wrong_platform(case, image));
    };
    if image.arch != Some(&case.runtime.arch) {
        return verdict.throws(invalid(), wrong_arch(case, &[image]));
    }
    if !facts.is_dll {
        return verdict.throws(invalid(), malformed("a program, not a DLL"));
    }
    if facts.missing > 0 {
        verdict.throws(invalid(), truncated(facts.missing));
    }
}

/// Error 193. Node appends the file name; libuv puts it in for "%1" since 1.45 (Node 20.3), before it stood there literally.
fn not_valid(case: &Case<'_>) -> String {
    let path = format!("\\\\?\\{}", case.file);
    let replaced = case.runtime.node.as_ref().is_none_or(|node| *node >= Version::new(20, 3, 0));
    let subject = if replaced { path.as_str() } else { "%1" };
    format!("{subject} is not a valid Win32 application.\r\n{path}")
}
