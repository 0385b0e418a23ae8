//! The parts that both loaders share: the state before the first relocation, and Node.js's look-ups
//! after the load.

use super::constructors::lists;
use super::course::{At, Course, Step, Stop};
use super::dynamic::Dynamic;
use super::entrances::{Entrances, LOOKED_FOR};
use super::frames;
use super::lookup::Hash;
use super::relocations::{Relocator, Slots};
use super::space::{EXECUTE, Space};
use super::table::Symbols;
use crate::binary::{ElfFacts, MOST_RELOCATIONS, Program};
use crate::hash::HashSet;

/// An image before its first relocation. The caller sets the fields that only one loader has.
pub(super) fn relocator<'r, 's>(
    space: &'r Space<'s>,
    dynamic: &'r Dynamic,
    symbols: Symbols,
    hash: Hash,
    facts: &ElfFacts,
) -> Relocator<'r, 's> {
    Relocator {
        space,
        dynamic,
        symbols,
        hash,
        machine: facts.machine,
        highest_version: None,
        may_wait: false,
        waiting: None,
        has_thread_local: facts.tls_size > 0,
        lists: lists(dynamic),
        written: Vec::new(),
        doubt: None,
        slots: Slots::default(),
        bound: [HashSet::default(), HashSet::default()],
        budget: MOST_RELOCATIONS,
    }
}

/// Node.js looks up functions by name. If the address it finds isn't code, the call kills the
/// process. If the hash table and the symbol table disagree on a name, the judgment of the
/// registration is uncertain.
pub(super) fn look_up(
    programs: &[Program],
    space: &Space<'_>,
    hash: &Hash,
    symbols: &Symbols,
    entrances: &Entrances,
    course: &mut Course,
) -> Result<(), (Step, Stop)> {
    if !entrances.by_symbol {
        return Ok(());
    }
    for (name, address) in &entrances.functions {
        let found = hash.finds(space, symbols, name, true).at(Step::LookUp)?;
        if found != address.is_some() {
            return Err(Stop::Unsure(
                "its hash table and its symbol table disagree on a function that Node.js looks up",
            ))
            .at(Step::LookUp);
        }
        let Some(address) = *address else { continue };
        if frames::is_inside(space, programs, address) && course.doubt.is_none() {
            course.doubt = Some("a function that Node.js calls begins in the middle of another");
        }
        if let Err(stop) =
            space.check(address, 1, EXECUTE, "a function that Node.js calls isn't code")
        {
            // If there are several versions, it isn't known which one is called.
            let is_sure = LOOKED_FOR.contains(&name.as_slice());
            match stop {
                Stop::Dies(what) if !is_sure => drop(course.doubt.get_or_insert(what)),
                stop => return Err((Step::LookUp, stop)),
            }
        }
    }
    Ok(())
}
