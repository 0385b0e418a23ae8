//! The names of a script whose values are known before the script is read in order: names that
//! are set once, parameters of functions that are always called with known values, elements of
//! lists that a loop goes through; and the results of functions without parameters.

use std::collections::HashMap;

use super::evaluate::evaluate;
use super::host::Host;
use super::syntax::{Declaration, Expression, Function, Link, Loop, Node, Statement, Tree, walk};
use super::value::{Constants, Scope, Value, first_of};
use super::work::Work;

/// The maximum number of names, and of functions, of one script.
const MAX: usize = 2000;
/// A name can be set from a name that is set further down.
const ROUNDS: usize = 2;

#[derive(Default)]
struct Finder<'t> {
    constants: Constants<'t>,
    /// How often each name is set.
    set: HashMap<&'t str, usize>,
    /// The parameters of functions that have a name.
    functions: HashMap<&'t str, Vec<&'t str>>,
    /// How often each name is the name of a function.
    defined: HashMap<&'t str, usize>,
}

/// The values of names that have the same values wherever they are visible.
#[must_use]
pub fn constants<'t>(tree: &Tree<'t>, host: Option<Host<'_>>, work: &Work) -> Constants<'t> {
    let mut finder = Finder::default();
    walk(&tree.statements, &mut |node| {
        finder.count(node);
        true
    });
    for _ in 0..ROUNDS {
        finder.round(tree, host, work);
    }
    finder.constants
}

impl<'t> Finder<'t> {
    /// Counts how often names are set, and finds the functions.
    fn count(&mut self, node: Node<'_, 't>) {
        if self.set.len() >= MAX || self.functions.len() >= MAX {
            return;
        }
        match node {
            Node::Statement(Statement::Function(function)) => self.function(None, function),
            Node::Statement(Statement::Declare(declarations)) => {
                for declaration in declarations {
                    if !matches!(declaration.value, Expression::Missing) {
                        self.count_target(&declaration.target);
                    }
                    self.count_value(&declaration.target, &declaration.value);
                }
            }
            Node::Statement(Statement::Loop(one)) => {
                if let Some(name) = one.name {
                    self.note(name);
                }
            }
            Node::Expression(Expression::Assignment(assignment)) => {
                for (target, _) in &assignment.targets {
                    self.count_target(target);
                    self.count_value(target, &assignment.value);
                }
            }
            Node::Expression(Expression::Function(function)) => {
                self.function(function.name, function);
            }
            _ => {}
        }
    }

    fn count_target(&mut self, target: &Expression<'t>) {
        if let Expression::Name(name) = target {
            self.note(name);
        }
    }

    /// Gives a function the name that it is assigned to.
    fn count_value(&mut self, target: &Expression<'t>, value: &Expression<'t>) {
        if let (Expression::Name(name), Expression::Function(function)) = (target, value)
            && function.name.is_none()
        {
            self.define(name, plain_parameters(function));
        }
    }

    fn define(&mut self, name: &'t str, parameters: Vec<&'t str>) {
        self.functions.insert(name, parameters);
        *self.defined.entry(name).or_default() += 1;
    }

    fn note(&mut self, name: &'t str) {
        *self.set.entry(name).or_default() += 1;
    }

    fn function(&mut self, name: Option<&'t str>, function: &Function<'t>) {
        let parameters = plain_parameters(function);
        for parameter in &parameters {
            self.note(parameter);
        }
        if let Some(name) = function.name.or(name) {
            self.define(name, parameters);
        }
    }

    /// Evaluates what is set once.
    fn round(&mut self, tree: &Tree<'t>, host: Option<Host<'_>>, work: &Work) {
        let mut given: HashMap<&'t str, Option<Vec<Value>>> = HashMap::new();
        walk(&tree.statements, &mut |node| {
            if work.is_spent() {
                return false;
            }
            match node {
                Node::Statement(Statement::Declare(declarations)) => {
                    for Declaration { target, value } in declarations {
                        self.assign(target, value, host, work);
                        if let (Expression::Name(name), Expression::Function(function)) =
                            (target, value)
                        {
                            self.result(name, function, host, work);
                        }
                    }
                }
                Node::Statement(Statement::Function(function)) => {
                    if let Some(name) = function.name {
                        self.result(name, function, host, work);
                    }
                }
                Node::Statement(Statement::Loop(one)) => {
                    if let Loop { name: Some(name), list: Some(list), .. } = one.as_ref() {
                        let list = self.evaluate(list, host, work);
                        self.settle(name, elements(list));
                    }
                }
                Node::Expression(Expression::Assignment(one)) => {
                    for (target, operator) in &one.targets {
                        if *operator == "=" {
                            self.assign(target, &one.value, host, work);
                        }
                    }
                }
                Node::Expression(Expression::Chain(chain)) => {
                    match (&chain.head, chain.links.as_slice()) {
                        (
                            Expression::Name(list),
                            [Link::Member(method), Link::Call(arguments), ..],
                        ) if goes_through(method) => {
                            let list = self.constants.names.get(list).cloned().unwrap_or_default();
                            if let Some(Expression::Function(function)) = arguments.first()
                                && let Some(Expression::Name(name)) = function.parameters.first()
                            {
                                self.settle(name, elements(list));
                            }
                        }
                        (Expression::Name(name), [Link::Call(arguments), ..]) => {
                            self.call(name, arguments, host, work, &mut given);
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
            true
        });
        for (name, values) in given {
            self.settle(name, values.unwrap_or_default());
        }
    }

    fn evaluate(
        &self,
        expression: &Expression<'_>,
        host: Option<Host<'_>>,
        work: &Work,
    ) -> Vec<Value> {
        let scope = Scope { constants: &self.constants, host, work };
        evaluate(expression, scope).unwrap_or_default()
    }

    fn assign(
        &mut self,
        target: &Expression<'t>,
        value: &Expression<'t>,
        host: Option<Host<'_>>,
        work: &Work,
    ) {
        if let Expression::Name(name) = target
            && self.is_set_once(name)
        {
            let values = self.evaluate(value, host, work);
            self.settle(name, values);
        }
    }

    fn is_set_once(&self, name: &str) -> bool {
        self.set.get(name) == Some(&1)
    }

    fn settle(&mut self, name: &'t str, values: Vec<Value>) {
        if self.is_set_once(name) && are_known(&values) {
            self.constants.names.insert(name, values);
        }
    }

    /// Evaluates what a function without parameters returns, if it does nothing before that but
    /// declare names.
    fn result(
        &mut self,
        name: &'t str,
        function: &Function<'t>,
        host: Option<Host<'_>>,
        work: &Work,
    ) {
        let [before @ .., Statement::Return(value)] = function.body.as_slice() else { return };
        let is_plain = function.parameters.is_empty()
            && before.iter().all(|statement| matches!(statement, Statement::Declare(_)));
        let is_set = self.set.get(name).copied().unwrap_or_default() > 1;
        if is_plain && !is_set && self.defined.get(name) == Some(&1) {
            let values = self.evaluate(value, host, work);
            if are_known(&values) {
                self.constants.results.insert(name, values);
            }
        }
    }

    /// Adds the arguments of a call to the values of the function's parameters.
    fn call(
        &self,
        name: &str,
        arguments: &[Expression<'t>],
        host: Option<Host<'_>>,
        work: &Work,
        given: &mut HashMap<&'t str, Option<Vec<Value>>>,
    ) {
        let Some(parameters) = self.functions.get(name) else { return };
        for (index, parameter) in parameters.iter().enumerate() {
            let values = arguments
                .get(index)
                .map(|argument| self.evaluate(argument, host, work))
                .unwrap_or_default();
            let known = given.entry(parameter).or_insert_with(|| Some(Vec::new()));
            *known = match known.take() {
                Some(before) if !values.is_empty() => {
                    Some(first_of(before.into_iter().chain(values)))
                }
                _ => None,
            };
        }
    }
}

fn are_known(values: &[Value]) -> bool {
    let is_known = |value: &Value| !matches!(value, Value::Text(_)) || value.is_known_text();
    !values.is_empty() && values.iter().all(is_known)
}

/// The parameters up to the first that isn't a plain name.
fn plain_parameters<'t>(function: &Function<'t>) -> Vec<&'t str> {
    let name = |parameter: &Expression<'t>| match parameter {
        Expression::Name(name) => Some(*name),
        _ => None,
    };
    function.parameters.iter().map_while(name).collect()
}

/// True for methods of lists that call a function with each element.
fn goes_through(method: &str) -> bool {
    matches!(method, "every" | "filter" | "find" | "flatMap" | "forEach" | "map" | "some")
}

/// The values of a name that goes through a list.
fn elements(list: Vec<Value>) -> Vec<Value> {
    match list.into_iter().next() {
        Some(Value::List(elements)) => first_of(elements.into_iter().map(Value::Text)),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::host::Host;
    use super::super::syntax::{parse, tokens};
    use super::super::value::Value;
    use super::super::work::Work;
    use super::constants;
    use crate::runtime::test_host;

    #[test]
    fn names_with_a_single_assignment_have_known_values() {
        let runtime = test_host();
        for (script, name, expected) in [
            ("const a = 'x' + b; const b = 'y'", "a", vec!["xy"]),
            ("let a = 'x'; a = 'y'", "a", vec![]),
            ("let a = 'x'; a += 'y'", "a", vec![]),
            ("const paths = ['x', 'y']; for (const a of paths) {}", "a", vec!["x", "y"]),
            ("let a; for (a of ['x', 'y']) {}", "a", vec!["x", "y"]),
            ("let a = 'z'; for (a of ['x', 'y']) {}", "a", vec![]),
            ("let a; for (a in ['x', 'y']) {}", "a", vec![]),
            ("const paths = ['x', 'y']; paths.map((a) => a)", "a", vec!["x", "y"]),
            ("function load(a) { return a } load('x'); load('y')", "a", vec!["x", "y"]),
            ("function load(a) { return a } load('x'); load(unknown)", "a", vec![]),
            ("const load = (a, b) => b; load(1, 'x')", "b", vec!["x"]),
            ("function load(a) {} function other(a) {} load('x')", "a", vec![]),
            ("exports.a = 'x'", "a", vec![]),
            ("function f() { return 'x' + b } const b = 'y'", "f()", vec!["xy"]),
            ("const f = () => b; const b = 'y'", "f()", vec!["y"]),
            ("function f() { const b = 'y'; return b }", "f()", vec!["y"]),
            ("function f() { if (z) return 'x'; return 'y' }", "f()", vec![]),
            ("function f(a) { return 'x' }", "f()", vec![]),
            ("function f() { return 'x' } function f() { return 'y' }", "f()", vec![]),
            ("let f = () => 'x'; f = () => 'y'", "f()", vec![]),
            ("function f() { return unknown }", "f()", vec![]),
            ("let a = 'x'; a ??= 'y'", "a", vec![]),
            ("const a = 'x' in b ? b.x : null", "a", vec![]),
            ("const a = 'x' * 2", "a", vec![]),
        ] {
            let tokens = tokens(script);
            let found = constants(&parse(&tokens), Some(Host::new(&runtime)), &Work::default());
            let known = match name.strip_suffix("()") {
                Some(function) => found.results.get(function),
                None => found.names.get(name),
            };
            let found: Vec<_> =
                known.cloned().unwrap_or_default().into_iter().map(Value::into_text).collect();
            assert_eq!(found, expected, "{script}");
        }
    }
}
