//! (image, runtime) → [`Linkage`]: what the operating system's loader would find for an image in a runtime.
//!
//! The place of this room in the pipeline is fixed, its rules are still to come: for now every image that needs anything is
//! [`Linkage::NotExamined`], and the verdict says so.

use crate::binary::Image;
use crate::runtime::Runtime;

/// What the operating system's loader would find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linkage {
    /// The image needs nothing, so there is nothing to find.
    NothingNeeded,
    /// It needs libraries or symbols, and nobody looked for them.
    NotExamined {
        /// Libraries it needs.
        libraries: usize,
        /// Symbols it needs.
        symbols: usize,
    },
}

/// Looks for what `image` needs in `runtime`.
#[must_use]
pub fn link(image: &Image, _runtime: &Runtime) -> Linkage {
    match (image.libraries.len(), image.symbols.imports().count()) {
        (0, 0) => Linkage::NothingNeeded,
        (libraries, symbols) => Linkage::NotExamined { libraries, symbols },
    }
}
