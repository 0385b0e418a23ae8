//! Files around a project that say how it is built and run, one reader per format. They give what stands there and on which line;
//! what is to be thought of it is said elsewhere.

pub mod json;
mod text;

pub use text::{LONGEST, Text, TextError};
