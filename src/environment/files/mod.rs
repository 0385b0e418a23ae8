//! Files around a project that say how it is built and run, one reader per format. They give what
//! stands there and on which line; what is to be thought of it is said elsewhere.

mod budget;
pub mod compose;
pub mod dockerfile;
pub mod dockerignore;
mod found;
pub mod gitlab;
mod image;
mod install;
pub mod json;
mod project;
mod shell;
mod spot;
pub(super) mod text;
mod variables;
pub mod workflows;
mod yaml;

pub use image::Image;
pub use install::{Install, builds_addons, install};
pub use project::{Docker, File, ProjectFiles, project_files, relative};
pub use shell::Command;

#[cfg(test)]
mod damage_tests;
