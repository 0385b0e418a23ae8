/// The limits of reading one file, however hostile it is.
pub struct Limits;

impl Limits {
    /// The maximum number of bytes that are read from one file before [`super::Source::refill`].
    /// Each read costs a fixed number of bytes more. This limit holds in all cases: it also ends
    /// loops that a file causes.
    pub const READ: u64 = 384 << 20;
    /// The maximum size of a single table (symbols, strings, opcodes), in bytes.
    pub const TABLE: u64 = 32 << 20;
    /// The maximum size of a lockfile, in bytes. Those of the largest monorepos have a few MiB.
    pub const LOCKFILE: u64 = Limits::TABLE;
    /// The maximum number of imports and exports of one image.
    pub const SYMBOLS: usize = 1 << 18;
    /// The maximum number of bytes of all their names together.
    pub const NAMES: usize = 16 << 20;
    /// The maximum number of relocations that are read from one image.
    pub const RELOCATIONS: usize = 2 << 20;
    /// The maximum number of segments or sections. Windows accepted no more than 96 until Vista.
    pub const SEGMENTS: usize = 96;
    /// The maximum number of libraries of one image, and of symbol versions.
    pub const LIBRARIES: usize = 1 << 14;
    /// The maximum number of slices of a universal file.
    pub const SLICES: usize = 6;
    /// The maximum length of a name (symbol, library, module), in bytes.
    pub const NAME: usize = 4096;
}
