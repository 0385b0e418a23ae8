//! Where `abi-guard fix` stores the state of a repair (lib/repair/state.js, which validates it
//! before acting on it).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::files::{self, Kind};

/// The journal of an unfinished repair of the installation at `root`. Without a journal this needs
/// one file access.
///
/// The state directory belongs to the user. One that is in the project, or in the repository around
/// it, may have come with the project and isn't trusted.
#[must_use]
pub fn repair_journal(root: &Path) -> Option<PathBuf> {
    journal_in(&state_directory(files::variable)?, root)
}

fn journal_in(state: &Path, root: &Path) -> Option<PathBuf> {
    let hash = Sha256::digest(root.to_string_lossy().as_bytes());
    let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = state.join("abi-guard").join("repairs").join(name);
    let journal = folder.join("journal.json");
    if files::link_kind(&journal) != Some(Kind::File) {
        return None;
    }
    if !folder.ancestors().take(3).all(is_private) {
        return None;
    }
    let state = files::real_path(state).ok()?;
    let is_repository = |folder: &&Path| files::link_kind(folder.join(".git")).is_some();
    let around = files::ancestors(root).find(is_repository).unwrap_or(root);
    (!state.starts_with(root) && !state.starts_with(around)).then_some(journal)
}

/// True for a real folder that other users can't write to. `fix` also checks its owner.
fn is_private(folder: &Path) -> bool {
    files::link_metadata(folder).is_ok_and(|found| {
        let others_write = found.access.is_some_and(|(mode, _)| mode & 0o022 != 0);
        found.kind == Kind::Folder && !others_write
    })
}

/// The system's folder for the state of programs.
fn state_directory(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute =
        |name: &str| Some(PathBuf::from(variable(name)?)).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return absolute("LOCALAPPDATA");
    }
    let below_home =
        if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/state" };
    absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(below_home)))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{create_dir_all, remove_dir_all, write};
    use std::path::Path;

    use super::{journal_in, state_directory};

    #[test]
    fn the_state_directory_is_that_of_the_user() {
        let home = if cfg!(target_os = "macos") {
            "/h/Library/Application Support"
        } else {
            "/h/.local/state"
        };
        for (state, expected) in
            [(Some("/s"), "/s"), (Some("s"), home), (Some(""), home), (None, home)]
        {
            let variable =
                |name: &str| if name == "HOME" { Some("/h".into()) } else { state.map(Into::into) };
            assert_eq!(
                state_directory(variable).as_deref(),
                Some(Path::new(expected)),
                "{state:?}"
            );
        }
        assert_eq!(state_directory(|_| None), None);
    }

    #[test]
    fn a_journal_counts_only_outside_of_the_project() {
        let place = std::env::temp_dir().join(format!("abi-guard-repairs-{}", std::process::id()));
        create_dir_all(&place).expect("a folder to work in");
        let place = crate::files::real_path(&place).expect("a folder to work in");
        let root = place.join("repository/app");
        create_dir_all(&root).expect("a folder to work in");
        let note = |state: &Path| {
            let name = <sha2::Sha256 as sha2::Digest>::digest(root.to_string_lossy().as_bytes());
            let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
            let folder = state.join("abi-guard/repairs").join(name);
            create_dir_all(&folder).expect("a folder to work in");
            write(folder.join("journal.json"), "{}").expect("a folder to work in");
        };
        let (own, around) = (root.join(".local/state"), place.join("repository/.local/state"));
        assert_eq!(journal_in(&place, &root), None);
        for state in [&place, &own, &around] {
            note(state);
        }
        assert!(journal_in(&place, &root).is_some());
        assert_eq!(journal_in(&own, &root), None);
        assert!(journal_in(&around, &root).is_some());
        create_dir_all(place.join("repository/.git")).expect("a folder to work in");
        assert_eq!(journal_in(&around, &root), None);
        assert!(journal_in(&place, &root).is_some());
        remove_dir_all(place).expect("a folder to work in");
    }
}
