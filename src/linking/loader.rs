//! The loaders of Linux.

/// The loaders whose rules are implemented.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Loader {
    Glibc,
    Musl,
}
