//! The state while a Dockerfile is read: an instruction at a time, with the variables and the
//! working folder of its stage.

use std::collections::HashMap;
use std::rc::Rc;

use parse_dockerfile::{
    Command as Form, CopyInstruction, FromInstruction, HereDoc, Instruction, RunInstruction,
};

use super::stages::{Action, Base, Stage, Step};
use super::words::{assignments, flags, joined, mentioned, path, plain, quoted};
use crate::environment::files::budget::Budget;
use crate::environment::files::compose::Argument;
use crate::environment::files::image::Image;
use crate::environment::files::shell::{Command, commands};
use crate::environment::files::spot::{Lines, Spot};
use crate::environment::files::variables::expanded;

/// The state at one point of a stage.
#[derive(Clone, Default)]
pub(super) struct Scope {
    folder: Rc<str>,
    variables: HashMap<String, String>,
}

/// Reads a Dockerfile.
pub(super) struct DockerfileReader<'a> {
    pub lines: Lines,
    /// The character that continues a line.
    pub escape: char,
    /// The values that the build passes for `ARG`s.
    pub given: &'a HashMap<String, Argument>,
    /// The `ARG`s before the first stage.
    pub global: HashMap<String, Global>,
    pub stages: Vec<Stage>,
    /// The number of steps in all stages.
    pub steps: usize,
    /// The state at the end of each stage, for the stages that are based on it.
    pub scopes: Vec<Scope>,
    pub budget: &'a Budget,
}

/// An `ARG` before the first stage.
pub(super) struct Global {
    spot: Spot,
    /// True if its value comes from `.env`, so it must not be shown.
    is_secret: bool,
}

impl DockerfileReader<'_> {
    /// The line of an offset, from 1.
    fn line(&self, at: usize) -> u32 {
        self.lines.of(at)
    }

    /// Reads one instruction.
    pub fn take(&mut self, instruction: &Instruction<'_>) {
        match instruction {
            Instruction::From(from) => self.from(from),
            Instruction::Arg(arg) => {
                let line = self.line(arg.arg.span.start);
                for (name, value) in assignments(&arg.arguments.value) {
                    let given = self.given.get(&name);
                    let is_secret = given.is_some_and(|given| given.is_secret);
                    let value = given.map(|given| given.text.clone()).or(value);
                    self.define(name, value, line, is_secret);
                }
            }
            Instruction::Env(env) => {
                let (Some(scope), budget) = (self.scopes.last_mut(), self.budget) else { return };
                for (name, value) in assignments(&env.arguments.value) {
                    let value = value.and_then(|value| {
                        expanded(&value, &|name| scope.variables.get(name).cloned(), budget)
                    });
                    if budget.spend_item() {
                        scope.variables.extend(value.map(|value| (name, value)));
                    }
                }
                let options = scope.variables.get("NODE_OPTIONS").filter(|_| budget.spend_item());
                if let (Some(options), Some(stage)) = (options, self.stages.last_mut()) {
                    stage.node_options = Some(options.clone());
                }
            }
            Instruction::Workdir(workdir) => {
                let to = self.expanded(&workdir.arguments.value);
                if let Some(scope) = self.scopes.last_mut()
                    && self.budget.spend(scope.folder.len() + to.len())
                {
                    scope.folder = joined(&scope.folder, &to).into();
                }
            }
            Instruction::Copy(copy) => self.copy(copy),
            Instruction::Add(add) => {
                let sources = add.src.iter().filter_map(path).collect();
                self.push(add.add.span.start, |reader| Action::Copy {
                    from: None,
                    sources,
                    destination: reader.destination(&add.dest.value),
                    excludes: flags(&add.options, "exclude"),
                });
            }
            Instruction::Run(run) => self.run(run),
            Instruction::Cmd(cmd) => {
                let commands = self.form(&cmd.arguments);
                self.push(cmd.cmd.span.start, |_| Action::Cmd(commands));
            }
            Instruction::Entrypoint(entrypoint) => {
                let commands = self.form(&entrypoint.arguments);
                self.push(entrypoint.entrypoint.span.start, |_| Action::Entrypoint(commands));
            }
            Instruction::Volume(volume) => {
                let paths = match &volume.arguments {
                    parse_dockerfile::JsonOrStringArray::Json(list) => {
                        list.value.iter().map(|path| self.expanded(&path.value)).collect()
                    }
                    parse_dockerfile::JsonOrStringArray::String(list) => {
                        list.iter().map(|path| self.expanded(&path.value)).collect()
                    }
                };
                self.push(volume.volume.span.start, |_| Action::Volume(paths));
            }
            _ => {}
        }
    }

    fn from(&mut self, from: &FromInstruction<'_>) {
        let written = from.image.value.to_string();
        let name = expanded(
            &written,
            &|name| self.global.get(name).map(|global| global.spot.text.clone()),
            self.budget,
        );
        let parent = name.as_ref().and_then(|name| {
            let is_meant = |stage: &Stage| {
                stage.name.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(name))
            };
            self.stages.iter().rposition(is_meant)
        });
        let mut used: Vec<_> =
            mentioned(&written).filter_map(|name| self.global.get_key_value(name)).collect();
        used.sort_by_key(|(name, global)| (global.spot.line, *name));
        used.dedup_by_key(|(name, _)| *name);
        let is_secret = used.iter().any(|(_, global)| global.is_secret);
        let public = used.into_iter().filter(|(_, global)| !global.is_secret);
        let arguments = public.map(|(name, global)| (name.clone(), global.spot.clone())).collect();
        let scope = parent.and_then(|parent| self.scopes.get(parent));
        let size: usize = scope
            .iter()
            .flat_map(|scope| &scope.variables)
            .map(|(name, value)| name.len() + value.len() + 64)
            .sum();
        // A stage that is based on another one has that stage's variables too.
        let scope = scope.filter(|_| self.budget.spend_item() && self.budget.spend(size)).cloned();
        self.scopes
            .push(scope.unwrap_or_else(|| Scope { folder: "/".into(), variables: HashMap::new() }));
        let image = |name: &str| {
            let image = Image::parse(name);
            if is_secret { Image { name: written.clone(), ..image } } else { image }
        };
        self.stages.push(Stage {
            base: match (parent, name) {
                (Some(parent), _) => Base::Stage(parent),
                (None, Some(name)) if !name.is_empty() => Base::Image(image(&name)),
                _ => Base::Unknown,
            },
            written: Spot::new(&written, self.line(from.from.span.start)),
            arguments,
            name: from.as_.as_ref().map(|(_, name)| name.value.to_string()),
            platform: flags(&from.options, "platform").pop(),
            node_options: None,
            steps: Vec::new(),
        });
    }

    /// An `ARG`. Before the first stage it is for image names; in a stage it can inherit such a
    /// value.
    fn define(&mut self, name: String, value: Option<String>, line: u32, is_secret: bool) {
        if !self.budget.spend_item() {
            return;
        }
        if let Some(scope) = self.scopes.last_mut() {
            let global = self.global.get(&name);
            let value = value.or_else(|| global.map(|global| global.spot.text.clone()));
            let value = value.and_then(|value| {
                expanded(&value, &|name| scope.variables.get(name).cloned(), self.budget)
            });
            // Messages show paths, so a secret is never inserted into a path.
            let is_public = !is_secret && !global.is_some_and(|global| global.is_secret);
            scope.variables.extend(value.filter(|_| is_public).map(|value| (name, value)));
        } else {
            let of_global =
                |name: &str| self.global.get(name).map(|global| global.spot.text.clone());
            let is_secret = is_secret
                || value.as_deref().is_some_and(|value| {
                    mentioned(value)
                        .any(|name| self.global.get(name).is_some_and(|global| global.is_secret))
                });
            let value = value.and_then(|value| expanded(&value, &of_global, self.budget));
            self.global
                .extend(value.map(|text| (name, Global { spot: Spot { text, line }, is_secret })));
        }
    }

    fn copy(&mut self, copy: &CopyInstruction<'_>) {
        let from = flags(&copy.options, "from").pop();
        let sources = copy.src.iter().filter_map(path).map(|path| self.expanded(&path)).collect();
        self.push(copy.copy.span.start, |reader| Action::Copy {
            from,
            sources,
            destination: reader.destination(&copy.dest.value),
            excludes: flags(&copy.options, "exclude"),
        });
    }

    /// The commands in the arguments of an instruction.
    fn form(&self, arguments: &Form<'_>) -> Vec<Command> {
        match arguments {
            Form::Shell(text) => {
                commands(&plain(text.value, self.escape), self.line(text.span.start))
            }
            Form::Exec(words) => {
                let line = self.line(words.span.start);
                let words = words.value.iter().map(|word| word.value.to_string()).collect();
                // The shell reader also parses ["sh", "-c", "…"].
                commands(&quoted(words), line)
            }
            _ => Vec::new(),
        }
    }

    fn run(&mut self, run: &RunInstruction<'_>) {
        let mut all = self.form(&run.arguments);
        for HereDoc { span, value, .. } in &run.here_docs {
            all.extend(commands(value, self.line(span.start)));
        }
        if let Some(scope) = self.scopes.last() {
            let settings = scope
                .variables
                .iter()
                .filter(|(name, _)| name.to_ascii_lowercase().starts_with("npm_config_"));
            let settings: Vec<(String, String)> =
                settings.map(|(name, value)| (name.clone(), value.clone())).collect();
            let size: usize =
                settings.iter().map(|(name, value)| name.len() + value.len() + 64).sum();
            for command in &mut all {
                if self.budget.spend(64) && self.budget.spend(size) {
                    command.variables.extend_from_slice(&settings);
                }
            }
        }
        self.push(run.run.span.start, |_| Action::Run(all));
    }

    /// Adds a step to the last stage; `at` is the offset of the instruction.
    fn push(&mut self, at: usize, action: impl FnOnce(&Self) -> Action) {
        let Some(scope) = self.scopes.last().filter(|_| self.budget.spend_item()) else { return };
        let step =
            Step { line: self.line(at), folder: Rc::clone(&scope.folder), action: action(self) };
        self.steps += 1;
        if let Some(stage) = self.stages.last_mut() {
            stage.steps.push(step);
        }
    }

    fn destination(&self, written: &str) -> String {
        let folder = self.scopes.last().map_or("/", |scope| &scope.folder);
        joined(folder, &self.expanded(written))
    }

    /// The text with the variables of the stage expanded; unchanged if one of them isn't known.
    fn expanded(&self, written: &str) -> String {
        let value =
            |name: &str| self.scopes.last().and_then(|scope| scope.variables.get(name).cloned());
        expanded(written, &value, self.budget).unwrap_or_else(|| written.to_owned())
    }
}
