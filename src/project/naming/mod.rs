//! The claims in the path of a `.node` file, or in the name of a platform package, about the
//! runtime that it is for. Loaders choose files by these claims; the contents of a file may differ.

mod fit;
mod read;
#[cfg(test)]
mod tests;
mod words;

pub use fit::{Claims, Release};
pub use read::{bare_name, claims};
