//! ELF for x64: the first instructions of the functions that run while an addon is loaded. These
//! are the constructors in `DT_INIT_ARRAY`, before Node's own checks, and the function with which
//! the addon initializes itself, after them.

use object::elf;

use super::super::memory::Memory;
use super::imports::Binding;
use super::relocations::{self, Tables};
use crate::files::Source;

/// The maximum number of constructors that are examined in an image.
const MOST_CONSTRUCTORS: u64 = 1024;
/// The number of bytes that are examined of a function.
const BEGINNING: usize = 128;
/// The maximum number of functions that are followed from one.
const MOST_FUNCTIONS: usize = 16;

/// The first of `bindings` that a constructor of the image is certain to call, so loading itself
/// needs it. x64 only: a call is `e8 rel32` to a stub that jumps through the GOT slot.
pub(in crate::binary) fn constructor_calls<'a, 'i>(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    bindings: &'a [Binding<'i>],
) -> Option<&'a Binding<'i>> {
    beginnings(tables, memory, source).into_iter().find_map(|step| {
        let (Step::Call(target) | Step::Jump(target)) = step else { return None };
        let slot = stub_slot(memory, source, target)?;
        bindings.iter().find(|binding| binding.lazy && binding.slot == slot)
    })
}

/// The addresses that constructors load at their beginning, in the order in which they run.
pub(in crate::binary) fn constructor_addresses(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
) -> Vec<u64> {
    let steps = beginnings(tables, memory, source);
    steps
        .into_iter()
        .filter_map(|step| match step {
            Step::Address(address) => Some(address),
            Step::Call(_) | Step::Jump(_) | Step::Return => None,
        })
        .collect()
}

/// The GOT slots through which a function at `start` is certain to call other functions.
pub(in crate::binary) fn slots_called(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    start: u64,
) -> Vec<u64> {
    let mut code = [0; BEGINNING];
    let is_x64 = elf::Machine(tables.machine) == elf::EM_X86_64;
    if !is_x64 || memory.read_within_segment(source, start, &mut code).is_err() {
        return Vec::new();
    }
    let calls = straight(&code, start).filter_map(|step| match step {
        Step::Call(target) | Step::Jump(target) => stub_slot(memory, source, target),
        Step::Address(_) | Step::Return => None,
    });
    calls.collect()
}

/// The GOT slots of the first calls of a function at `start` into other objects. Functions of the
/// image that it calls are followed.
pub(in crate::binary) fn first_slots(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    start: u64,
) -> Vec<u64> {
    let mut reader = FirstCalls { memory, source, slots: Vec::new(), left: MOST_FUNCTIONS };
    if elf::Machine(tables.machine) == elf::EM_X86_64 {
        reader.follow(start);
    }
    reader.slots
}

struct FirstCalls<'a> {
    memory: &'a Memory,
    source: &'a Source,
    slots: Vec<u64>,
    /// The number of functions that may still be followed.
    left: usize,
}

impl FirstCalls<'_> {
    /// Adds the slots of the certain calls of a function. Returns true if it is certain to return.
    fn follow(&mut self, start: u64) -> bool {
        let mut code = [0; BEGINNING];
        if self.left == 0 || self.memory.read_within_segment(self.source, start, &mut code).is_err()
        {
            return false;
        }
        self.left -= 1;
        for step in straight(&code, start) {
            match step {
                Step::Return => return true,
                Step::Address(_) => {}
                Step::Call(target) => {
                    if !self.call(target) {
                        return false;
                    }
                }
                Step::Jump(target) => return self.call(target),
            }
        }
        false
    }

    /// The functions of other objects are taken to return.
    fn call(&mut self, target: u64) -> bool {
        match stub_slot(self.memory, self.source, target) {
            Some(slot) => {
                self.slots.push(slot);
                true
            }
            None => self.follow(target),
        }
    }
}

/// An operation at the beginning of a function.
enum Step {
    Call(u64),
    /// A call instead of a return.
    Jump(u64),
    /// The address is loaded.
    Address(u64),
    Return,
}

/// The first operations of all constructors, in the order in which they run.
fn beginnings(tables: &Tables, memory: &Memory, source: &Source) -> Vec<Step> {
    let Some((at, size)) =
        tables.constructors.filter(|_| elf::Machine(tables.machine) == elf::EM_X86_64)
    else {
        return Vec::new();
    };
    let count = (size / 8).min(MOST_CONSTRUCTORS);
    let slot = |index: u64| at.saturating_add(index.saturating_mul(8));
    let pointers = relocations::pointers(tables, memory, source, at..=slot(count));
    let mut steps = Vec::new();
    for start in (0..count).filter_map(|index| pointers.target(slot(index))) {
        let mut code = [0; BEGINNING];
        if memory.read_within_segment(source, start, &mut code).is_ok() {
            steps.extend(straight(&code, start));
        }
    }
    steps
}

/// The calls and the loaded addresses at the beginning of a function, up to its first jump, or up
/// to an instruction that isn't one of the few listed here. All of them are certain to run.
fn straight(code: &[u8], start: u64) -> impl Iterator<Item = Step> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = code.get(at..)?;
            at += match rest {
                // call rel32
                [0xe8, a, b, c, d, ..] => {
                    at += 5;
                    return Some(Step::Call(relative(
                        start.wrapping_add(at as u64),
                        [*a, *b, *c, *d],
                    )));
                }
                // jmp rel32
                [0xe9, a, b, c, d, ..] => {
                    let next = start.wrapping_add(at as u64 + 5);
                    at = code.len();
                    return Some(Step::Jump(relative(next, [*a, *b, *c, *d])));
                }
                // ret
                [0xc3, ..] => {
                    at = code.len();
                    return Some(Step::Return);
                }
                // lea of a 64-bit register and [rip+x]
                [0x48 | 0x4c, 0x8d, register, a, b, c, d, ..] if register & 0xc7 == 0x05 => {
                    at += 7;
                    return Some(Step::Address(relative(
                        start.wrapping_add(at as u64),
                        [*a, *b, *c, *d],
                    )));
                }
                // endbr64
                [0xf3, 0x0f, 0x1e, 0xfa, ..] => 4,
                // push and pop of r8 to r15, and of rax to rdi
                [0x41, 0x50..=0x5f, ..] => 2,
                [0x50..=0x5f, ..] => 1,
                // mov between two 64-bit registers
                [0x48, 0x89, registers, ..] if registers & 0xc0 == 0xc0 => 3,
                // sub and add of rsp and imm8; sub rsp, imm32
                [0x48, 0x83, 0xec | 0xc4, ..] => 4,
                [0x48, 0x81, 0xec, ..] => 7,
                // mov of a 64-bit register and [rip+x]
                [0x48 | 0x4c, 0x8b | 0x89, register, ..] if register & 0xc7 == 0x05 => 7,
                // mov of a 32-bit register and [rip+x]; add dword [rip+x], imm8
                [0x8b | 0x89, register, ..] if register & 0xc7 == 0x05 => 6,
                [0x83, 0x05, ..] => 7,
                // mov r32, imm32
                [0xb8..=0xbf, ..] => 5,
                [0x41, 0xb8..=0xbf, ..] => 6,
                // mov between two registers, the second one of r8 to r15 or of 32 bits
                [0x49 | 0x4c | 0x4d, 0x89, registers, ..] if registers & 0xc0 == 0xc0 => 3,
                [0x89, registers, ..] if registers & 0xc0 == 0xc0 => 2,
                [0x41 | 0x44 | 0x45, 0x89 | 0x31, registers, ..] if registers & 0xc0 == 0xc0 => 3,
                // mov rax, fs:0x28: the stack guard
                [0x64, 0x48, 0x8b, 0x04, 0x25, ..] => 9,
                // mov of a 64-bit register to [rsp+x], lea of one and [rsp+x]; x of 8 or 32 bits
                [0x48 | 0x4c, 0x89 | 0x8d, register, 0x24, ..] if register & 0xc7 == 0x44 => 5,
                [0x48 | 0x4c, 0x89 | 0x8d, register, 0x24, ..] if register & 0xc7 == 0x84 => 8,
                // mov qword [rsp+x], imm32; mov dword [rsp+x], imm32
                [0x48, 0xc7, 0x44, 0x24, ..] => 9,
                [0xc7, 0x44, 0x24, ..] => 8,
                // xorps of two registers; movups and movaps to [rsp+x]
                [0x0f, 0x57, registers, ..] if registers & 0xc0 == 0xc0 => 3,
                [0x0f, 0x11 | 0x29, register, 0x24, ..] if register & 0xc7 == 0x44 => 5,
                // xor of two 32-bit registers
                [0x31 | 0x33, registers, ..] if registers & 0xc0 == 0xc0 => 2,
                _ => return None,
            };
        }
    })
}

/// The slot that the stub at `address` jumps through: `jmp [rip+x]`, optionally with `endbr64` and
/// a `bnd` prefix before it.
fn stub_slot(memory: &Memory, source: &Source, address: u64) -> Option<u64> {
    let mut code = [0; 16];
    if !memory.is_executable(address) {
        return None;
    }
    memory.read_within_segment(source, address, &mut code).ok()?;
    let mut skip = if code.starts_with(b"\xf3\x0f\x1e\xfa") { 4 } else { 0 };
    if code[skip] == 0xf2 {
        skip += 1;
    }
    if code[skip..skip + 2] != [0xff, 0x25] {
        return None;
    }
    let distance = [code[skip + 2], code[skip + 3], code[skip + 4], code[skip + 5]];
    Some(relative(address.wrapping_add(skip as u64).wrapping_add(6), distance))
}

/// `next` plus a signed 32-bit displacement.
fn relative(next: u64, distance: [u8; 4]) -> u64 {
    next.wrapping_add_signed(i32::from_le_bytes(distance).into())
}
