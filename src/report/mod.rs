//! Reports → text for people and machines. Pure functions; colour and width come from the caller.

mod escape;
mod json;
mod text;

pub use json::json;
pub use text::{Style, text};
