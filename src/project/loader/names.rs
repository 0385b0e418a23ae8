//! No convention is recognized: whatever loads the package, the names of its files say for whom
//! they are.

use super::choice::Active;
use super::search::Search;
use crate::model::Convention;

/// The one file whose name fits the target, or fits it best.
pub(super) fn find(search: &Search<'_>) -> (Convention, Active) {
    let loader = if search.files().len() == 1 { Convention::SingleFile } else { Convention::Names };
    let fitting = search.by_fit(search.files().iter().filter(|file| !is_for_show(file)));
    let active = match fitting.as_slice() {
        // Names that say it is for others.
        [] => Active::Nothing,
        [(_, file)] => Active::File((*file).clone()),
        // One that says more than all others, where the others say something too: "abi115" beside
        // "napi".
        [(most, file), (next, _), ..] if most > next && *next > 0 => Active::File((*file).clone()),
        _ => return (Convention::Unknown, Active::Unknown),
    };
    (loader, active)
}

/// True for a file of an example or a test, which no user of the package loads.
fn is_for_show(file: &str) -> bool {
    file.split('/').any(|part| matches!(part, "demo" | "example" | "examples" | "test" | "tests"))
}
