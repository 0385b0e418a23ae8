//! Whether a command starts the guard.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::scripts::{loaded, sources};
use super::start::Guarded;
use crate::environment::files::text::Texts;
use crate::environment::files::{Command, commands};
use crate::files::{self, join_inside, normalized};
use crate::project::Manifest;

/// The name of this package.
const GUARD: &str = "abi-guard";
/// The maximum number of scripts that are read for one start.
const MOST_SCRIPTS: usize = 60;
/// The maximum nesting of npm scripts in npm scripts.
const DEEPEST: usize = 5;
/// The longest command that is shown, in characters.
const LONGEST: usize = 120;

/// The place of a start.
#[derive(Default)]
pub(super) struct Around<'a> {
    /// The folder of the app, relative to the project.
    pub folder: &'a str,
    /// The working folder in an image; `None` outside of images.
    pub work: Option<&'a str>,
    /// The value of `NODE_OPTIONS`.
    pub options: &'a str,
}

/// Reads the scripts of a project.
pub(super) struct StartReader<'a> {
    root: &'a Path,
    texts: Texts,
}

impl<'a> StartReader<'a> {
    /// For the project at `root`.
    pub fn new(root: &'a Path) -> StartReader<'a> {
        StartReader { root, texts: Texts::within(root) }
    }

    /// The text of a file of the project.
    pub fn text(&self, file: &Path) -> Option<String> {
        self.texts.of(file)
    }

    /// The first of `all` that starts Node.js, with its guard; one that isn't guarded has priority.
    pub fn first(&self, all: &[Command], around: &Around<'_>) -> Option<(String, Guarded)> {
        let judged = |command: &Command| {
            let guard = self.of(command, around, DEEPEST)?;
            Some((command.words.join(" ").chars().take(LONGEST).collect(), guard))
        };
        let found: Vec<(String, Guarded)> = all.iter().filter_map(judged).collect();
        let unguarded = found.iter().find(|(_, guard)| *guard == Guarded::No);
        unguarded.or(found.first()).cloned()
    }

    fn of(&self, command: &Command, around: &Around<'_>, left: usize) -> Option<Guarded> {
        let left = left.checked_sub(1)?;
        let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
        // dumb-init, tini, dotenv and others start the command after them.
        let start = words.iter().position(|word| program(word).is_some())?;
        let (program, rest) = (program(words[start])?, &words[start + 1..]);
        let is_set =
            |(name, value): &(String, String)| name == "NODE_OPTIONS" && value.contains(GUARD);
        if command.variables.iter().any(is_set) || around.options.contains(GUARD) {
            return Some(Guarded::Variable);
        }
        if rest.iter().any(|word| word.contains(GUARD)) {
            return Some(Guarded::Option);
        }
        match program {
            Program::Manager => self.of_manager(command, rest, around, left),
            Program::Next => (rest.first() == Some(&"start"))
                .then(|| self.of_next(&self.folder(command, around))),
            Program::Node => {
                Some(self.of_script(operand(rest)?, &self.folder(command, around), around))
            }
        }
    }

    /// The folder of a command: that of the app, or the one into which a `cd` changed.
    fn folder(&self, command: &Command, around: &Around<'_>) -> PathBuf {
        let own = command.folder.as_deref().filter(|own| !own.starts_with('/')).unwrap_or_default();
        let folder = normalized(&self.root.join(around.folder).join(own));
        if folder.starts_with(self.root) { folder } else { self.root.to_path_buf() }
    }

    /// `npm start`, `yarn run start`
    fn of_manager(
        &self,
        command: &Command,
        rest: &[&str],
        around: &Around<'_>,
        left: usize,
    ) -> Option<Guarded> {
        let is_name =
            |word: &&&str| !word.starts_with('-') && !matches!(**word, "run" | "run-script");
        let name = rest.iter().find(is_name)?;
        let manifest = Manifest::read(&self.folder(command, around)).ok()?;
        let text = match manifest.script(name) {
            Some(text) => text,
            // What npm runs without such a script.
            None if *name == "start" => "node server.js",
            None => return None,
        };
        let inner = commands(text, command.line).into_iter().map(|mut inner| {
            inner.folder = inner.folder.or_else(|| command.folder.clone());
            inner
        });
        let all: Vec<Command> = inner.collect();
        all.iter().find_map(|command| self.of(command, around, left))
    }

    /// The guard of Next.js, which runs `instrumentation`.
    fn of_next(&self, folder: &Path) -> Guarded {
        let names = ["instrumentation.ts", "instrumentation.js", "instrumentation.mjs"];
        let places = names.iter().flat_map(|name| [(*name).to_owned(), format!("src/{name}")]);
        let found = places.filter_map(|place| join_inside(folder, &place));
        let mut found = found.filter(|file| files::is_file(file));
        found.find_map(|file| self.loads(&file)).unwrap_or(Guarded::No)
    }

    fn of_script(&self, operand: &str, folder: &Path, around: &Around<'_>) -> Guarded {
        let unknown = || Guarded::Unknown(format!("{operand} isn't here"));
        let path = match around.work {
            // A path in the image: the working folder has the app.
            Some(work) => match operand.strip_prefix(work) {
                Some(inside) => inside.trim_start_matches('/'),
                None if operand.starts_with('/') => return unknown(),
                None => operand,
            },
            None => operand,
        };
        let found = sources(path).iter().find_map(|name| {
            let file = normalized(&folder.join(name));
            (file.starts_with(self.root) && files::is_file(&file)).then_some(file)
        });
        let Some(file) = found else { return unknown() };
        self.loads(&file).unwrap_or(Guarded::No)
    }

    /// The script that loads abi-guard, at `file` or reached from it by relative paths; `None` if
    /// there is none.
    fn loads(&self, file: &Path) -> Option<Guarded> {
        let mut seen: HashSet<PathBuf> = HashSet::new();
        let mut queue = vec![file.to_path_buf()];
        while let Some(file) = queue.pop() {
            if seen.len() >= MOST_SCRIPTS {
                return Some(Guarded::Unknown("it has too many scripts".to_owned()));
            }
            if !seen.insert(file.clone()) {
                continue;
            }
            let Some(text) = self.texts.of(&file) else { continue };
            for name in loaded(&text) {
                if name == GUARD || name.starts_with("abi-guard/") {
                    return Some(Guarded::Script(file));
                }
                if !name.starts_with('.') {
                    continue;
                }
                let Some(around) = file.parent() else { continue };
                let path = normalized(&around.join(&name));
                let inside = path.starts_with(self.root);
                let text = path.to_string_lossy().into_owned();
                let found =
                    sources(&text).into_iter().map(PathBuf::from).find(|path| files::is_file(path));
                queue.extend(found.filter(|_| inside));
            }
        }
        None
    }
}

/// The programs that start scripts.
#[derive(Clone, Copy)]
enum Program {
    Node,
    Manager,
    Next,
}

fn program(word: &str) -> Option<Program> {
    match word.rsplit('/').next()? {
        "node" | "nodejs" | "tsx" | "ts-node" | "nodemon" | "bun" | "deno" | "pm2-runtime" => {
            Some(Program::Node)
        }
        "npm" | "yarn" | "pnpm" => Some(Program::Manager),
        "next" => Some(Program::Next),
        _ => None,
    }
}

/// Options of Node.js whose value is the next word.
const WITH_VALUE: [&str; 8] =
    ["-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "--env-file", "-c"];

/// The script among the words after the program.
fn operand<'w>(words: &[&'w str]) -> Option<&'w str> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if WITH_VALUE.contains(word) {
            words.next();
        } else if !word.starts_with(['-', '$']) && !matches!(*word, "run" | "start" | "watch") {
            return Some(word);
        }
    }
    None
}
