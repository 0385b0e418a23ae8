//! The functions that the loader calls when an image is loaded and when the process ends:
//! `DT_INIT`, `DT_INIT_ARRAY`, `DT_FINI_ARRAY`, `DT_FINI`.

use std::ops::Range;

use object::elf::{self, DynamicTag};

use super::course::Stop;
use super::dynamic::Dynamic;
use super::entrances::Entrances;
use super::frames;
use super::relocations::{Slots, Target};
use super::space::{EXECUTE, Space, WRITE};
use crate::binary::{Image, Program};
use crate::hash::HashMap;
use crate::model::Arch;

const NO_CODE: &str = "a constructor isn't code";
const NOWHERE: &str = "its constructor array is outside of its memory";
/// The addresses of executables that aren't position-independent: they begin here or higher (lld;
/// GNU ld begins at 0x400000), and Node.js has less than 200 MB. All other addresses are randomized
/// for each process.
const EXECUTABLE: Range<u64> = 0x20_0000..0x4000_0000;
/// A limit that no known addon reaches.
const MOST: u64 = 1 << 16;

/// The addresses of the constructor and destructor arrays and their sizes in bytes.
pub(super) fn lists(dynamic: &Dynamic) -> Vec<(u64, u64)> {
    let list = |at, size| Some((dynamic.value(at)?, dynamic.value(size)?));
    let lists = [
        list(elf::DT_INIT_ARRAY, elf::DT_INIT_ARRAYSZ),
        list(elf::DT_FINI_ARRAY, elf::DT_FINI_ARRAYSZ),
    ];
    lists.into_iter().flatten().collect()
}

/// Calls the constructors. musl ignores a `DT_INIT` of 0 and an array without a size.
pub(super) fn call(
    space: &Space<'_>,
    dynamic: &Dynamic,
    written: &[(u64, Target)],
    is_musl: bool,
) -> Result<(), Stop> {
    if let Some(start) = dynamic.value(elf::DT_INIT).filter(|start| !is_musl || *start != 0) {
        space.check(start, 1, EXECUTE, NO_CODE)?;
    }
    list(space, dynamic, written, elf::DT_INIT_ARRAY, elf::DT_INIT_ARRAYSZ, is_musl)
}

/// Finds a constructor that begins in the middle of a function.
pub(super) fn misled(
    image: &Image,
    space: &Space<'_>,
    programs: &[Program],
    dynamic: &Dynamic,
    written: &[(u64, Target)],
) -> Option<&'static str> {
    let targets = written.iter().filter_map(|(_, target)| match target {
        Target::Own(target) => Some(*target),
        Target::Foreign => None,
    });
    let mut called: Vec<u64> = targets
        .chain([elf::DT_INIT, elf::DT_FINI].into_iter().filter_map(|tag| dynamic.value(tag)))
        .collect();
    // What is known of neighbors is in the same part of the file. next-swc has 6,811 constructors.
    called.sort_unstable();
    let is_wrong = |target: u64| {
        frames::is_inside(space, programs, target)
            || dynamic.is_table(target)
            || !image.memory.is_executable(target)
    };
    (called.into_iter().any(is_wrong)
        || [elf::DT_INIT, elf::DT_FINI]
            .iter()
            .any(|tag| begins_oddly(image, space, dynamic.value(*tag))))
    .then_some("a constructor begins in the middle of a function, or of a table")
}

/// `DT_INIT` and `DT_FINI` are assembled from parts and have no entry in the exception-handling
/// table. On x64 they begin with one of a few instructions.
fn begins_oddly(image: &Image, space: &Space<'_>, function: Option<u64>) -> bool {
    let mut code = [0; 4];
    let Some(function) = function.filter(|_| image.arch == Some(Arch::X64)) else { return false };
    if space.read(function, &mut code, NO_CODE).is_err() {
        return false;
    }
    // endbr64; sub rsp, x; push rax; push rbp; ret; jmp
    !matches!(
        code,
        [0xf3, 0x0f, 0x1e, 0xfa]
            | [0x48, 0x83 | 0x81, 0xec, _]
            | [0x50 | 0x55 | 0xc3 | 0xe9 | 0xeb, ..]
    )
}

/// The functions that are certain to run while the addon is loaded: constructors, and the
/// registration function if Node.js looks one up.
fn called<'c>(
    entrances: &Entrances,
    dynamic: &Dynamic,
    written: &'c [(u64, Target)],
) -> impl Iterator<Item = u64> + use<'c> {
    let ends = lists(dynamic).get(1).copied().unwrap_or_default();
    let constructors = written.iter().filter(move |(slot, _)| slot.wrapping_sub(ends.0) >= ends.1);
    let own = constructors.filter_map(|(_, target)| match target {
        Target::Own(target) => Some(*target),
        Target::Foreign => None,
    });
    own.chain(entrances.first())
}

/// Finds a call that is certain to happen through a GOT slot that no relocation has filled
/// (`slots`), or through one that is read-only.
pub(super) fn calls_into_nothing(
    image: &Image,
    entrances: &Entrances,
    space: &Space<'_>,
    dynamic: &Dynamic,
    written: &[(u64, Target)],
    slots: &Slots,
    lazy_slots: &[u64],
) -> Result<(), Stop> {
    let size = u64::from(space.pointer_size);
    let places = called(entrances, dynamic, written)
        .flat_map(|start| image.slots_called(space.source(), start));
    for slot in places {
        if !slots.contains(slot) {
            return Err(Stop::Dies(
                "it calls a function through a GOT slot that no relocation fills",
            ));
        }
        if lazy_slots.contains(&slot) {
            space.check(
                slot,
                size,
                WRITE,
                "a lazily bound call can't be bound: its GOT slot is read-only",
            )?;
        }
    }
    Ok(())
}

/// The functions that are called when the process ends. By then the outcome of the load is decided.
pub(super) fn at_exit(
    space: &Space<'_>,
    dynamic: &Dynamic,
    written: &[(u64, Target)],
) -> Option<&'static str> {
    const DOUBT: &str = "a function that is called when the process ends isn't code";
    let end = dynamic.value(elf::DT_FINI).is_none_or(|end| space.allows(end, 1, EXECUTE));
    let is_sound = end
        && list(space, dynamic, written, elf::DT_FINI_ARRAY, elf::DT_FINI_ARRAYSZ, false).is_ok();
    (!is_sound).then_some(DOUBT)
}

fn list(
    space: &Space<'_>,
    dynamic: &Dynamic,
    written: &[(u64, Target)],
    start: DynamicTag,
    length: DynamicTag,
    is_musl: bool,
) -> Result<(), Stop> {
    let Some(start) = dynamic.value(start) else { return Ok(()) };
    let length = match dynamic.value(length) {
        Some(length) => length,
        None if is_musl => 0,
        None => return Err(Stop::Dies("its constructor array has no size")),
    };
    let size = u64::from(space.pointer_size);
    // glibc computes the count in 32 bits.
    let count = if is_musl { length / size } else { (length / size) & 0xffff_ffff };
    // The last write to a slot counts.
    let written: HashMap<u64, Target> = written.iter().copied().collect();
    for index in 0..count.min(MOST) {
        let slot = start.wrapping_add(index * size);
        match written.get(&slot) {
            Some(Target::Own(target)) => space.check(*target, 1, EXECUTE, NO_CODE)?,
            Some(Target::Foreign) => {
                return Err(Stop::Unsure("a constructor belongs to another library"));
            }
            // The process calls the address that another library wrote there, or none.
            None if !space.is_used(slot) => return Err(Stop::Dies(NOWHERE)),
            // Without a relocation the load address isn't added.
            None => {
                let address = space.pointer(slot, NOWHERE)?;
                let is_nowhere =
                    address < EXECUTABLE.start || size == 8 && address >= EXECUTABLE.end;
                return Err(if is_nowhere {
                    Stop::Dies(NO_CODE)
                } else {
                    Stop::Unsure("a constructor isn't relocated")
                });
            }
        }
    }
    if count > MOST {
        Err(Stop::Unsure("it has more constructors than abi-guard examines"))
    } else {
        Ok(())
    }
}

/// Finds lazily bound calls whose GOT slots `PT_GNU_RELRO` makes read-only.
pub(super) fn protected_too_much(space: &Space<'_>, lazy_slots: &[u64]) -> Option<&'static str> {
    let is_stuck =
        lazy_slots.iter().any(|slot| !space.allows(*slot, u64::from(space.pointer_size), WRITE));
    is_stuck.then_some("a lazily bound call can't be bound: its GOT slot is read-only")
}
