//! Reports → text for people and machines. Pure functions; color and width come from the caller.

mod audit;
mod doctor;
mod entries;
mod escape;
mod explanation;
mod github;
mod json;
mod matrix;
mod newer;
mod page;
mod rules;
mod sarif;
mod text;

pub use github::github;
pub use json::json;
pub use page::Style;
pub use sarif::sarif;
pub use text::text;
