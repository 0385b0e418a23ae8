//! Follows the scripts of a package from its entry points, and reports what they say about addons.

use std::collections::HashSet;

use super::constants::constants;
use super::demand::demands;
use super::host::Host;
use super::said::{Flow, Follow, Mention, Said};
use super::state::{Script, Step};
use super::syntax::{Token, parse, tokens};
use super::value::Constants;
use super::work::Work;

/// The maximum number of scripts of one package, and of their bytes.
const MOST_SCRIPTS: usize = 160;
const MOST_BYTES: usize = 3 << 20;
/// The maximum number of tokens of one package. With its part of the tree a token takes about 50
/// bytes, and scripts that require each other are in memory at the same time.
const MAX_TOKENS: usize = 1 << 20;
/// The maximum length of a chain of scripts that require each other.
const DEEPEST: usize = 24;

/// The target of a name in `imports` of package.json.
type Imports<'r> = &'r dyn Fn(&str) -> Option<String>;

/// Reads scripts.
pub struct ScriptReader<'r> {
    /// The text of a file of the package. None if there is no such file.
    pub read: &'r dyn Fn(&str) -> Option<String>,
    /// True for `.node` files of the package.
    pub is_addon: &'r dyn Fn(&str) -> bool,
    /// The runtime: code for other systems is left out. Without one, nothing is.
    pub host: Option<Host<'r>>,
    /// The target of a name in `imports` of package.json.
    imports: Option<Imports<'r>>,
    /// Gets every report.
    pub listener: &'r mut dyn FnMut(Said) -> Flow,
    /// What has been spent on it.
    work: Work,
    /// No part of a script was skipped.
    is_whole: bool,
    /// Scripts for another system are read that nevertheless run on this one. Their functions are
    /// called on the other one only. Also set to read only what runs when a script is loaded.
    runs_for_others: bool,
    /// Scripts that were read as a whole.
    seen: HashSet<String>,
    /// Scripts whose functions were left out.
    seen_in_part: HashSet<String>,
    missing: HashSet<String>,
    bytes: usize,
    tokens: usize,
}

impl<'r> ScriptReader<'r> {
    /// A new reader.
    pub fn new(
        read: &'r dyn Fn(&str) -> Option<String>,
        is_addon: &'r dyn Fn(&str) -> bool,
        host: Option<Host<'r>>,
        listener: &'r mut dyn FnMut(Said) -> Flow,
    ) -> ScriptReader<'r> {
        ScriptReader {
            read,
            is_addon,
            host,
            imports: None,
            listener,
            work: Work::default(),
            is_whole: true,
            runs_for_others: false,
            seen: HashSet::new(),
            seen_in_part: HashSet::new(),
            missing: HashSet::new(),
            bytes: 0,
            tokens: 0,
        }
    }

    /// The same reader, for a package with `imports` in its package.json.
    pub fn with_imports(self, imports: Imports<'r>) -> ScriptReader<'r> {
        ScriptReader { imports: Some(imports), ..self }
    }

    /// The same reader, which leaves out the bodies of functions.
    pub fn without_functions(self) -> ScriptReader<'r> {
        ScriptReader { runs_for_others: true, ..self }
    }

    /// Reads the module that `require` would find at `path`, and the scripts that it requires.
    pub fn module(&mut self, path: &str) -> Flow {
        self.resolve(path, false, 0)
    }

    /// The number of evaluated operands.
    pub fn operands(&self) -> u64 {
        self.work.spent()
    }

    /// False if a part of the scripts was not read: they cost too much, or their brackets are
    /// nested too deeply.
    pub fn has_read_all(&self) -> bool {
        self.is_whole && !self.work.is_spent()
    }

    /// True if nothing new can come from the script. A script of this system may require one that
    /// was read without its functions.
    fn has_seen(&self, path: &str) -> bool {
        self.seen.contains(path) || self.runs_for_others && self.seen_in_part.contains(path)
    }

    fn script(&mut self, path: &str, text: &str, guarded: bool, depth: usize) -> Flow {
        let tokens = tokens(text);
        self.tokens += tokens.iter().map(Token::weight).sum::<usize>();
        if self.tokens > MAX_TOKENS {
            self.is_whole = false;
            return Flow::Stop;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        // Most scripts contain nothing about systems: what they load can't depend on one.
        let host = self.host.filter(|_| may_depend_on_the_system(text));
        let tree = parse(&tokens);
        self.is_whole &= tree.is_whole;
        let constants =
            if host.is_some() { constants(&tree, host, &self.work) } else { Constants::default() };
        let mut script = Script::new(folder, constants, depth);
        script.leaves_functions_out = self.runs_for_others;
        let may_catch = memchr::memmem::find(text.as_bytes(), b"catch").is_some();
        let step = script.whole(self, &tree.statements, may_catch, guarded);
        if step == Step::Continue(()) && host.is_some() && demands(&tree.statements, &self.work) {
            self.tell(Mention::Demand, guarded);
        }
        if step == Step::Continue(()) && !self.work.is_spent() { Flow::On } else { Flow::Stop }
    }
}

impl Follow for ScriptReader<'_> {
    fn host(&self) -> Option<Host<'_>> {
        self.host
    }

    fn work(&self) -> &Work {
        &self.work
    }

    fn resolve(&mut self, path: &str, guarded: bool, depth: usize) -> Flow {
        if depth > DEEPEST || self.missing.contains(path) {
            return Flow::On;
        }
        if (self.is_addon)(path) {
            return self.tell(Mention::Path { path: path.to_owned(), required: true }, guarded);
        }
        let has_extension =
            [".js", ".cjs", ".mjs"].iter().any(|extension| path.ends_with(extension));
        let mut candidates = vec![path.to_owned()];
        if !has_extension {
            candidates = [".js", ".cjs", ".mjs"]
                .iter()
                .map(|extension| format!("{path}{extension}"))
                .collect();
            let addon = format!("{path}.node");
            if (self.is_addon)(&addon) {
                candidates.truncate(1);
                candidates.push(addon);
            }
            candidates.push(format!("{path}/index.js").trim_start_matches('/').to_owned());
            candidates.push(format!("{path}/index.node").trim_start_matches('/').to_owned());
        }
        for candidate in candidates {
            if self.has_seen(&candidate) {
                return Flow::On;
            }
            if (self.is_addon)(&candidate) {
                return self.tell(Mention::Path { path: candidate, required: true }, guarded);
            }
            if candidate.ends_with(".node")
                || self.seen.len() + self.seen_in_part.len() >= MOST_SCRIPTS
                || self.bytes >= MOST_BYTES
            {
                continue;
            }
            let is_for_others = || self.host.is_some_and(|host| host.is_for_others(&candidate));
            if depth > 0 && !self.runs_for_others && is_for_others() {
                return Flow::On;
            }
            if let Some(text) = (self.read)(&candidate) {
                self.bytes += text.len();
                let seen =
                    if self.runs_for_others { &mut self.seen_in_part } else { &mut self.seen };
                seen.insert(candidate.clone());
                return self.script(&candidate, &text, guarded, depth);
            }
        }
        // The file doesn't exist: perhaps it isn't built yet. It is reported once.
        if !self.missing.insert(path.to_owned()) {
            return Flow::On;
        }
        self.tell(Mention::Path { path: path.to_owned(), required: true }, guarded)
    }

    fn resolve_import(&mut self, path: &str, guarded: bool, depth: usize) -> Flow {
        let is_for_others = self.host.is_some_and(|host| host.is_for_others(path));
        let before = self.runs_for_others;
        self.runs_for_others |= is_for_others;
        let flow = self.resolve(path, guarded, depth);
        self.runs_for_others = before;
        flow
    }

    fn import(&self, name: &str) -> Option<String> {
        self.imports?(name)
    }

    fn tell(&mut self, mention: Mention, guarded: bool) -> Flow {
        (self.listener)(Said { mention, guarded })
    }
}

/// True for a script that contains a word about systems or addons.
fn may_depend_on_the_system(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        ".node", "addon", "arch", "binary", "binding", "build", "darwin", "gyp", "linux", "musl",
        "native", "platform", "win",
    ];
    WORDS.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
