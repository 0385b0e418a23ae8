//! Parts of bytes, each with its length before it.

/// Writes parts with their lengths.
#[derive(Default)]
pub(super) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn number(&mut self, number: usize) -> Option<()> {
        self.0.extend(u32::try_from(number).ok()?.to_le_bytes());
        Some(())
    }

    pub fn part(&mut self, part: &[u8]) -> Option<()> {
        self.number(part.len())?;
        self.0.extend(part);
        Some(())
    }
}

/// Reads what a [`Writer`] has written.
pub(super) struct Bytes<'b> {
    all: &'b [u8],
    left: &'b [u8],
}

impl<'b> Bytes<'b> {
    pub fn of(all: &'b [u8]) -> Bytes<'b> {
        Bytes { all, left: all }
    }

    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    pub fn position(&self) -> usize {
        self.all.len() - self.left.len()
    }

    fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (chunk, left) = self.left.split_first_chunk()?;
        self.left = left;
        Some(*chunk)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.chunk::<1>().map(|[byte]| byte)
    }

    pub fn long(&mut self) -> Option<u64> {
        self.chunk().map(u64::from_le_bytes)
    }

    pub fn number(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.chunk()?)).ok()
    }

    pub fn part(&mut self) -> Option<&'b [u8]> {
        let length = self.number()?;
        let (part, left) = self.left.split_at_checked(length)?;
        self.left = left;
        Some(part)
    }
}
