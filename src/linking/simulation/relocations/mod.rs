//! The effect of an image's relocations on its memory, in the order of glibc (elf/do-rel.h,
//! elf/dynamic-link.h, sysdeps/x86_64/dl-machine.h; read in 2.36, compared with 2.41) or musl.

mod apply;
mod entries;
mod lazy;
mod relocator;
mod slots;

pub(super) use entries::Entry;
pub(super) use relocator::{Relocator, Target};
pub(super) use slots::Slots;
