//! A workflow, its jobs and their steps.

use super::expressions::Values;
use crate::environment::files::plans::Unit;
use crate::environment::files::shell::Command;
use crate::environment::files::spot::Spot;

/// A workflow.
#[derive(Clone, Debug, Default)]
pub struct Workflow {
    /// Its jobs; those that only call another workflow have no steps.
    pub jobs: Vec<Job>,
    /// The same jobs in the model that all CI services share.
    pub units: Vec<Unit>,
}

/// One job.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Its name in the file.
    pub name: String,
    /// Its runners, for all values of a matrix.
    pub runners: Values,
    /// The image it runs in.
    pub container: Option<Setting>,
    /// Its steps. A call of an action in the same repository is replaced by that action's steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its line. For a step of an action, the line of the call.
    pub line: u32,
    /// The action it calls, without `@version`.
    pub action: Option<String>,
    /// Its inputs.
    pub inputs: Vec<(String, Setting)>,
    /// The commands it runs.
    pub commands: Vec<Command>,
    /// The folder they run in, if it isn't the root of the repository.
    pub folder: Option<String>,
    /// The condition for it to run, if there is one.
    pub condition: Option<String>,
    /// True if it is in an action that the workflow calls.
    pub is_inlined: bool,
}

/// A value in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The text in the file.
    pub written: Spot,
    /// The values that it can have.
    pub values: Values,
}

impl Step {
    /// The cost of a copy of its commands.
    pub(super) fn size(&self) -> usize {
        let of = |command: &Command| {
            64 + command.words.iter().map(|word| word.len() + 24).sum::<usize>()
        };
        self.commands.iter().map(of).sum()
    }

    /// The input `name`.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Setting> {
        self.inputs.iter().find(|(known, _)| known == name).map(|(_, setting)| setting)
    }
}
