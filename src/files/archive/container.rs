//! What kind of archive a file is, by its first bytes.

use super::super::source::Source;
use super::{debian, zipped};

/// The first bytes of Electron's archive: a length of 4, as a pickle.
const ASAR: &[u8] = &[4, 0, 0, 0];

/// A kind of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::files) enum Container {
    Asar,
    Debian,
    Zip,
    /// A tar, which may be compressed. Anything else is taken for one.
    Tar,
}

impl Container {
    /// The kind of archive that a file is.
    pub fn of(source: &Source) -> Container {
        let mut magic = [0; 8];
        source.read(0, &mut magic);
        match magic {
            _ if magic.starts_with(ASAR) => Container::Asar,
            _ if magic.starts_with(debian::MAGIC) => Container::Debian,
            _ if zipped::MAGICS.iter().any(|known| magic.starts_with(known)) => Container::Zip,
            _ => Container::Tar,
        }
    }
}
