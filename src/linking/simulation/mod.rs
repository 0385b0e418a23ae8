//! A load, step by step, without the load: which pages the loader maps, what it reads and writes
//! there before the addon's own code runs. Faults kill the process that loads, so that no Error
//! tells of them.
//!
//! glibc and musl each do it in their own way; both are followed in their order, and what comes
//! first ends it. An access is judged by the pages of the image alone: one that leads elsewhere
//! surely faults only where it leads far away.

mod constructors;
mod doubts;
mod dynamic;
mod frames;
mod glibc;
mod glibc_map;
mod kinds;
mod lookup;
mod musl;
mod relocations;
mod space;
mod table;
mod versions;

use object::elf;

use super::Loader;
use crate::binary::{ElfFacts, Image, MOST_RELOCATIONS, Program};
use crate::files::Source;
use crate::hash::HashSet;
use crate::versions::within_32_bits;
use constructors::lists;
use dynamic::Dynamic;
use lookup::Hash;
use relocations::Relocator;
use space::Space;
use table::Symbols;

/// Why a load goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The process dies; the reason, for people.
    Dies(&'static str),
    /// An Error with this text, as the loader says it after the file's name; and the reason, for
    /// people.
    Throws {
        /// The text.
        text: String,
        /// The reason.
        what: &'static str,
    },
    /// The process dies if a symbol is there; else the relocation waits for a call (musl).
    DiesIfBound {
        /// The reason, for people.
        what: &'static str,
        /// The symbol's name.
        symbol: Vec<u8>,
    },
    /// It dies, throws, or goes on: that depends on what else is in the process.
    Unsure(&'static str),
}

impl Stop {
    fn throws(text: &str, what: &'static str) -> Stop {
        Stop::Throws { text: text.to_owned(), what }
    }
}

/// How far a load comes before it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The image is mapped and its dynamic section read.
    Mapping,
    /// Symbol versions are looked at.
    Versions,
    /// It is relocated.
    Relocation,
    /// Its constructors are called.
    Constructors,
    /// Node.js looks for a function in it.
    LookUp,
}

/// What becomes of a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Where it stops, and why.
    pub stop: Option<(Step, Stop)>,
    /// What no linker writes, so that the addon's own code may meet anything.
    pub doubt: Option<&'static str>,
}

/// What differs between systems.
#[derive(Clone, Copy)]
pub(super) struct Settings<'a> {
    pub loader: Loader,
    /// Version of the libc.
    pub version: Option<&'a str>,
    /// `e_machine`
    pub machine: u16,
}

impl Settings<'_> {
    /// Whether the glibc is older than a version; `None` where that isn't known.
    fn glibc_before(&self, version: [u32; 2]) -> Option<bool> {
        let known = within_32_bits(self.version?)?;
        Some(*known.first_chunk::<2>()? < version)
    }

    /// The relocations of this machine have addends.
    fn has_addends(&self, wide: bool) -> bool {
        wide || !matches!(elf::Machine(self.machine), elf::EM_386 | elf::EM_ARM)
    }
}

/// The functions that Node.js looks for, besides `node_register_module_vN`.
const LOOKED_FOR: [&[u8]; 2] = [b"napi_register_module_v1", b"node_api_module_get_api_version_v1"];

/// Follows the load of `image`, whose headers the loader accepts; `None` where the system's rules
/// aren't known.
pub(super) fn follow(image: &Image, source: &Source, settings: Settings<'_>) -> Option<Course> {
    let facts = image.elf()?;
    // What is known of pages and relocations is known of these.
    let is_known = matches!(
        elf::Machine(facts.machine),
        elf::EM_X86_64 | elf::EM_386 | elf::EM_AARCH64 | elf::EM_ARM
    );
    if !is_known || facts.ident[5] == 2 || facts.loadable == 0 {
        return None;
    }
    if facts.programs.is_empty() {
        let stop = Stop::Unsure("it has more program headers than are looked at");
        return Some(Course { stop: Some((Step::Mapping, stop)), doubt: None });
    }
    let mut course = Course::default();
    let done = match settings.loader {
        Loader::Glibc => glibc::follow(image, facts, source, settings, &mut course),
        Loader::Musl => musl::follow(image, facts, source, settings, &mut course),
    };
    course.stop = done.err();
    if facts.misnamed_in_hash {
        course.doubt.get_or_insert("its hash table has a symbol under another name");
    }
    Some(course)
}

/// Names a step for what went wrong in it.
trait At<T> {
    fn at(self, step: Step) -> Result<T, (Step, Stop)>;
}

impl<T> At<T> for Result<T, Stop> {
    fn at(self, step: Step) -> Result<T, (Step, Stop)> {
        self.map_err(|stop| (step, stop))
    }
}

/// `PF_R`, `PF_W`, `PF_X` as the protection of a page.
fn protection(flags: u32) -> u8 {
    let bit = |flag: elf::ProgramFlags, bit: u8| if flags & flag.0 == 0 { 0 } else { bit };
    bit(elf::PF_R, space::READ) | bit(elf::PF_W, space::WRITE) | bit(elf::PF_X, space::EXECUTE)
}

/// The functions with which an addon registers, if Node.js has to look for them.
struct Entrances {
    /// The addon calls none of Node.js's functions to register: Node.js looks for one of its own.
    by_symbol: bool,
    /// Every name that Node.js looks for, and the address of the definition with that name.
    functions: Vec<(Vec<u8>, Option<u64>)>,
}

impl Entrances {
    fn of(image: &Image) -> Entrances {
        let registers =
            |name: &[u8]| matches!(name, b"node_module_register" | b"napi_module_register");
        let by_symbol = !image.symbols.imports().any(|import| registers(import.name));
        let mut own: Vec<(Vec<u8>, Option<u64>)> = Vec::new();
        let mut usual = LOOKED_FOR.map(|name| (name.to_vec(), None));
        for export in image.symbols.exports() {
            if export.name.starts_with(b"node_register_module_v") {
                own.push((export.name.to_vec(), Some(export.address)));
            } else if let Some((_, address)) =
                usual.iter_mut().find(|(name, _)| name == export.name)
            {
                address.get_or_insert(export.address);
            }
        }
        own.extend(usual);
        Entrances { by_symbol, functions: own }
    }

    /// Where Node.js begins to run the addon's code, if that is known.
    fn first(&self) -> Option<u64> {
        let (_, address) = self.functions.iter().find(|(name, _)| name == LOOKED_FOR[0])?;
        address.filter(|_| self.by_symbol)
    }
}

/// An image before its first relocation. What only one of the loaders has is set by it.
fn relocator<'r, 's>(
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
        slots: Vec::new(),
        bound: [HashSet::default(), HashSet::default()],
        budget: MOST_RELOCATIONS,
    }
}

/// The program header of the dynamic section: the last one counts.
fn dynamic_header(facts: &ElfFacts) -> Option<&Program> {
    facts.programs.iter().rev().find(|program| program.kind == elf::PT_DYNAMIC.0)
}

/// Node.js asks the loader for functions by their names. Where what it finds isn't code, the call
/// kills the process; that it finds nothing where the symbol table has one, or the other way round,
/// makes what is said of registration doubtful.
fn look_up(
    programs: &[Program],
    space: &space::Space<'_>,
    hash: &lookup::Hash,
    symbols: &table::Symbols,
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
                "its hash table and its symbol table disagree on a function that Node.js looks for",
            ))
            .at(Step::LookUp);
        }
        let Some(address) = *address else { continue };
        if frames::is_inside(space, programs, address) && course.doubt.is_none() {
            course.doubt = Some("a function that Node.js calls begins in the middle of another");
        }
        if let Err(stop) =
            space.check(address, 1, space::EXECUTE, "a function that Node.js calls isn't code")
        {
            // Of several versions one is called.
            let is_sure = LOOKED_FOR.contains(&name.as_slice());
            match stop {
                Stop::Dies(what) if !is_sure => drop(course.doubt.get_or_insert(what)),
                stop => return Err((Step::LookUp, stop)),
            }
        }
    }
    Ok(())
}
