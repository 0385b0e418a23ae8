//! An entry in the lists of known texts.

use super::finding::Finding;
use super::text::Window;

/// A text that is recognized: words that only it has, and how the rest is read around them.
pub(super) struct Known {
    pub(super) anchor: &'static str,
    pub(super) read: fn(&Window<'_>) -> Option<Finding>,
}
