//! What is known of one script while it is read: the values of its names so far, and what they
//! stand for.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::evaluate::{evaluate, holds};
use super::loads::{Loads, is_require, loader_named, required_text};
use super::said::{Argument, Flow, Follow, Mention, resolved};
use super::syntax::{Expression, Link, Node, walk_expression};
use super::value::{Constants, FOLDER, GAP, Scope, Value, first_of};
use crate::model::Convention;

/// The maximum number of names with values.
const MAX_CONSTANTS: usize = 2000;
/// The maximum number of arguments of a call that are reported.
const MAX_ARGUMENTS: usize = 8;

/// Whether the reader continues. `Break`: the listener knows enough, or the script costs too much.
pub(super) type Step<T = ()> = ControlFlow<(), T>;

/// Names whose values are thrown when a script runs, and names that only others use: a class, or a
/// branch for another system.
#[derive(Debug, Default)]
pub(super) struct Thrown<'t> {
    pub(super) live: HashSet<&'t str>,
    pub(super) elsewhere: HashSet<&'t str>,
}

/// One script while it is read. `'s`: the tokens of the script.
pub(super) struct Script<'s> {
    /// The folder of the script, relative to the package.
    pub(super) folder: &'s str,
    /// How many scripts lead to this one.
    pub(super) depth: usize,
    /// Names that have the same values everywhere.
    pub(super) settled: Constants<'s>,
    /// These names, and the values that others were given so far.
    pub(super) constants: Constants<'s>,
    /// What its names stand for.
    pub(super) loads: Loads<'s>,
    /// The names under which errors are kept and thrown.
    pub(super) thrown: Thrown<'s>,
    /// The script throws after the statement that is read, if what it tries has failed.
    pub(super) fails_later: bool,
    /// Its functions aren't called on this system.
    pub(super) leaves_functions_out: bool,
    /// Texts are part of an expression that has been reported as a whole.
    is_muted: bool,
}

impl<'s> Script<'s> {
    pub(super) fn new(folder: &'s str, settled: Constants<'s>, depth: usize) -> Script<'s> {
        Script {
            folder,
            depth,
            constants: settled.clone(),
            settled,
            loads: Loads::default(),
            thrown: Thrown::default(),
            fails_later: false,
            leaves_functions_out: false,
            is_muted: false,
        }
    }

    /// The values of an expression.
    pub(super) fn values(&self, reader: &dyn Follow, expression: &Expression<'_>) -> Vec<Value> {
        let scope = Scope { constants: &self.constants, host: reader.host(), work: reader.work() };
        evaluate(expression, scope).unwrap_or_default()
    }

    /// What dead code is found with: only names that have the same values everywhere.
    pub(super) fn settled_scope<'r>(&'r self, reader: &'r dyn Follow) -> Scope<'r, 's> {
        Scope { constants: &self.settled, host: reader.host(), work: reader.work() }
    }

    /// Whether a condition holds on the system. None if that isn't known.
    pub(super) fn is_known(&self, reader: &dyn Follow, test: &Expression<'s>) -> Option<bool> {
        let scope = self.settled_scope(reader);
        scope.host.and_then(|_| holds(test, scope))
    }

    /// Adds values that a name can have.
    pub(super) fn note(&mut self, name: &'s str, values: Vec<Value>) {
        if self.constants.names.len() >= MAX_CONSTANTS {
            return;
        }
        let known = self.constants.names.remove(name).unwrap_or_default();
        // An unknown value counts only beside a known one: "detect() || 'glibc'".
        let is_known = values.iter().any(Value::is_known_text);
        let values = first_of(known.into_iter().chain(values.into_iter().filter(|_| is_known)));
        if !values.is_empty() {
            self.constants.names.insert(name, values);
        }
    }

    /// Reports an expression that may be a path, or the argument of `require`. False if nothing is
    /// known of its value.
    pub(super) fn report(
        &mut self,
        reader: &mut dyn Follow,
        expression: &Expression<'s>,
        required: bool,
        guarded: bool,
    ) -> Step<bool> {
        if self.is_muted && !required {
            return Step::Continue(false);
        }
        let mut is_known = false;
        let values = self.values(reader, expression);
        for value in values.into_iter().filter(Value::is_known_text).map(Value::into_text) {
            if !(required || value.contains('/') || value.contains(".node")) {
                continue;
            }
            is_known = true;
            reader.work().spend_bytes(64 + 8 * value.len());
            let is_path = value.starts_with('.')
                || value.starts_with(FOLDER)
                || value.starts_with(GAP)
                || value.starts_with('/');
            let flow = if required && !is_path {
                reader.tell(Mention::Package(value), guarded)
            } else {
                match resolved(self.folder, &value) {
                    // A script that a condition chooses.
                    Some(path) if required && !path.contains(GAP) => {
                        reader.resolve(&path, guarded, self.depth + 1)
                    }
                    Some(path) => reader.tell(Mention::Path { path, required }, guarded),
                    None => Flow::On,
                }
            };
            step(flow)?;
        }
        Step::Continue(is_known)
    }

    /// True if an expression requires something: its parts are read in their order.
    pub(super) fn has_load(&self, reader: &dyn Follow, expression: &Expression<'s>) -> bool {
        let mut found = false;
        let mut steps = 0usize;
        walk_expression(expression, &mut |node| {
            steps += 1;
            if found || (steps.is_multiple_of(8) && !reader.work().spend(1)) {
                return false;
            }
            match node {
                Node::Statement(_) | Node::Expression(Expression::Function(_)) => return false,
                Node::Expression(Expression::Chain(chain)) => {
                    found = self.loads.begin(chain)
                        || chain.links.windows(2).any(|pair| match pair {
                            [Link::Member(name), Link::Call(_)] => is_require(name),
                            _ => false,
                        });
                }
                _ => {}
            }
            !found
        });
        found
    }

    /// Reads a part of the script. `is_known`: its texts have been reported.
    pub(super) fn muted(
        &mut self,
        is_known: bool,
        reader: &mut dyn Follow,
        read: impl FnOnce(&mut Self, &mut dyn Follow) -> Step,
    ) -> Step {
        let was_muted = self.is_muted;
        self.is_muted |= is_known;
        let step = read(self, reader);
        self.is_muted = was_muted;
        step
    }

    /// A module that is required or imported by its full name; `names` stand for it.
    pub(super) fn specifier(
        &mut self,
        reader: &mut dyn Follow,
        specifier: &str,
        names: &[&'s str],
        guarded: bool,
    ) -> Step {
        if let Some(loader) = loader_named(specifier) {
            self.loads.loaders.extend(names.iter().map(|name| (*name, loader)));
            return Step::Continue(());
        }
        step(if let Some(path) = self.own_script(reader, specifier) {
            reader.resolve(&path, guarded, self.depth + 1)
        } else if specifier.starts_with('.') {
            Flow::On
        } else if specifier.starts_with('#') {
            reader
                .import(specifier)
                .map_or(Flow::On, |package| reader.tell(Mention::Package(package), guarded))
        } else {
            reader.tell(Mention::Package(specifier.to_owned()), guarded)
        })
    }

    /// The script of the same package that a specifier stands for.
    pub(super) fn own_script(&self, reader: &dyn Follow, specifier: &str) -> Option<String> {
        if specifier.starts_with('#') {
            // A target that is a path is relative to the package.
            return reader.import(specifier)?.strip_prefix("./").map(str::to_owned);
        }
        specifier.starts_with('.').then(|| resolved(self.folder, specifier))?
    }

    /// A call of a loader.
    pub(super) fn call(
        &mut self,
        reader: &mut dyn Follow,
        loader: &'static Convention,
        arguments: &[Expression<'s>],
        guarded: bool,
    ) -> Step {
        let arguments = arguments
            .iter()
            .take(MAX_ARGUMENTS)
            .map(|argument| self.argument(reader, argument))
            .collect();
        let mention = Mention::Loader { loader, folder: self.folder.to_owned(), arguments };
        step(reader.tell(mention, guarded))
    }

    fn argument(&self, reader: &dyn Follow, argument: &Expression<'s>) -> Argument {
        let texts = |value| self.values(reader, value).into_iter().map(Value::into_text);
        match argument {
            Expression::Object(properties) => {
                let field =
                    |key: Option<&str>, value| Some((key?.to_owned(), texts(value).next()?));
                let fields =
                    properties.iter().filter_map(|one| field(one.key, &one.value)).collect();
                Argument { fields, ..Argument::default() }
            }
            Expression::Name(name) if self.loads.scripts.contains_key(name) => {
                Argument { required: self.loads.scripts.get(name).cloned(), ..Argument::default() }
            }
            other => match required_text(other) {
                Some(path) => {
                    Argument { required: resolved(self.folder, path), ..Argument::default() }
                }
                None => Argument { values: texts(other).collect(), ..Argument::default() },
            },
        }
    }
}

/// The listener's answer as a step.
pub(super) fn step(flow: Flow) -> Step {
    match flow {
        Flow::On => Step::Continue(()),
        Flow::Stop => Step::Break(()),
    }
}
