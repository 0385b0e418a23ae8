//! One script, token by token: what it requires, imports, calls and spells out, in the order in
//! which it stands there.

use std::collections::{HashMap, HashSet};

use super::blocks::Blocks;
use super::expression::{Evaluated, evaluate};
use super::host::Host;
use super::lexer::{Part, Token, past_bracket};
use super::said::{Argument, Flow, Follow, LOADERS, Mention, resolved};
use super::structure::begins_expression;
use super::value::{Constants, FOLDER, GAP, Scope, Value, first_of, product};
use super::work::Work;
use crate::model::Convention;

/// Most constants of one script that are kept, and most arguments of a call.
const MOST_CONSTANTS: usize = 2000;
const MOST_ARGUMENTS: usize = 8;

/// One script while it is read.
pub(super) struct Script<'s> {
    folder: &'s str,
    blocks: Blocks,
    guarded: bool,
    depth: usize,
    /// Before this token, what begins at an operand has been read: it is the same as what has been
    /// evaluated last.
    repeated_until: usize,
    constants: Constants<'s>,
    /// Names whose values don't change.
    settled: HashSet<&'s str>,
    /// Names that stand for modules that load addons.
    loaders: HashMap<&'s str, &'static Convention>,
    /// Names that stand for scripts of the package.
    scripts: HashMap<&'s str, String>,
}

impl<'s> Script<'s> {
    /// The script in `folder` with these blocks and settled names; `guarded` when an error in it is
    /// swallowed by one that requires it.
    pub(super) fn new(
        folder: &'s str,
        blocks: Blocks,
        constants: Constants<'s>,
        guarded: bool,
        depth: usize,
    ) -> Script<'s> {
        let settled = constants.keys().copied().collect();
        Script {
            folder,
            blocks,
            guarded,
            depth,
            repeated_until: 0,
            constants,
            settled,
            loaders: HashMap::new(),
            scripts: HashMap::new(),
        }
    }

    fn evaluate(&self, reader: &dyn Follow, tokens: &[Token<'_>]) -> Evaluated {
        evaluate(tokens, self.scope(reader.host(), reader.work()))
    }

    fn scope<'t>(&'t self, host: Option<Host<'t>>, work: &'t Work) -> Scope<'t, 's> {
        Scope { constants: &self.constants, host, work }
    }

    /// Tells `reader` what it says.
    pub(super) fn read(&mut self, reader: &mut dyn Follow, tokens: &'s [Token<'s>]) -> Flow {
        let mut index = 0;
        while index < tokens.len() {
            if reader.work().is_spent() {
                return Flow::Stop;
            }
            if let Some(end) = self.blocks.idle_until(index) {
                index = end;
                continue;
            }
            let guarded = self.guarded || self.blocks.is_guarded(index);
            let (flow, used) = self.token(reader, tokens, index, guarded);
            if flow == Flow::Stop {
                return Flow::Stop;
            }
            index += used.max(1);
        }
        Flow::On
    }

    /// Reads what begins at `index`; says how many tokens it took.
    fn token(
        &mut self,
        reader: &mut dyn Follow,
        tokens: &'s [Token<'s>],
        index: usize,
        guarded: bool,
    ) -> (Flow, usize) {
        let rest = &tokens[index..];
        let before = index.checked_sub(1).and_then(|index| tokens.get(index));
        match rest {
            [Token::Word("import" | "export"), ..]
                if before != Some(&Token::Mark('.')) && rest.get(1) != Some(&Token::Mark('.')) =>
            {
                self.import(reader, rest, guarded)
            }
            [Token::Word(word), Token::Mark('('), ..] if is_require(word) => {
                self.require(reader, tokens, index, guarded)
            }
            [Token::Word("createRequire"), Token::Mark('('), ..] => {
                let end = end_of_call(rest, 1);
                reader.work().spend(end / 8);
                let called = rest.get(end) == Some(&Token::Mark('('));
                if called {
                    self.require(reader, tokens, index + end - 1, guarded)
                } else {
                    (Flow::On, end)
                }
            }
            [Token::Word(name), ..]
                if self.loaders.contains_key(name) && before != Some(&Token::Mark('.')) =>
            {
                let loader = self.loaders[name];
                // "bindings_1.default)(", "preGyp.find("
                let mut at = past_members(rest, 1);
                if rest.get(at) == Some(&Token::Mark(')')) {
                    at += 1;
                }
                if rest.get(at) != Some(&Token::Mark('(')) {
                    return (Flow::On, 1);
                }
                (self.call(reader, loader, &rest[at..], guarded), at)
            }
            [
                Token::Word(name),
                Token::Mark('='),
                Token::Word(word),
                Token::Mark('('),
                Token::Text(path),
                Token::Mark(')'),
                ..,
            ] if is_require(word) && path.starts_with('.') => {
                self.scripts.extend(resolved(self.folder, path).map(|path| (*name, path)));
                (Flow::On, 2)
            }
            [Token::Word(name), Token::Mark('='), value @ ..]
                if before != Some(&Token::Mark('.')) =>
            {
                if let Some(loader) = self.wrapped_loader(value) {
                    self.loaders.insert(name, loader);
                }
                if !self.settled.contains(name) {
                    let values = self.evaluate(reader, value).values;
                    self.note(name, values);
                }
                (Flow::On, 2)
            }
            // "name += '-musl'": it may run, or not.
            [Token::Word(name), Token::Mark('+'), Token::Mark('='), more @ ..] => {
                let known = self.constants.get(name).cloned().unwrap_or_default();
                let more = self.evaluate(reader, more).values;
                self.note(name, product(known, more, ""));
                (Flow::On, 3)
            }
            [Token::Text(_) | Token::Template(_) | Token::Word(_), ..]
                if begins_expression(before) =>
            {
                let (flow, used) = if index < self.repeated_until {
                    (Flow::On, 0)
                } else {
                    let (flow, used, repeated) = self.text(reader, rest, false, guarded);
                    self.repeated_until = index + repeated;
                    (flow, used)
                };
                let used = used.max(1);
                if let (Flow::On, [Token::Template(parts), ..]) = (flow, rest) {
                    // The blocks are counted in tokens of the script around it.
                    let blocks = std::mem::take(&mut self.blocks);
                    let repeated_until = std::mem::take(&mut self.repeated_until);
                    let outer = std::mem::replace(&mut self.guarded, guarded);
                    let expressions = parts.iter().filter_map(|part| match part {
                        Part::Expression(inner) => Some(inner),
                        Part::Text(_) => None,
                    });
                    let stopped =
                        expressions.into_iter().any(|inner| self.read(reader, inner) == Flow::Stop);
                    self.blocks = blocks;
                    self.repeated_until = repeated_until;
                    self.guarded = outer;
                    if stopped {
                        return (Flow::Stop, used);
                    }
                }
                (flow, used)
            }
            _ => (Flow::On, 1),
        }
    }

    /// Adds values that a name can have.
    fn note(&mut self, name: &'s str, values: Vec<Value>) {
        if self.constants.len() >= MOST_CONSTANTS {
            return;
        }
        let known = self.constants.remove(name).unwrap_or_default();
        // What isn't known counts only beside something that is: "detect() || 'glibc'".
        let is_known = values.iter().any(Value::is_known_text);
        let values = first_of(known.into_iter().chain(values.into_iter().filter(|_| is_known)));
        if !values.is_empty() {
            self.constants.insert(name, values);
        }
    }

    /// The loader in "_interopRequireDefault(_bindings)", as Babel wraps what it has imported.
    fn wrapped_loader(&self, value: &[Token<'_>]) -> Option<&'static Convention> {
        match value {
            [Token::Word(wrapper), Token::Mark('('), Token::Word(name), Token::Mark(')'), ..]
                if wrapper.contains("interop") || wrapper.contains("__import") =>
            {
                self.loaders.get(name).copied()
            }
            _ => None,
        }
    }

    /// `import x from 'y'`, `import 'y'`, `import('y')`, `export * from 'y'`
    fn import(
        &mut self,
        reader: &mut dyn Follow,
        rest: &'s [Token<'s>],
        guarded: bool,
    ) -> (Flow, usize) {
        if rest.get(1) == Some(&Token::Mark('(')) {
            return self.require(reader, rest, 0, guarded);
        }
        let is_export = rest.first() == Some(&Token::Word("export"));
        if is_export && !matches!(rest.get(1), Some(Token::Mark('*' | '{'))) {
            return (Flow::On, 1);
        }
        let mut names = Vec::new();
        for (index, token) in rest.iter().enumerate().skip(1).take(400) {
            match token {
                Token::Word(name) => names.push(*name),
                Token::Mark('*' | '{' | '}' | ',') => {}
                Token::Text(specifier) => {
                    let is_source = index == 1 || names.last() == Some(&"from");
                    return if is_source {
                        (self.specifier(reader, specifier, &names, guarded), index + 1)
                    } else {
                        (Flow::On, 1)
                    };
                }
                _ => break,
            }
        }
        (Flow::On, 1)
    }

    /// `require(…)` at `index`.
    fn require(
        &mut self,
        reader: &mut dyn Follow,
        tokens: &'s [Token<'s>],
        index: usize,
        guarded: bool,
    ) -> (Flow, usize) {
        let rest = &tokens[index..];
        let [_, _, Token::Text(specifier), Token::Mark(')'), after @ ..] = rest else {
            let Some(argument) = rest.get(2..) else { return (Flow::On, 1) };
            let (flow, used, _) = self.text(reader, argument, true, guarded);
            return (flow, used + 2);
        };
        let Some(loader) = loader_named(specifier) else {
            return (self.specifier(reader, specifier, &[], guarded), 4);
        };
        if *loader == Convention::RequireAddon {
            // Called as a method: "require.addon('.', __filename)".
            let mention =
                Mention::Loader { loader, folder: self.folder.to_owned(), arguments: Vec::new() };
            return (reader.tell(mention, guarded), 4);
        }
        // Called at once, perhaps by a method: "require('x').find(…)".
        let mut at = past_members(after, 0);
        // "(await import('x')).default(…)"
        if after.get(at) == Some(&Token::Mark(')')) && after.get(at + 1) == Some(&Token::Mark('.'))
        {
            at = past_members(after, at + 1);
        }
        if after.get(at) == Some(&Token::Mark('(')) {
            return (self.call(reader, loader, &after[at..], guarded), 4 + at);
        }
        for name in assigned_names(&tokens[..index]) {
            self.loaders.insert(name, loader);
        }
        (Flow::On, 4)
    }

    /// A call of a loader, from its parenthesis on.
    fn call(
        &mut self,
        reader: &mut dyn Follow,
        loader: &'static Convention,
        rest: &[Token<'_>],
        guarded: bool,
    ) -> Flow {
        let mut arguments = Vec::new();
        let end = end_of_call(rest, 0);
        reader.work().spend(end / 8);
        let mut at = 1;
        while at + 1 < end && arguments.len() < MOST_ARGUMENTS {
            let mut argument = Argument::default();
            let length = match &rest[at..] {
                [Token::Mark('{'), ..] => {
                    let length = end_of_call(rest, at) - at;
                    for (offset, window) in rest[at..at + length].windows(2).enumerate() {
                        if let [Token::Word(key), Token::Mark(':')] = window {
                            let values = self.evaluate(reader, &rest[at + offset + 2..]).values;
                            argument.fields.extend(
                                values
                                    .into_iter()
                                    .next()
                                    .map(|value| ((*key).to_owned(), value.into_text())),
                            );
                        }
                    }
                    length
                }
                [
                    Token::Word(word),
                    Token::Mark('('),
                    Token::Text(path),
                    Token::Mark(')'),
                    Token::Mark(',' | ')'),
                    ..,
                ] if is_require(word) => {
                    argument.required = resolved(self.folder, path);
                    4
                }
                [Token::Word(name), Token::Mark(',' | ')'), ..]
                    if self.scripts.contains_key(name) =>
                {
                    argument.required = self.scripts.get(name).cloned();
                    1
                }
                inner => {
                    let Evaluated { values, used, .. } = self.evaluate(reader, inner);
                    argument.values = values.into_iter().map(Value::into_text).collect();
                    used.max(1)
                }
            };
            arguments.push(argument);
            at += length;
            while at + 1 < end && rest[at] != Token::Mark(',') {
                at += 1;
            }
            at += 1;
        }
        let mention = Mention::Loader { loader, folder: self.folder.to_owned(), arguments };
        reader.tell(mention, guarded)
    }

    /// A module that is required or imported by its full name.
    fn specifier(
        &mut self,
        reader: &mut dyn Follow,
        specifier: &str,
        names: &[&'s str],
        guarded: bool,
    ) -> Flow {
        if let Some(loader) = loader_named(specifier) {
            for name in
                names.iter().filter(|name| !matches!(**name, "from" | "as" | "default" | "type"))
            {
                self.loaders.insert(name, loader);
            }
            return Flow::On;
        }
        if specifier.starts_with('.') {
            let Some(path) = resolved(self.folder, specifier) else { return Flow::On };
            return reader.resolve(&path, guarded, self.depth + 1);
        }
        reader.tell(Mention::Package(specifier.to_owned()), guarded)
    }

    /// An expression that may be a path; also says how many tokens it took, none where it isn't
    /// known, and [`Evaluated::repeated_until`].
    fn text(
        &mut self,
        reader: &mut dyn Follow,
        rest: &[Token<'_>],
        required: bool,
        guarded: bool,
    ) -> (Flow, usize, usize) {
        let Evaluated { values, used, repeated_until } = self.evaluate(reader, rest);
        let mut known = false;
        for value in values.into_iter().filter(Value::is_known_text).map(Value::into_text) {
            if !(required || value.contains('/') || value.contains(".node")) {
                continue;
            }
            known = true;
            reader.work().spend_bytes(64 + 8 * value.len());
            let is_path = value.starts_with('.')
                || value.starts_with(FOLDER)
                || value.starts_with(GAP)
                || value.starts_with('/');
            let flow = if required && !is_path {
                reader.tell(Mention::Package(value), guarded)
            } else {
                match resolved(self.folder, &value) {
                    // A script, chosen by a condition.
                    Some(path) if required && !path.contains(GAP) => {
                        reader.resolve(&path, guarded, self.depth + 1)
                    }
                    Some(path) => reader.tell(Mention::Path { path, required }, guarded),
                    None => Flow::On,
                }
            };
            if flow == Flow::Stop {
                return (Flow::Stop, used, repeated_until);
            }
        }
        // Inside of what isn't known there may be more.
        (Flow::On, if known { used } else { 0 }, repeated_until)
    }
}

/// The index behind `.a.b` at `at`.
fn past_members(tokens: &[Token<'_>], mut at: usize) -> usize {
    while let (Some(Token::Mark('.')), Some(Token::Word(_))) = (tokens.get(at), tokens.get(at + 1))
    {
        at += 2;
    }
    at
}

fn is_require(word: &str) -> bool {
    word != "createRequire"
        && (word.ends_with("require") || word.ends_with("Require") || word == "require_")
}

/// The names that what follows is assigned to: "x = require(…)", "x = __importDefault(require(…))",
/// "{ find } = require(…)".
fn assigned_names<'a>(before: &[Token<'a>]) -> Vec<&'a str> {
    const FURTHEST: usize = 40;
    let mut back = before.iter().rev().take(FURTHEST);
    if back.by_ref().take(4).all(|token| *token != Token::Mark('=')) {
        return Vec::new();
    }
    match back.next() {
        Some(Token::Word(name)) => vec![name],
        Some(Token::Mark('}')) => back
            .take_while(|token| **token != Token::Mark('{'))
            .filter_map(|token| if let Token::Word(name) = token { Some(*name) } else { None })
            .collect(),
        _ => Vec::new(),
    }
}

fn loader_named(specifier: &str) -> Option<&'static Convention> {
    match specifier {
        "cmake-ts/build/loader" => Some(&Convention::CmakeTs),
        "pkg-prebuilds/bindings" => Some(&Convention::PkgPrebuilds),
        // Forks keep the name.
        _ if specifier.ends_with("/node-pre-gyp") => Some(&Convention::NodePreGyp),
        _ if specifier.ends_with("node-pre-gyp/lib/pre-binding") => Some(&Convention::NodePreGyp),
        _ if specifier.ends_with("/node-gyp-build") => Some(&Convention::NodeGypBuild),
        _ => LOADERS.iter().find(|(module, _)| *module == specifier).map(|(_, loader)| loader),
    }
}

/// The index behind the bracket that closes the one at `open`.
fn end_of_call(tokens: &[Token<'_>], open: usize) -> usize {
    const LONGEST: usize = 2000;
    past_bracket(tokens, open, LONGEST).unwrap_or(tokens.len().min(open + LONGEST))
}
