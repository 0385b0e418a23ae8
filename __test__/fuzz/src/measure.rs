//! Measures a reading: an allocator counts bytes, so that the peak is exact, and the processor's
//! time is measured. The limits of time hold for an idle machine; on another one they are longer.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

/// The maximum number of allocated bytes. Further allocations fail, so that a runaway reading ends
/// by itself and the machine stays usable.
const CEILING: usize = 6 << 30;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, with a count of the allocated bytes.
pub struct Counting;

// The only unsafe part. It adds numbers and otherwise calls the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !take(layout.size()) {
            return std::ptr::null_mut();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !take(layout.size()) {
            return std::ptr::null_mut();
        }
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    // The system moves large blocks within the address space without a copy, so old and new blocks
    // are never in memory at the same time.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > layout.size() && !take(size - layout.size()) {
            return std::ptr::null_mut();
        }
        if size < layout.size() {
            NOW.fetch_sub(layout.size() - size, Relaxed);
        }
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn take(size: usize) -> bool {
    let now = NOW.fetch_add(size, Relaxed) + size;
    if now > CEILING {
        NOW.fetch_sub(size, Relaxed);
        return false;
    }
    PEAK.fetch_max(now, Relaxed);
    true
}

/// The processor time of [`reference_work`] on the idle machine for which the limits were set.
const REFERENCE: Duration = Duration::from_millis(9);

/// True if a reading took longer than `limit`, also when this machine is as slow now as it is. A
/// shared machine can need five times the processor time for the same work, and half an hour later
/// only twice.
pub fn exceeds(time: Duration, limit: Duration) -> bool {
    time > limit && time > limit.mul_f64(slowness())
}

/// How many times longer this machine takes now for the same work, at least 1.
fn slowness() -> f64 {
    let started = processor_time();
    std::hint::black_box(reference_work());
    let time = processor_time().saturating_sub(started);
    (time.as_secs_f64() / REFERENCE.as_secs_f64()).max(1.0)
}

/// Work of the kind that readings do: files are looked at, memory is used for the first time, and
/// strings are allocated, compared and found again. Virtual machines differ most in the first two.
fn reference_work() -> usize {
    let looked = (0..4_000).filter(|_| std::path::Path::new("/").exists()).count();
    let used = vec![1_u8; 16 << 20];
    let names: std::collections::BTreeMap<String, usize> =
        (0..20_000_usize).map(|n| (format!("{:x}", n.wrapping_mul(0x9e37_79b9)), n)).collect();
    let found = (0..20_000_usize).filter(|n| names.contains_key(&format!("{n:x}"))).count();
    looked + found + std::hint::black_box(used).len()
}

/// Runs `work`. Returns its result and the maximum number of bytes that it had allocated at once.
pub fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = work();
    (result, PEAK.load(Relaxed).saturating_sub(before))
}

/// The processor time of all threads of this process.
#[cfg(unix)]
pub fn processor_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.cast_unsigned(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// The time since the first call: Windows counts processor time in steps of 16 ms.
#[cfg(not(unix))]
pub fn processor_time() -> Duration {
    static FIRST: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    FIRST.elapsed()
}
