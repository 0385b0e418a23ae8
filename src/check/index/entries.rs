//! Questions and the numbers of their answers, as bytes, in blocks that threads compare at the same
//! time. In a block, each path is written without what it shares with the path before it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::bytes::{Bytes, Writer};
use crate::crew;
use crate::files::{Asked, FolderAbove, Identity, Question, each_step};
use crate::hash::HashSet;
use crate::project::Step;

/// The number of questions in a block.
const BLOCK: usize = 256;
/// The maximum number of folders that may be listed to find that nothing in them matters. If more
/// have changed, a package manager was here.
const MOST_LISTED: usize = 64;
/// The number of listed folders from which on it is worth to write the index again.
const WORTH: usize = 8;
/// The time, in nanoseconds, that a file must have been left alone to count as settled. The clock
/// of file times has steps of up to 10 ms, and a change in the same step is not seen.
const STEP: i128 = 20_000_000;
/// Instead of a number, for a folder that had just changed. No answer is equal to it.
const UNSETTLED: u64 = 0;

/// A point in time, in nanoseconds. What changed some time before it can't have changed since
/// without another time.
#[derive(Clone, Copy)]
pub(super) struct Settled {
    now: i128,
}

impl Settled {
    /// `now` is in seconds and nanoseconds.
    pub fn before(now: (i64, i64)) -> Settled {
        Settled { now: nanoseconds(now) }
    }

    fn has(self, identity: &Identity) -> bool {
        let Some(changed) = identity.changed else { return true };
        // Some file systems have only seconds, or two of them.
        let least = if changed.1 == 0 { 3_000_000_000 } else { STEP };
        self.now - nanoseconds(changed) > least
    }
}

fn nanoseconds((seconds, rest): (i64, i64)) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}

/// The number of an answer in a block.
fn number_of(identity: &Identity) -> u64 {
    identity.hash.max(UNSETTLED + 1)
}

/// The bytes of what was asked, with the current answers. `None` if something has just changed.
pub(super) fn encode(asked: Vec<Asked>, settled: Settled) -> Option<Vec<u8>> {
    let asked = with_steps(asked)?;
    let blocks: Vec<&[Asked]> = asked.chunks(BLOCK).collect();
    let blocks = crew::map(&blocks, |block| encode_block(block, settled));
    let mut bytes = Writer::default();
    for block in blocks {
        bytes.part(&block?)?;
    }
    Some(bytes.0)
}

/// Each question once, with those on which real paths depend: each folder and link that leads to
/// one. `None` if a real path has changed.
fn with_steps(asked: Vec<Asked>) -> Option<Vec<Asked>> {
    let asked: HashSet<Asked> = asked.into_iter().collect();
    let (real, mut asked): (Vec<Asked>, Vec<Asked>) =
        asked.into_iter().partition(|asked| asked.question == Question::Real);
    let mut known: HashSet<PathBuf> = HashSet::default();
    for asked in real {
        if !asked.is_still(&Identity::of(&asked.path, asked.question)) {
            return None;
        }
        each_step(&asked.path, &mut |step| known.insert(step.to_path_buf()));
    }
    let step = |path| Asked { path, question: Question::Link, answer: None };
    asked.extend(known.into_iter().map(step));
    // By bytes: neighbours then share the most.
    asked.sort_unstable_by(|a, b| {
        let [left, right] = [a, b].map(|asked| asked.path.as_os_str().as_encoded_bytes());
        left.cmp(right)
    });
    Some(asked)
}

fn encode_block(block: &[Asked], settled: Settled) -> Option<Vec<u8>> {
    let mut bytes = Writer::default();
    let mut before: &[u8] = &[];
    let paths = block.iter().map(|asked| asked.path.as_os_str().as_bytes());
    let around = folder_around(paths);
    bytes.part(around)?;
    let around = FolderAbove::at(path_of(around));
    for asked in block {
        let identity = Identity::below(&around, &asked.path, asked.question);
        let is_walked = matches!(asked.question, Question::Walked { .. });
        if !asked.is_still(&identity) {
            return None;
        }
        let hash = match settled.has(&identity) {
            true => number_of(&identity),
            // Its names can be compared.
            false if is_walked => UNSETTLED,
            false => return None,
        };
        bytes.0.extend(hash.to_le_bytes());
        write_question(&mut bytes, asked.question);
        let path = asked.path.as_os_str().as_bytes();
        let shared = path.iter().zip(before).take_while(|(a, b)| a == b).count();
        bytes.number(shared)?;
        bytes.part(&path[shared..])?;
        before = path;
    }
    Some(bytes.0)
}

/// The folder that contains all of `paths`, which are sorted. It is empty for names of variables.
fn folder_around<'p>(mut paths: impl DoubleEndedIterator<Item = &'p [u8]>) -> &'p [u8] {
    let first = paths.next().unwrap_or_default();
    let last = paths.next_back().unwrap_or(first);
    let shared = first.iter().zip(last).take_while(|(a, b)| a == b).count();
    let end = memchr::memrchr(b'/', &first[..shared]).unwrap_or_default();
    &first[..end]
}

fn path_of(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

fn write_question(bytes: &mut Writer, question: Question) {
    let tag = match question {
        Question::Target => 0,
        Question::Link | Question::Real => 1,
        Question::Entries => 2,
        Question::Kernel => 3,
        Question::Variable => 4,
        Question::Walked { .. } => 5,
        Question::Ending => 6,
    };
    bytes.0.push(tag);
    if let Question::Walked { how, names } = question {
        bytes.0.push(how);
        bytes.0.extend(names.to_le_bytes());
    }
}

fn read_question(bytes: &mut Bytes) -> Option<Question> {
    Some(match bytes.byte()? {
        0 => Question::Target,
        1 => Question::Link,
        2 => Question::Entries,
        3 => Question::Kernel,
        4 => Question::Variable,
        5 => Question::Walked { how: bytes.byte()?, names: bytes.long()? },
        6 => Question::Ending,
        _ => return None,
    })
}

/// The index is valid: these folders were listed, and have the same names that matter.
#[derive(Default)]
pub(super) struct Same {
    /// The position of the number of each, and its new number.
    pub listed: Vec<(usize, Identity)>,
    has_unsettled: bool,
}

impl Same {
    pub fn is_worth_writing(&self) -> bool {
        self.has_unsettled || self.listed.len() > WORTH
    }

    /// Writes the new numbers into `file`.
    pub fn apply(&self, file: &mut [u8], settled: Settled) {
        for (position, identity) in self.listed.iter().filter(|(_, new)| settled.has(new)) {
            if let Some(place) = file.get_mut(*position..position + 8) {
                place.copy_from_slice(&number_of(identity).to_le_bytes());
            }
        }
    }
}

/// Asks all questions again; `start` is the position of `bytes` in the file. `None` if an answer
/// differs, or if the bytes aren't valid.
pub(super) fn compare(bytes: &[u8], start: usize) -> Option<Same> {
    let mut reader = Bytes::of(bytes);
    let mut blocks = Vec::new();
    while !reader.is_empty() {
        let block = reader.part()?;
        blocks.push((start + reader.position() - block.len(), block));
    }
    let mut all = Same::default();
    for block in crew::map(&blocks, |(start, block)| compare_block(block, *start)) {
        let block = block?;
        all.listed.extend(block.listed);
        all.has_unsettled |= block.has_unsettled;
    }
    (all.listed.len() <= MOST_LISTED).then_some(all)
}

fn compare_block(block: &[u8], start: usize) -> Option<Same> {
    let mut bytes = Bytes::of(block);
    let around = FolderAbove::at(path_of(bytes.part()?));
    let mut path = Vec::new();
    let mut same = Same::default();
    while !bytes.is_empty() {
        let position = start + bytes.position();
        let hash = bytes.long()?;
        let question = read_question(&mut bytes)?;
        let shared = bytes.number()?;
        if shared > path.len() {
            return None;
        }
        path.truncate(shared);
        path.extend_from_slice(bytes.part()?);
        let here = path_of(&path);
        let identity = Identity::below(&around, here, question);
        if number_of(&identity) == hash {
            continue;
        }
        let Question::Walked { how, names } = question else { return None };
        if same.listed.len() > MOST_LISTED || Step::of_number(how).names(here)? != names {
            return None;
        }
        same.has_unsettled |= hash == UNSETTLED;
        same.listed.push((position, identity));
    }
    Some(same)
}
