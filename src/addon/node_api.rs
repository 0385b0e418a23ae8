//! Node-API versions: the one an addon declares, and the one its imported functions need.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::binary::Image;
use crate::files::{Source, own_json};
use crate::hash::HashMap;
use crate::model::Arch;

/// The result of `node_api_module_get_api_version_v1`, read from its machine code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Declared {
    /// The function isn't exported: Node assumes version 8.
    #[default]
    Absent,
    /// It returns this constant.
    Version(i32),
    /// It is exported, but its code has an unknown form.
    Unknown,
}

/// The Node-API version that imported functions need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Computed {
    /// The version in which the newest of them became stable.
    pub version: u32,
    /// True if experimental functions are among them, which have no version.
    pub experimental: bool,
}

/// `NAPI_VERSION_EXPERIMENTAL`: accepted by every runtime.
pub const EXPERIMENTAL: i32 = i32::MAX;

#[derive(Deserialize)]
struct Table {
    functions: HashMap<String, Introduced>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Introduced {
    Version(u32),
    Experimental(#[allow(dead_code, reason = "the word itself carries nothing")] String),
}

fn table() -> &'static HashMap<String, Introduced> {
    static TABLE: OnceLock<HashMap<String, Introduced>> = OnceLock::new();
    TABLE.get_or_init(|| {
        own_json::<Table>(include_str!("data/node_api_functions.json"))
            .map(|table| table.functions)
            .unwrap_or_default()
    })
}

/// The version that the imported functions need; `None` without Node-API imports (which shows
/// nothing: napi-rs and neon look them up at run time).
pub(super) fn computed<'a>(names: impl Iterator<Item = &'a [u8]>) -> Option<Computed> {
    let mut computed: Option<Computed> = None;
    for name in names {
        let Some(introduced) = std::str::from_utf8(name).ok().and_then(|name| table().get(name))
        else {
            continue;
        };
        let so_far = computed.get_or_insert(Computed { version: 1, experimental: false });
        match introduced {
            Introduced::Version(version) => so_far.version = so_far.version.max(*version),
            Introduced::Experimental(_) => so_far.experimental = true,
        }
    }
    computed
}

/// The Node-API version in which a function became stable; `None` for functions of no version.
#[must_use]
pub fn node_api_version(name: &[u8]) -> Option<u32> {
    match table().get(std::str::from_utf8(name).ok()?)? {
        Introduced::Version(version) => Some(*version),
        Introduced::Experimental(_) => None,
    }
}

/// Reads the constant that the function at `address` returns.
pub(super) fn declared(image: &Image, source: &Source, address: u64) -> Declared {
    let mut code = [0; 32];
    // Bit 0 marks Thumb code on arm.
    let thumb = image.arch == Some(Arch::Arm) && address & 1 == 1;
    let mut at = if thumb { address - 1 } else { address };
    for _ in 0..3 {
        if image.memory.read_within_segment(source, at, &mut code).is_err() {
            return Declared::Unknown;
        }
        // MSVC's incremental linking inserts a `jmp rel32` before the function.
        match (&image.arch, code[0]) {
            (Some(Arch::X64 | Arch::Ia32), 0xe9) => {
                let jump = i32::from_le_bytes([code[1], code[2], code[3], code[4]]);
                at = at.wrapping_add(5).wrapping_add_signed(jump.into());
            }
            _ => break,
        }
    }
    let constant = match &image.arch {
        Some(Arch::X64 | Arch::Ia32) => decode_x86(&code),
        Some(Arch::Arm64) => decode_arm64(&code),
        Some(Arch::Arm) if thumb => decode_thumb(&code),
        Some(Arch::Arm) => decode_arm(&code),
        Some(Arch::RiscV64) => decode_riscv(&code),
        Some(Arch::Loong64) => decode_loong(&code),
        Some(Arch::S390x) => decode_s390(&code),
        Some(Arch::Ppc64) => decode_ppc(&code, image.memory.big_endian),
        _ => None,
    };
    constant.map_or(Declared::Unknown, Declared::Version)
}

/// `mov eax, imm32` (or `push imm8; pop rax`, `xor eax, eax`) and `ret`, around the usual frame
/// set-up.
fn decode_x86(code: &[u8]) -> Option<i32> {
    const SET_UP: [&[u8]; 9] = [
        b"\xf3\x0f\x1e\xfa", // endbr64
        b"\xf3\x0f\x1e\xfb", // endbr32
        b"\x48\x89\xe5",     // mov rbp, rsp
        b"\x48\x8b\xec",     // the same, as MSVC writes it
        b"\x89\xe5",         // mov ebp, esp
        b"\x8b\xec",         // the same, as MSVC writes it
        b"\x40\x57",         // push rdi, with a prefix
        b"\x55",             // push rbp
        b"\x57",             // push rdi
    ];
    let mut rest = code;
    let mut constant = None;
    for _ in 0..10 {
        if let Some(after) = SET_UP.iter().find_map(|bytes| rest.strip_prefix(*bytes)) {
            rest = after;
        } else if let [0x4c, 0x8b, 0x1d, _, _, _, _, after @ ..]
        | [0x4c, 0x33, 0x1c, 0x24, after @ ..] = rest
        {
            // OpenBSD's retguard: mov r11, [rip+x]; xor r11, [rsp].
            rest = after;
        } else if let [0xb8, a, b, c, d, after @ ..] = rest {
            constant = Some(i32::from_le_bytes([*a, *b, *c, *d]));
            rest = after;
        } else if let [0x6a, byte, 0x58, after @ ..] = rest {
            constant = Some(i32::from(*byte as i8));
            rest = after;
        } else if let [0x31 | 0x33, 0xc0, after @ ..] = rest {
            constant = Some(0);
            rest = after;
        } else if let [0x5d | 0x5f | 0xc9, after @ ..] = rest {
            rest = after;
        } else {
            // ret, or retguard's check before it.
            return constant
                .filter(|_| matches!(rest, [0xc3 | 0xc2, ..] | [0x4c, 0x33, 0x1c, 0x24, ..]));
        }
    }
    None
}

/// `movz/movn/orr w0, …` and `ret`, around landing pads and frame set-up.
fn decode_arm64(code: &[u8]) -> Option<i32> {
    let mut constant: Option<u32> = None;
    for word in words(code) {
        match word {
            // bti, paciasp, autiasp, nop (hint space); stp/ldp of the frame; mov x29, sp; add sp.
            word if word & 0xffff_f01f == 0xd503_201f => {}
            word if word & 0x7fc0_7fff == 0x2980_7bfd || word & 0x7fc0_7fff == 0x28c0_7bfd => {}
            0x9100_03fd => {}
            word if word & 0xff80_001f == 0x5280_0000 => {
                constant = Some(((word >> 5) & 0xffff) << (16 * ((word >> 21) & 3)));
            }
            word if word & 0xff80_001f == 0x1280_0000 => {
                constant = Some(!(((word >> 5) & 0xffff) << (16 * ((word >> 21) & 3))));
            }
            word if word & 0xff80_001f == 0x7280_0000 => {
                let shift = 16 * ((word >> 21) & 3);
                let low = constant? & !(0xffff << shift);
                constant = Some(low | (((word >> 5) & 0xffff) << shift));
            }
            // orr w0, wzr, #bitmask
            word if word & 0xffc0_03ff == 0x3200_03e0 => {
                constant = Some(bitmask((word >> 16) & 0x3f, (word >> 10) & 0x3f)?);
            }
            0xd65f_03c0 | 0xd65f_0bff | 0xd65f_0fff => return constant.map(|value| value as i32),
            _ => return None,
        }
    }
    None
}

/// The 32-bit value of an A64 logical immediate (`DecodeBitMasks` with N = 0).
fn bitmask(rotate: u32, sizes: u32) -> Option<u32> {
    let length = (!sizes & 0x3f).checked_ilog2()?;
    let size = 1u32 << length;
    let ones = (sizes & (size - 1)) + 1;
    if length == 0 || size > 32 || ones == size {
        return None;
    }
    let element = (1u64 << ones) - 1;
    let rotate = rotate & (size - 1);
    let mask = (1u64 << size) - 1;
    let element = ((element >> rotate) | (element << (size - rotate))) & mask;
    let mut value = 0u64;
    for at in (0..32).step_by(size as usize) {
        value |= element << at;
    }
    u32::try_from(value & 0xffff_ffff).ok()
}

/// `mov r0, #imm` (or `movw`) and `bx lr`.
fn decode_arm(code: &[u8]) -> Option<i32> {
    let mut constant: Option<u32> = None;
    for word in words(code) {
        match word {
            // push {fp}; add fp, sp, #0; sub sp, fp, #0; pop {fp}; mov fp, sp
            0xe52d_b004 | 0xe28d_b000 | 0xe24b_d000 | 0xe28b_d000 | 0xe49d_b004 | 0xe1a0_b00d => {}
            word if word & 0xffff_f000 == 0xe3a0_0000 => {
                constant = Some((word & 0xff).rotate_right(2 * ((word >> 8) & 0xf)));
            }
            word if word & 0xfff0_f000 == 0xe300_0000 => {
                constant = Some(((word >> 4) & 0xf000) | (word & 0xfff));
            }
            // mov r0, r3 follows mov r3, #imm in unoptimised code
            word if word & 0xffff_f000 == 0xe3a0_3000 => {
                constant = Some((word & 0xff).rotate_right(2 * ((word >> 8) & 0xf)));
            }
            0xe1a0_0003 => {}
            0xe12f_ff1e => return constant.map(|value| value as i32),
            _ => return None,
        }
    }
    None
}

/// `movs r0, #imm8` and `bx lr`, around `push`/`pop` of unoptimised code.
fn decode_thumb(code: &[u8]) -> Option<i32> {
    let mut constant = None;
    for half in code.chunks_exact(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]])) {
        match half {
            // push {r7}; push {r7, lr}; add r7, sp, #0; mov sp, r7; pop {r7}; mov r0, r3; nop
            0xb480 | 0xb580 | 0xaf00 | 0x46bd | 0xbc80 | 0x4618 | 0xbf00 => {}
            half if half & 0xff00 == 0x2000 || half & 0xff00 == 0x2300 => {
                constant = Some(i32::from(half & 0xff));
            }
            0x4770 => return constant,
            0xbd80 => return constant,
            _ => return None,
        }
    }
    None
}

/// `li a0, imm` (compressed or not) and `ret`.
fn decode_riscv(code: &[u8]) -> Option<i32> {
    let half = |at: usize| u16::from_le_bytes([code[at], code[at + 1]]);
    let (constant, next) = if half(0) & 0xef83 == 0x4501 {
        // c.li a0, imm6
        let low = i32::from((half(0) >> 2) & 0x1f);
        (if half(0) & 0x1000 == 0 { low } else { low - 32 }, 2)
    } else {
        let word = u32::from_le_bytes([code[0], code[1], code[2], code[3]]);
        if word & 0x000f_ffff != 0x0000_0513 {
            return None;
        }
        ((word as i32) >> 20, 4)
    };
    let word = u32::from_le_bytes([code[next], code[next + 1], code[next + 2], code[next + 3]]);
    (half(next) == 0x8082 || word == 0x0000_8067).then_some(constant)
}

/// `addi.w/ori a0, zero, imm` and `ret`.
fn decode_loong(code: &[u8]) -> Option<i32> {
    let mut words = words(code);
    let load = words.next()?;
    let constant = match load & 0xffc0_03ff {
        // addi.w, addi.d: signed; ori: unsigned
        0x0280_0004 | 0x02c0_0004 => ((load << 10) as i32) >> 20,
        0x0380_0004 => ((load >> 10) & 0xfff) as i32,
        _ => return None,
    };
    (words.next()? == 0x4c00_0020).then_some(constant)
}

/// `lghi/lhi %r2, imm16` and `br %r14`.
fn decode_s390(code: &[u8]) -> Option<i32> {
    match code {
        [0xa7, 0x28 | 0x29, high, low, 0x07, 0xfe, ..] => {
            Some(i32::from(i16::from_be_bytes([*high, *low])))
        }
        _ => None,
    }
}

/// `li r3, imm16` and `blr`.
fn decode_ppc(code: &[u8], big_endian: bool) -> Option<i32> {
    let word = |at: usize| {
        let bytes = [code[at], code[at + 1], code[at + 2], code[at + 3]];
        if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    (word(0) & 0xffff_0000 == 0x3860_0000 && word(4) == 0x4e80_0020).then(|| {
        let [low, high, ..] = word(0).to_le_bytes();
        i32::from(i16::from_le_bytes([low, high]))
    })
}

fn words(code: &[u8]) -> impl Iterator<Item = u32> + '_ {
    code.chunks_exact(4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

#[cfg(test)]
mod tests {
    use super::{
        Computed, bitmask, computed, decode_arm, decode_arm64, decode_loong, decode_ppc,
        decode_riscv, decode_s390, decode_thumb, decode_x86, table,
    };

    fn padded(code: &[u8]) -> [u8; 32] {
        let mut bytes = [0xcc; 32];
        bytes[..code.len()].copy_from_slice(code);
        bytes
    }

    /// The forms that compilers give `return NAPI_VERSION;`, as found in published addons.
    #[test]
    fn the_constant_is_read_from_every_known_form_of_code() {
        let x86: [(&[u8], Option<i32>); 10] = [
            (b"\xb8\x08\0\0\0\xc3", Some(8)),
            (b"\xf3\x0f\x1e\xfa\xb8\x09\0\0\0\xc3", Some(9)),
            (b"\x55\x48\x89\xe5\xb8\x0a\0\0\0\x5d\xc3", Some(10)),
            (b"\x55\xb8\x03\0\0\0\x48\x89\xe5\x5d\xc3", Some(3)),
            (b"\x40\x57\xb8\x04\0\0\0\x5f\xc3", Some(4)),
            (b"\xb8\xff\xff\xff\x7f\xc3", Some(i32::MAX)),
            (b"\x6a\x08\x58\xc3", Some(8)),
            (b"\x31\xc0\xc3", Some(0)),
            (b"\xb8\x08\0\0\0\xe8\0\0\0\0\xc3", None),
            (b"\x8b\x05\0\0\0\0\xc3", None),
        ];
        for (code, expected) in x86 {
            assert_eq!(decode_x86(&padded(code)), expected, "{code:x?}");
        }
        let arm64: [(&[u32], Option<i32>); 6] = [
            (&[0x5280_0100, 0xd65f_03c0], Some(8)),
            (&[0xd503_245f, 0x5280_0140, 0xd65f_03c0], Some(10)),
            (&[0x320b_7be0, 0], None),
            (&[0x3200_07e0, 0xd65f_03c0], Some(3)),
            (&[0x1280_0080, 0xd65f_03c0], Some(-5)),
            (&[0x529f_ffe0, 0x72af_ffe0, 0xd65f_03c0], Some(i32::MAX)),
        ];
        for (words, expected) in arm64 {
            let code: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            assert_eq!(decode_arm64(&padded(&code)), expected, "{words:x?}");
        }
        assert_eq!(decode_arm(&padded(b"\x08\x00\xa0\xe3\x1e\xff\x2f\xe1")), Some(8));
        assert_eq!(decode_thumb(&padded(b"\x09\x20\x70\x47")), Some(9));
        assert_eq!(
            decode_thumb(&padded(b"\x80\xb4\x00\xaf\x08\x23\x18\x46\xbd\x46\x80\xbc\x70\x47")),
            Some(8)
        );
        assert_eq!(decode_riscv(&padded(b"\x21\x45\x82\x80")), Some(8));
        assert_eq!(decode_riscv(&padded(b"\x13\x05\x90\x00\x67\x80\x00\x00")), Some(9));
        assert_eq!(decode_loong(&padded(b"\x04\x20\x80\x02\x20\x00\x00\x4c")), Some(8));
        assert_eq!(decode_s390(&padded(b"\xa7\x29\x00\x08\x07\xfe")), Some(8));
        assert_eq!(decode_ppc(&padded(b"\x08\x00\x60\x38\x20\x00\x80\x4e"), false), Some(8));
    }

    #[test]
    fn logical_immediates_are_decoded() {
        // orr w0, wzr, #3 / #0xc / #0x55555555 / #0x7fffffff
        assert_eq!(bitmask(0, 0b00_0001), Some(3));
        assert_eq!(bitmask(30, 0b00_0001), Some(0xc));
        assert_eq!(bitmask(0, 0b11_1100), Some(0x5555_5555));
        assert_eq!(bitmask(0, 30), Some(0x7fff_ffff));
    }

    #[test]
    fn imports_give_the_version_of_the_newest_function() {
        let of = |names: &[&str]| computed(names.iter().map(|name| name.as_bytes()));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["napi_not_yet_known"]), None);
        assert_eq!(of(&["napi_create_object"]), Some(Computed { version: 1, experimental: false }));
        assert_eq!(
            of(&["napi_create_object", "napi_type_tag_object", "node_api_post_finalizer"]),
            Some(Computed { version: 8, experimental: true })
        );
        assert!(table().len() > 150);
    }
}
