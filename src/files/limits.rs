//! Bounds on what reading may cost.

/// Bounds on what one file may cost, however hostile it is.
pub struct Limits;

impl Limits {
    /// Most bytes that are read of one file before [`super::Source::refill`], with a fixed charge
    /// for each read. The one bound that nothing gets around: whatever a file makes the reader do
    /// over and over ends here.
    pub const READ: u64 = 384 << 20;
    /// Longest single table (symbols, strings, opcodes) that is read, in bytes.
    pub const TABLE: u64 = 32 << 20;
    /// Longest lockfile that is read, in bytes; those of the largest monorepos have a few MiB.
    pub const LOCKFILE: u64 = Limits::TABLE;
    /// Most imports and exports of one image.
    pub const SYMBOLS: usize = 1 << 18;
    /// Most bytes of their names, all together.
    pub const NAMES: usize = 16 << 20;
    /// Most relocations that are looked at in one image.
    pub const RELOCATIONS: usize = 2 << 20;
    /// Most segments or sections; Windows took no more than 96 until Vista.
    pub const SEGMENTS: usize = 96;
    /// Most libraries of one image, and most symbol versions.
    pub const LIBRARIES: usize = 1 << 14;
    /// Most slices of a universal file.
    pub const SLICES: usize = 6;
    /// Longest name (symbol, library, module) in bytes.
    pub const NAME: usize = 4096;
}
