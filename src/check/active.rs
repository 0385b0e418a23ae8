//! What the report on an active file means for its package.

use crate::model::reports::AbiReport;
use crate::model::{Code, Convention, Outcome, Problem, Severity};
use crate::project::Native;
use crate::project::loader::{Active, Choice};

/// True if a file doesn't have the contents that its package was published with.
pub(super) fn is_damaged(file: &AbiReport) -> bool {
    has_error(file, |code| matches!(code, Code::NotABinary | Code::Truncated | Code::Malformed))
}

/// True for a compiled file that is no addon, if no script was seen to load it: binding.gyp has a
/// target without sources for systems on which the package needs none.
pub(super) fn is_empty_target(
    native: &Native,
    choice: &Choice,
    active: Option<&AbiReport>,
) -> bool {
    let is_guess = matches!(choice.loader, Convention::Names | Convention::SingleFile);
    let is_compiled =
        matches!(&choice.active, Active::File(file) if file.starts_with("build/Release/"));
    let registers_nothing = |file: &AbiReport| has_error(file, |code| code == Code::NotAnAddon);
    is_guess && is_compiled && native.builds && active.is_some_and(registers_nothing)
}

/// True for a file that ends the process, while it is loaded or later.
pub(super) fn kills(file: &AbiReport) -> bool {
    file.outcome == Outcome::Crashes || has_error(file, |code| code == Code::ObjectWrapHooks)
}

fn has_error(file: &AbiReport, is_meant: impl Fn(Code) -> bool) -> bool {
    let is_error = |problem: &&Problem| problem.severity == Severity::Error;
    file.problems.iter().filter(is_error).any(|problem| is_meant(problem.code()))
}
