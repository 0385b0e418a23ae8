//! A load, step by step, without the load: which pages the loader maps, what it reads and writes
//! there before the addon's own code runs. Faults kill the process that loads, so that no Error
//! tells of them.
//!
//! glibc and musl each do it in their own way; both are followed in their order, and what comes
//! first ends it. An access is judged by the pages of the image alone: one that leads elsewhere
//! surely faults only where it leads far away.

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
