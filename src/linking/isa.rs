//! The x86-64 levels of this computer's processor, by glibc's rules (sysdeps/x86/isa-level.c).

/// Bits as in `GNU_PROPERTY_X86_ISA_1_NEEDED`: 1 for the baseline, 2, 4 and 8 for x86-64-v2 to -v4;
/// `None` on other processors.
#[cfg(target_arch = "x86_64")]
pub(super) fn levels() -> Option<u32> {
    use std::arch::is_x86_feature_detected as has;
    let v2 = has!("cmpxchg16b")
        && has!("popcnt")
        && has!("sse3")
        && has!("ssse3")
        && has!("sse4.1")
        && has!("sse4.2");
    let v3 = v2
        && has!("avx")
        && has!("avx2")
        && has!("bmi1")
        && has!("bmi2")
        && has!("f16c")
        && has!("fma")
        && has!("lzcnt")
        && has!("movbe");
    let v4 = v3
        && has!("avx512f")
        && has!("avx512bw")
        && has!("avx512cd")
        && has!("avx512dq")
        && has!("avx512vl");
    Some(1 | u32::from(v2) << 1 | u32::from(v3) << 2 | u32::from(v4) << 3)
}

/// Processors other than x64 have no levels.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn levels() -> Option<u32> {
    None
}
