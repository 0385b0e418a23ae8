//! Platform packages that are installed, and have lost their addon.

use super::choice::Lack;
use super::entries::required_addon;
use super::search::Search;
use crate::project::installed::Installed;

/// What an installed platform package lacks that should have the addon: the file that its manifest
/// or a script names, or a file for the target beside those for others: msgpackr-extract 3.0.4 was
/// published without the files for glibc on arm64. Nothing can be loaded from one with only
/// documents. `required`: the file in it that a script of the package in `search` requires.
pub(super) fn lack_of(
    search: &Search<'_>,
    name: &str,
    package: Installed,
    required: Option<&str>,
) -> Option<Lack> {
    let has_files = !package.files.is_empty();
    let is_gone = |file: &String| !package.files.contains(file);
    let inner = Search { package: &package, depth: search.depth + 1, ..*search };
    let of_script = || match required.filter(|_| package.manifest.field("exports").is_none()) {
        Some(required) => Some(required.to_owned()),
        None => required_addon(&inner),
    };
    let of_manifest = package.manifest.addon().filter(is_gone);
    let file = of_manifest.or_else(|| if has_files { None } else { of_script() });
    let name = name.to_owned();
    if file.is_some() || !has_files && search.has_only_documents(&package) {
        return Some(Lack::FileElsewhere { name, directory: package.directory, file });
    }
    let is_for_others = |file: &String| package.claims_of(file).fit(search.runtime).is_none();
    let has_none = has_files && package.files.iter().all(is_for_others);
    (has_none && search.files().is_empty()).then_some(Lack::PrebuildElsewhere(name))
}
