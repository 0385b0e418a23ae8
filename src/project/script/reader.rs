//! Follows a package's scripts from its entry points and tells, one after the other, what they say
//! about addons.

use std::collections::HashSet;

use super::constants::constants;
use super::host::Host;
use super::said::{Flow, Follow, Mention, Said};
use super::state::{Script, Step};
use super::syntax::{parse, tokens};
use super::value::Constants;
use super::work::Work;

/// Most scripts of one package that are read, and most bytes of them.
const MOST_SCRIPTS: usize = 160;
const MOST_BYTES: usize = 3 << 20;
/// Deepest chain of scripts.
const DEEPEST: usize = 24;

/// Reads scripts.
pub struct ScriptReader<'r> {
    /// The text of a file of the package; `None` when there is none.
    pub read: &'r dyn Fn(&str) -> Option<String>,
    /// True for `.node` files of the package.
    pub is_addon: &'r dyn Fn(&str) -> bool,
    /// Where they run: what is for other systems is left out; nothing when there is none.
    pub host: Option<Host<'r>>,
    /// Is told everything.
    pub listener: &'r mut dyn FnMut(Said) -> Flow,
    /// What has been spent on it.
    work: Work,
    /// No part of a script was skipped.
    is_whole: bool,
    seen: HashSet<String>,
    missing: HashSet<String>,
    bytes: usize,
}

impl<'r> ScriptReader<'r> {
    /// A reader that hasn't read anything yet.
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
            listener,
            work: Work::default(),
            is_whole: true,
            seen: HashSet::new(),
            missing: HashSet::new(),
            bytes: 0,
        }
    }

    /// Reads the module at `path` as `require` would find it, and all it leads to.
    pub fn module(&mut self, path: &str) -> Flow {
        self.resolve(path, false, 0)
    }

    /// Operands that were evaluated.
    pub fn operands(&self) -> u64 {
        self.work.spent()
    }

    /// False if a part of the scripts was not read: they cost too much, or their brackets are
    /// nested too deeply.
    pub fn has_read_all(&self) -> bool {
        self.is_whole && !self.work.is_spent()
    }

    fn script(&mut self, path: &str, text: &str, guarded: bool, depth: usize) -> Flow {
        let tokens = tokens(text);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        // Most scripts know of no system: what they load can't depend on it.
        let host = self.host.filter(|_| may_depend_on_the_system(text));
        let tree = parse(&tokens);
        self.is_whole &= tree.is_whole;
        let constants =
            if host.is_some() { constants(&tree, host, &self.work) } else { Constants::new() };
        let mut script = Script::new(folder, constants, depth);
        let step = script.block(self, &tree.statements, guarded);
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
            if self.seen.contains(&candidate) {
                return Flow::On;
            }
            if (self.is_addon)(&candidate) {
                return self.tell(Mention::Path { path: candidate, required: true }, guarded);
            }
            if candidate.ends_with(".node")
                || self.seen.len() >= MOST_SCRIPTS
                || self.bytes >= MOST_BYTES
            {
                continue;
            }
            if depth > 0 && self.host.is_some_and(|host| host.is_for_others(&candidate)) {
                return Flow::On;
            }
            if let Some(text) = (self.read)(&candidate) {
                self.bytes += text.len();
                self.seen.insert(candidate.clone());
                return self.script(&candidate, &text, guarded, depth);
            }
        }
        // It isn't there: not built yet, perhaps. Once is enough to find that out.
        if !self.missing.insert(path.to_owned()) {
            return Flow::On;
        }
        self.tell(Mention::Path { path: path.to_owned(), required: true }, guarded)
    }

    fn tell(&mut self, mention: Mention, guarded: bool) -> Flow {
        (self.listener)(Said { mention, guarded })
    }
}

/// True for a script that has a word about systems or addons in it.
fn may_depend_on_the_system(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        ".node", "addon", "arch", "binary", "binding", "build", "darwin", "gyp", "linux", "musl",
        "native", "platform", "win",
    ];
    WORDS.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
