//! Simulates a load step by step, without loading: the pages that the loader maps, and the memory
//! that it reads and writes before the addon's own code runs. A fault in these steps kills the
//! process, so no Error reports it.
//!
//! glibc and musl differ. The simulation follows the order of each, and the first fault ends it.
//! Only the image's own pages are known: an access outside of them is certain to fault only if it
//! is far away.

mod common;
mod constructors;
mod course;
mod doubts;
mod dynamic;
mod entrances;
mod frames;
mod glibc;
mod kinds;
mod lookup;
mod musl;
mod relocations;
mod run;
mod settings;
mod space;
mod table;
mod versions;

use object::elf;

use crate::binary::Image;
use crate::files::Source;
use crate::linking::loader::Loader;

pub use course::{Course, Step, Stop};
pub(super) use settings::Settings;

/// Simulates the load of `image`, whose headers the loader accepts; `None` if the system's rules
/// aren't known.
pub(super) fn follow(image: &Image, source: &Source, settings: Settings<'_>) -> Option<Course> {
    let facts = image.elf()?;
    // Page sizes and relocation types are implemented for these machines only.
    let is_known = matches!(
        elf::Machine(facts.machine),
        elf::EM_X86_64 | elf::EM_386 | elf::EM_AARCH64 | elf::EM_ARM
    );
    if !is_known || facts.ident[5] == 2 || facts.loadable == 0 {
        return None;
    }
    if facts.programs.is_empty() {
        let stop = Stop::Unsure("it has more program headers than abi-guard examines");
        return Some(Course { stop: Some((Step::Mapping, stop)), doubt: None });
    }
    let mut course = Course::default();
    let done = match settings.loader {
        Loader::Glibc => glibc::follow(image, facts, source, settings, &mut course),
        Loader::Musl => musl::follow(image, facts, source, settings, &mut course),
    };
    course.stop = done.err();
    if facts.misnamed_in_hash {
        course.doubt.get_or_insert("its hash table lists a symbol under another name");
    }
    Some(course)
}
