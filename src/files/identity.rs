//! Numbers for the answers to questions ([`Question`]). Equal numbers mean equal answers, as far as
//! the system can tell without reading contents: by inode, size, and the times of the last change,
//! of which the second (`ctime`) can't be set by a program.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::read_link;
#[cfg(unix)]
use super::folder_above::FolderAbove;
use super::metadata::{Kind, Metadata, look};
use super::mounts::list;
use super::paths::real_path;
use super::question::{Question, hash, kind_of};
use super::recording::{self, Asked};
use super::source;
use super::text::LONGEST_OF_KERNEL;
use super::variables;

/// The answer to a question as a number, and the last change of what it depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The number.
    pub hash: u64,
    /// A number for the part of the answer that is noted with the question: the kind of a file, the
    /// value of a variable. If the two numbers differ, the answer has changed since.
    pub answer: u64,
    /// Seconds and nanoseconds of the clock of the file system; `None` for what isn't a file, and
    /// for what doesn't exist.
    pub changed: Option<(i64, i64)>,
}

impl Asked {
    /// False if the answer has changed since it was noted, as far as it was.
    #[must_use]
    pub fn is_still(&self, identity: &Identity) -> bool {
        self.answer.is_none_or(|answer| answer == identity.answer)
    }
}

impl Identity {
    /// The current answer to a question about `path`. Another answer has another number, also if it
    /// is an error.
    #[must_use]
    pub fn of(path: &Path, question: Question) -> Identity {
        Identity::by(path, question, |follow| look(path, follow))
    }

    /// The same for one of many paths below an open folder.
    #[cfg(unix)]
    #[must_use]
    pub fn below(folder: &FolderAbove, path: &Path, question: Question) -> Identity {
        Identity::by(path, question, |follow| folder.metadata(path, follow))
    }

    /// `look` is told whether to follow a link.
    fn by(
        path: &Path,
        question: Question,
        look: impl Fn(bool) -> io::Result<Metadata>,
    ) -> Identity {
        match question {
            Question::Target => of_metadata(&look(true), false),
            Question::Link => of_metadata(&look(false), false),
            Question::Real => of_value(&real_path(path).ok()),
            Question::Entries => of_metadata(&look(true), true),
            Question::Walked { .. } => of_metadata(&look(false), true),
            Question::Ending => of_value(&sorted_names_matching(path)),
            Question::Kernel => of_value(&source::stream(path, LONGEST_OF_KERNEL).ok()),
            Question::Variable => of_value(&variables::value(path.as_os_str())),
        }
    }
}

/// `has_entries` is true if the names in a folder matter. Otherwise only its kind and its rights
/// do, because its times change with each file in it.
fn of_metadata(found: &io::Result<Metadata>, has_entries: bool) -> Identity {
    let answer = kind_of(found);
    let Ok(Metadata { kind, size, modified, inode, access }) = *found else {
        return Identity { hash: answer, answer, changed: None };
    };
    if kind == Kind::Folder && !has_entries || kind == Kind::Other {
        return Identity { answer, ..of_value(&(kind as u8, access)) };
    }
    // Without the device: it gets another number when a disk is mounted again.
    let inode = inode.map(|(_, inode, seconds, nanoseconds)| (inode, seconds, nanoseconds));
    Identity {
        hash: hash(&(kind as u8, size, modified, inode, access)),
        answer,
        changed: inode.map(|(_, seconds, nanoseconds)| (seconds, nanoseconds)),
    }
}

fn of_value(value: &impl std::hash::Hash) -> Identity {
    let hash = hash(value);
    Identity { hash, answer: hash, changed: None }
}

/// The paths in a folder whose names end with `end`, sorted; `None` if it can't be listed. Unlike a
/// list of the whole folder, this answer remains the same when an unrelated file comes or goes.
pub fn paths_ending(folder: &Path, end: &str) -> Option<Vec<PathBuf>> {
    let pattern = folder.join(format!("*{end}"));
    let paths = sorted_names_matching(&pattern);
    recording::note(&pattern, Question::Ending, || Some(hash(&paths)));
    paths
}

fn sorted_names_matching(pattern: &Path) -> Option<Vec<PathBuf>> {
    let (folder, name) = (pattern.parent()?, pattern.file_name()?);
    let end = name.as_encoded_bytes().strip_prefix(b"*")?;
    let entries = recording::unnoted(|| list(folder)).ok()?.flatten();
    let matching = entries.filter(|entry| entry.name.as_encoded_bytes().ends_with(end));
    let mut paths: Vec<PathBuf> = matching.map(|entry| folder.join(entry.name)).collect();
    paths.sort();
    Some(paths)
}

/// The paths through which `path` leads to its real path, one link after the other: each folder and
/// link on the way. `visit` returns false for a path that was visited before; the paths around it
/// aren't visited again.
pub fn each_step(path: &Path, visit: &mut impl FnMut(&Path) -> bool) {
    let mut left = vec![path.to_path_buf()];
    // The system follows at most 40 links; each may lead through a path with further ones.
    for _ in 0..400 {
        let Some(path) = left.pop() else { return };
        let mut around: Vec<&Path> = path.ancestors().collect();
        around.reverse();
        for part in around {
            if visit(part)
                && let Ok(target) = read_link(part)
                && let Some(folder) = part.parent()
            {
                left.push(folder.join(target));
            }
        }
    }
}
