//! An entry in the lists of known error texts.

use super::finding::Finding;
use super::text::Window;

/// A text that is recognized: words that only this text has, and the function that reads the text
/// around them.
pub(super) struct Known {
    pub(super) anchor: &'static str,
    pub(super) read: fn(&Window<'_>) -> Option<Finding>,
}
