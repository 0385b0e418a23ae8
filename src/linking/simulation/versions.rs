//! glibc's check of symbol versions (elf/dl-version.c `_dl_check_map_versions`).

use object::elf;

use super::course::Stop;
use super::dynamic::Dynamic;
use super::space::Space;
use crate::binary::LONGEST_NAME;

const NEEDS: &str = "the symbol versions that it requires are outside of its memory";
const DEFINITIONS: &str = "the symbol versions that it defines are outside of its memory";
/// A limit that no file reaches.
const MOST: usize = 1 << 14;

/// The highest index of a version; 0 if there are no versions, so the loader makes no table of
/// them.
pub(super) fn check(space: &Space<'_>, dynamic: &Dynamic, libraries: &[&str]) -> Result<u16, Stop> {
    let Some(strings) = dynamic.value(elf::DT_STRTAB) else { return Ok(0) };
    let mut highest = 0;
    if let Some(start) = dynamic.value(elf::DT_VERNEED) {
        needs(space, start, strings, libraries, &mut highest)?;
    }
    if let Some(start) = dynamic.value(elf::DT_VERDEF) {
        let mut at = start;
        for _ in 0..MOST {
            highest =
                highest.max(space.half(at.wrapping_add(4), DEFINITIONS)? & elf::VERSYM_VERSION);
            let auxiliary = at.wrapping_add(space.word(at.wrapping_add(12), DEFINITIONS)?.into());
            space.word(auxiliary, DEFINITIONS)?;
            match space.word(at.wrapping_add(16), DEFINITIONS)? {
                0 => break,
                next => at = at.wrapping_add(next.into()),
            }
        }
    }
    if highest > 0 && dynamic.value(elf::DT_VERSYM).is_none() {
        return Err(Stop::Dies(
            "it has symbol versions, but no table that assigns them to symbols",
        ));
    }
    Ok(highest)
}

fn needs(
    space: &Space<'_>,
    start: u64,
    strings: u64,
    libraries: &[&str],
    highest: &mut u16,
) -> Result<(), Stop> {
    let version = space.half(start, NEEDS)?;
    if version != 1 {
        let text = format!("unsupported version {version} of Verneed record");
        return Err(Stop::Throws {
            text,
            what: "the symbol versions that it requires are in an unknown format",
        });
    }
    let string =
        |offset: u32| space.string(strings.wrapping_add(offset.into()), LONGEST_NAME, NEEDS);
    let mut at = start;
    for _ in 0..MOST {
        let file = string(space.word(at.wrapping_add(4), NEEDS)?)?;
        known(&file, libraries)?;
        let mut auxiliary = at.wrapping_add(space.word(at.wrapping_add(8), NEEDS)?.into());
        for step in 0..MOST {
            let hash = space.word(auxiliary, NEEDS)?;
            let name = string(space.word(auxiliary.wrapping_add(8), NEEDS)?)?;
            if hash != system_v_hash(&name) {
                return Err(Stop::Unsure(
                    "the hash value of a symbol version that it requires doesn't match the \
                        version's name",
                ));
            }
            *highest =
                (*highest).max(space.half(auxiliary.wrapping_add(6), NEEDS)? & elf::VERSYM_VERSION);
            match space.word(auxiliary.wrapping_add(12), NEEDS)? {
                0 => break,
                _ if step + 1 == MOST => return Err(Stop::Unsure(NEEDS)),
                next => auxiliary = auxiliary.wrapping_add(next.into()),
            }
        }
        match space.word(at.wrapping_add(12), NEEDS)? {
            0 => return Ok(()),
            next => at = at.wrapping_add(next.into()),
        }
    }
    Err(Stop::Unsure(NEEDS))
}

/// The loader ends the process if a version is required of a library that isn't loaded.
fn known(file: &[u8], libraries: &[&str]) -> Result<(), Stop> {
    // The executable's own name is empty.
    if file.is_empty() || libraries.iter().any(|library| library.as_bytes() == file) {
        return Ok(());
    }
    // The library may be loaded for another reason, if the name can be that of a library.
    match memchr::memmem::find(file, b".so") {
        Some(_) => {
            Err(Stop::Unsure("it requires symbol versions of a library that it doesn't need"))
        }
        None => Err(Stop::Dies("it requires symbol versions of a library that isn't loaded")),
    }
}

/// `_dl_elf_hash`
fn system_v_hash(name: &[u8]) -> u32 {
    name.iter().fold(0u32, |hash, &byte| {
        let hash = (hash << 4).wrapping_add(byte.into());
        let high = hash & 0xf000_0000;
        (hash ^ (high >> 24)) & !high
    })
}
