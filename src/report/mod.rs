//! Reports → text for people and for machines. Pure functions; the caller decides about color and
//! width.

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
