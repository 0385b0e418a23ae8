//! Dockerfiles: stages with their base images, copied files, and the commands of each stage.

mod node;
mod reader;
mod stages;
mod words;

use std::collections::HashMap;

use super::budget::Budget;
use super::compose::Argument;
use super::spot::{FileError, Lines};
use crate::panics::caught;
pub use node::InstalledNode;
use reader::DockerfileReader;
pub use stages::{Action, Base, Dockerfile, Stage, Step};

/// The maximum number of stages, and of instructions in all stages, of a file that is read. Images
/// have 127 layers at most.
const MOST_STAGES: usize = 200;
const MOST_STEPS: usize = 2000;

/// Reads a Dockerfile. `arguments` are the values that the build passes for its `ARG`s.
///
/// # Errors
/// The parser's error, with its line; or an error if the file exceeds the limits.
pub fn parse(
    text: &str,
    arguments: &HashMap<String, Argument>,
    budget: &Budget,
) -> Result<Dockerfile, FileError> {
    // If the parser panics, only this file is not read.
    let file = caught(|| read(text, arguments, budget))
        .unwrap_or_else(|| Err(FileError::new(None, "abi-guard's parser failed on it")))?;
    budget.checked(file)
}

fn read(
    text: &str,
    arguments: &HashMap<String, Argument>,
    budget: &Budget,
) -> Result<Dockerfile, FileError> {
    let file = parse_dockerfile::parse(text).map_err(|error| {
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        FileError::new(line, &format!("{error:#}"))
    })?;
    let mut reader = DockerfileReader {
        lines: Lines::new(text),
        escape: file
            .parser_directives
            .escape
            .as_ref()
            .map_or('\\', |directive| directive.value.value),
        given: arguments,
        global: HashMap::new(),
        stages: Vec::new(),
        steps: 0,
        scopes: Vec::new(),
        budget,
    };
    for instruction in &file.instructions {
        reader.take(instruction);
        if reader.stages.len() > MOST_STAGES || reader.steps > MOST_STEPS {
            let message =
                format!("more than {MOST_STAGES} stages or {MOST_STEPS} instructions aren't read");
            return Err(FileError::new(None, &message));
        }
        if budget.is_spent() {
            break;
        }
    }
    Ok(Dockerfile { stages: reader.stages })
}

#[cfg(test)]
#[path = "dockerfile_tests.rs"]
mod tests;
