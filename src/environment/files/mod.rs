//! Readers for the files that describe how a project is built and run, one for each format. They
//! return the contents with their lines; the doctor (`remedy::doctor`) judges them.

mod budget;
pub mod compose;
#[cfg(test)]
mod damage;
pub mod dockerfile;
pub mod dockerignore;
mod found;
mod image;
mod install;
pub mod json;
mod jsonc;
pub mod plans;
mod project;
mod shell;
mod spot;
pub(super) mod text;
mod toml;
mod variables;
pub mod workflows;
mod yaml;

pub use found::relative;
pub use image::Image;
pub use install::{Install, builds_addons, chooses_system, deployed_to, install};
pub use project::{Docker, File, PlanFile, ProjectFiles, project_files};
pub use shell::{Command, commands};

#[cfg(test)]
mod damage_tests;
