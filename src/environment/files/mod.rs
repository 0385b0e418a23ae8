//! Readers for the files that describe how a project is built and run, one for each format. They
//! return the contents with their lines; the doctor (`remedy::doctor`) judges them.

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
