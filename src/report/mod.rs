//! Reports → text for people and machines. Pure functions; colour and width come from the caller.

mod audit;
mod doctor;
mod escape;
mod explanation;
mod json;
mod matrix;
mod page;
mod text;

pub use json::json;
pub use page::Style;
pub use text::text;
