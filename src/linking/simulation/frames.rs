//! Finds the starts of functions in the exception-handling table (`PT_GNU_EH_FRAME`). A call to an
//! address inside of a function shows that the address is wrong.

use object::elf;

use super::course::Stop;
use super::space::Space;
use crate::binary::Program;

/// The usual format of the table: version 1, 4-byte entries relative to their own address or to the
/// start of the table.
const HEADER: [u8; 4] = [1, 0x1b, 0x03, 0x3b];
const WHAT: &str = "its exception-handling table is outside of its memory";

/// True if `address` is in a function, but not its start. False if that isn't known.
pub(super) fn is_inside(space: &Space<'_>, programs: &[Program], address: u64) -> bool {
    let header = programs.iter().rev().find(|program| program.kind == elf::PT_GNU_EH_FRAME.0);
    header.and_then(|header| search(space, header.address, address).ok().flatten()).unwrap_or(false)
}

fn search(space: &Space<'_>, table: u64, address: u64) -> Result<Option<bool>, Stop> {
    let mut header = [0; 4];
    space.read(table, &mut header, WHAT)?;
    if header != HEADER || space.big_endian {
        return Ok(None);
    }
    let relative =
        |at: u64| Ok(table.wrapping_add_signed(space.word(at, WHAT)?.cast_signed().into()));
    let entry = |index: u32| table.wrapping_add(12).wrapping_add(u64::from(index) * 8);
    let (mut low, mut high) = (0, space.word(table.wrapping_add(8), WHAT)?);
    while low < high {
        let middle = low + (high - low) / 2;
        if relative(entry(middle))? <= address { low = middle + 1 } else { high = middle }
    }
    let Some(index) = low.checked_sub(1) else { return Ok(None) };
    let start = relative(entry(index))?;
    let frame = relative(entry(index).wrapping_add(4))?;
    // The fields are length, CIE pointer, start, size.
    let size = space.word(frame.wrapping_add(12), WHAT)?;
    Ok(Some(address != start && address.wrapping_sub(start) < u64::from(size)))
}
