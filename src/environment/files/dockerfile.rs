//! Dockerfiles: stages, the images they stand on, what is copied, and which commands run where.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parse_dockerfile::{Command as Form, CopyInstruction, FromInstruction, HereDoc, Instruction, RunInstruction, Source};

use super::shell::{Command, commands};
use super::variables::expanded;
use super::{FileError, Image, Spot};

/// A Dockerfile.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    /// Its stages, in order; the last one makes the image unless another is asked for.
    pub stages: Vec<Stage>,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What it stands on.
    pub base: Base,
    /// The image as it is written after `FROM`.
    pub written: Spot,
    /// The `ARG`s before the first stage that the image's name is made with, as name and value.
    pub arguments: Vec<(String, Spot)>,
    /// Its name.
    pub name: Option<String>,
    /// What happens in it.
    pub steps: Vec<Step>,
}

/// What a stage stands on.
#[derive(Clone, Debug)]
pub enum Base {
    /// An earlier stage, by its number.
    Stage(usize),
    /// An image.
    Image(Image),
    /// Something that depends on variables nobody sets here.
    Unknown,
}

/// One instruction that matters.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its line.
    pub line: u32,
    /// The working folder at that point.
    pub folder: String,
    /// What it does.
    pub action: Action,
}

/// The instructions that matter.
#[derive(Clone, Debug)]
pub enum Action {
    /// `COPY` or `ADD`.
    Copy {
        /// The stage or image it copies from; else the build context.
        from: Option<String>,
        /// What, as written.
        sources: Vec<String>,
        /// Whereto, absolute.
        destination: String,
        /// What it leaves out.
        excludes: Vec<String>,
    },
    /// `RUN`.
    Run(Vec<Command>),
    /// `VOLUME`.
    Volume(Vec<String>),
}

/// Reads a Dockerfile. `arguments` are values that its builder gives for its `ARG`s.
///
/// # Errors
/// What the parser says, with its line.
pub fn parse(text: &str, arguments: &HashMap<String, String>) -> Result<Dockerfile, FileError> {
    // A panic of the parser costs this file, and nothing else.
    catch_unwind(AssertUnwindSafe(|| read(text, arguments)))
        .unwrap_or_else(|_| Err(FileError::new(None, "the parser gave up on it")))
}

fn read(text: &str, arguments: &HashMap<String, String>) -> Result<Dockerfile, FileError> {
    let file = parse_dockerfile::parse(text).map_err(|error| {
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        FileError::new(line, &format!("{error:#}"))
    })?;
    let mut reader = Reader {
        lines: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect(),
        escape: file.parser_directives.escape.as_ref().map_or('\\', |directive| directive.value.value),
        given: arguments,
        global: HashMap::new(),
        stages: Vec::new(),
        scopes: Vec::new(),
    };
    for instruction in &file.instructions {
        reader.take(instruction);
    }
    Ok(Dockerfile { stages: reader.stages })
}

/// What holds at one point of a stage.
#[derive(Clone, Default)]
struct Scope {
    folder: String,
    variables: HashMap<String, String>,
}

struct Reader<'a> {
    /// Where each line begins.
    lines: Vec<usize>,
    escape: char,
    given: &'a HashMap<String, String>,
    global: HashMap<String, Spot>,
    stages: Vec<Stage>,
    /// How each stage ended, for those that stand on it.
    scopes: Vec<Scope>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    fn take(&mut self, instruction: &Instruction<'_>) {
        match instruction {
            Instruction::From(from) => self.from(from),
            Instruction::Arg(arg) => {
                let line = self.line(arg.arg.span.start);
                for (name, value) in assignments(&arg.arguments.value) {
                    let value = self.given.get(&name).cloned().or(value);
                    self.define(name, value, line);
                }
            }
            Instruction::Env(env) => {
                let Some(scope) = self.scopes.last_mut() else { return };
                for (name, value) in assignments(&env.arguments.value) {
                    let value = value.and_then(|value| expanded(&value, &|name| scope.variables.get(name).cloned()));
                    scope.variables.extend(value.map(|value| (name, value)));
                }
            }
            Instruction::Workdir(workdir) => {
                let to = self.expanded(&workdir.arguments.value);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.folder = joined(&scope.folder, &to);
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
        let name = expanded(&written, &|name| self.global.get(name).map(|spot| spot.text.clone()));
        let parent = name.as_ref().and_then(|name| {
            let is_meant = |stage: &Stage| stage.name.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(name));
            self.stages.iter().rposition(is_meant)
        });
        let mut used: Vec<_> = self.global.iter().filter(|(name, _)| mentions(&written, name)).collect();
        used.sort_by_key(|(_, spot)| spot.line);
        let arguments = used.into_iter().map(|(name, spot)| (name.clone(), spot.clone())).collect();
        let scope = match parent {
            Some(parent) => self.scopes[parent].clone(),
            None => Scope { folder: "/".to_owned(), variables: HashMap::new() },
        };
        self.scopes.push(scope);
        self.stages.push(Stage {
            base: match (parent, name) {
                (Some(parent), _) => Base::Stage(parent),
                (None, Some(name)) if !name.is_empty() => Base::Image(Image::parse(&name)),
                _ => Base::Unknown,
            },
            written: Spot::new(&written, self.line(from.from.span.start)),
            arguments,
            name: from.as_.as_ref().map(|(_, name)| name.value.to_string()),
            steps: Vec::new(),
        });
    }

    /// An `ARG`: before the first stage it is for the names of images; in a stage it may take over such a value.
    fn define(&mut self, name: String, value: Option<String>, line: u32) {
        if let Some(scope) = self.scopes.last_mut() {
            let value = value.or_else(|| self.global.get(&name).map(|spot| spot.text.clone()));
            scope.variables.extend(value.map(|value| (name, value)));
        } else {
            let value = value.and_then(|value| expanded(&value, &|name| self.global.get(name).map(|spot| spot.text.clone())));
            self.global.extend(value.map(|value| (name, Spot { text: value, line })));
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

    fn run(&mut self, run: &RunInstruction<'_>) {
        let mut all = match &run.arguments {
            Form::Shell(text) => commands(&plain(text.value, self.escape), self.line(text.span.start)),
            Form::Exec(words) => {
                let line = self.line(words.span.start);
                let words = words.value.iter().map(|word| word.value.to_string()).collect();
                // Through the reader of shell texts for the sake of ["sh", "-c", "…"].
                commands(&quoted(words), line)
            }
            _ => Vec::new(),
        };
        for HereDoc { span, value, .. } in &run.here_docs {
            all.extend(commands(value, self.line(span.start)));
        }
        if let Some(scope) = self.scopes.last() {
            let settings = scope.variables.iter().filter(|(name, _)| name.to_ascii_lowercase().starts_with("npm_config_"));
            let settings: Vec<(String, String)> = settings.map(|(name, value)| (name.clone(), value.clone())).collect();
            for command in &mut all {
                command.variables.extend_from_slice(&settings);
            }
        }
        self.push(run.run.span.start, |_| Action::Run(all));
    }

    fn push(&mut self, at: usize, action: impl FnOnce(&Self) -> Action) {
        let Some(scope) = self.scopes.last() else { return };
        let step = Step { line: self.line(at), folder: scope.folder.clone(), action: action(self) };
        if let Some(stage) = self.stages.last_mut() {
            stage.steps.push(step);
        }
    }

    fn destination(&self, written: &str) -> String {
        let folder = self.scopes.last().map_or("/", |scope| scope.folder.as_str());
        joined(folder, &self.expanded(written))
    }

    /// With the variables of the stage put in; left as it is where one of them isn't known.
    fn expanded(&self, written: &str) -> String {
        let value = |name: &str| self.scopes.last().and_then(|scope| scope.variables.get(name).cloned());
        expanded(written, &value).unwrap_or_else(|| written.to_owned())
    }
}

impl Dockerfile {
    /// The image that stage `number` stands on in the end; `None` where that isn't known.
    #[must_use]
    pub fn image(&self, number: usize) -> Option<&Image> {
        // A stage can only stand on an earlier one.
        match &self.stages.get(number)?.base {
            Base::Image(image) => Some(image),
            Base::Stage(parent) if *parent < number => self.image(*parent),
            _ => None,
        }
    }

    /// The stage that `COPY --from` names, by name or number.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<usize> {
        let by_name =
            self.stages.iter().position(|stage| stage.name.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(name)));
        by_name.or_else(|| name.parse().ok().filter(|number| *number < self.stages.len()))
    }

    /// The stages that make stage `number`: those it stands on, the first one first, and itself.
    #[must_use]
    pub fn line_of_stages(&self, number: usize) -> Vec<usize> {
        let mut line = vec![number];
        let mut last = number;
        while let Some(Stage { base: Base::Stage(parent), .. }) =
            self.stages.get(last).filter(|_| line.len() <= self.stages.len())
        {
            line.insert(0, *parent);
            last = *parent;
        }
        line
    }
}

/// `NAME=value`, several on a line, values in quotes or not; `ENV NAME value` in its old form.
fn assignments(text: &str) -> Vec<(String, Option<String>)> {
    let text = plain(text, '\\');
    let words: Vec<String> = commands(&format!("- {text}"), 1).into_iter().flat_map(|command| command.words).skip(1).collect();
    match words.as_slice() {
        [name, rest @ ..] if !name.contains('=') && !rest.is_empty() && !rest[0].contains('=') => {
            vec![(name.clone(), Some(rest.join(" ")))]
        }
        words => {
            let pair = |word: &String| match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word.clone(), None),
            };
            words.iter().map(pair).collect()
        }
    }
}

/// Shell text as one instruction has it: lines that are comments are left out, lines that go on end with a backslash.
fn plain(text: &str, escape: char) -> String {
    let lines = text.split('\n').map(|line| {
        let end = line.trim_end();
        match end.strip_suffix(escape) {
            _ if line.trim_start().starts_with('#') => "\\".to_owned(),
            Some(start) => format!("{start}\\"),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn quoted(words: Vec<String>) -> String {
    let quote = |word: String| format!("'{}'", word.replace('\'', "'\\''"));
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

fn path(source: &Source<'_>) -> Option<String> {
    match source {
        Source::Path(path) => Some(path.value.to_string()),
        _ => None,
    }
}

fn flags(options: &[parse_dockerfile::Flag<'_>], name: &str) -> Vec<String> {
    let named = options.iter().filter(|flag| flag.name.value == name);
    named.filter_map(|flag| flag.value.as_ref()).map(|value| value.value.to_string()).collect()
}

fn mentions(text: &str, name: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('{');
        rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    })
}

/// `to` seen from `folder`, as an absolute path without `.` and `..`.
fn joined(folder: &str, to: &str) -> String {
    let whole = if to.starts_with('/') { to.to_owned() } else { format!("{folder}/{to}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
#[path = "dockerfile_tests.rs"]
mod tests;
