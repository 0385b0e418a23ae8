//! Reports → text for people and for machines. Pure functions; the caller decides about color and
//! width.

mod audit;
mod cyclonedx;
mod doctor;
mod elsewhere;
mod entries;
mod escape;
mod explanation;
mod file;
mod fixes;
mod github;
mod json;
mod markdown;
mod matrix;
mod newer;
mod package;
mod page;
mod parts;
mod problems;
mod rules;
mod sarif;
mod scan;
mod shell;
mod target;
mod text;

pub use cyclonedx::document::cyclonedx;
pub use cyclonedx::serial::has_timestamp;
pub use github::github;
pub use json::json;
pub use markdown::markdown;
pub use page::Style;
pub use sarif::sarif;
pub use text::text;
