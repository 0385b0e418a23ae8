//! For packages that follow no known convention: the names of the files say for which system they
//! are.

use super::choice::Active;
use super::search::Search;
use crate::model::Convention;

/// The file whose name fits the target best, if there is just one.
pub(super) fn find(search: &Search<'_>) -> (Convention, Active) {
    let loader = if search.files().len() == 1 { Convention::SingleFile } else { Convention::Names };
    let fitting = search.by_fit(search.files().iter().filter(|file| !is_for_show(file)));
    let active = match fitting.as_slice() {
        // The names are for other systems.
        [] => Active::Nothing,
        [(_, file)] => Active::File((*file).clone()),
        // The file whose name says more than all others, if the others say something, too: "abi115"
        // beside "napi".
        [(most, file), (next, _), ..] if most > next && *next > 0 => Active::File((*file).clone()),
        _ => return (Convention::Unknown, Active::Unknown),
    };
    (loader, active)
}

/// True for a file of an example or a test, which users of the package don't load.
fn is_for_show(file: &str) -> bool {
    file.split('/').any(|part| matches!(part, "demo" | "example" | "examples" | "test" | "tests"))
}
