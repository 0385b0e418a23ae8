//! Which errors of a `try` a script swallows: it has something to fall back to.

use std::collections::HashSet;

use super::dead_code::{Look, branches, contains, throws};
use super::state::Thrown;
use super::syntax::{
    Expression, Link, Node, Statement, Try, walk, walk_expression, walk_statement,
};
use super::value::Scope;

impl<'t> Thrown<'t> {
    /// Reads a whole script.
    pub fn read(statements: &[Statement<'t>], scope: Scope<'_, '_>) -> Thrown<'t> {
        let mut thrown = Thrown::default();
        statements.iter().for_each(|statement| thrown.add(statement, true, scope));
        thrown
    }

    fn add(&mut self, statement: &Statement<'t>, is_live: bool, scope: Scope<'_, '_>) {
        let mut steps = 0usize;
        walk_statement(statement, &mut |node| {
            steps += 1;
            if steps.is_multiple_of(8) && !scope.work.spend(1) {
                return false;
            }
            match node {
                Node::Statement(Statement::Throw(value)) => {
                    let names = if is_live { &mut self.live } else { &mut self.elsewhere };
                    add_names(value, names);
                    true
                }
                Node::Expression(class @ Expression::Class(_)) => {
                    add_names(class, &mut self.elsewhere);
                    false
                }
                Node::Statement(Statement::If { arms, otherwise }) => {
                    let live = branches(arms, otherwise.as_deref(), scope).live;
                    let bodies = arms.iter().map(|(_, body)| body).chain(otherwise.as_deref());
                    for body in bodies {
                        let is_live_body = live.iter().any(|live| std::ptr::eq(*live, body));
                        self.add(body, is_live && is_live_body, scope);
                    }
                    false
                }
                _ => true,
            }
        });
    }

    /// True if an error that a script keeps under this name is known not to be thrown while the
    /// script runs.
    fn spares(&self, name: &str) -> bool {
        self.elsewhere.contains(name) && !self.live.contains(name)
    }
}

fn add_names<'t>(expression: &Expression<'t>, names: &mut HashSet<&'t str>) {
    walk_expression(expression, &mut |node| {
        if let Node::Expression(Expression::Name(name)) = node {
            names.insert(name);
        }
        true
    });
}

/// True if the `catch` drops the error, and no statement after it in the same block (`rest`) throws
/// instead.
pub fn swallows(
    one: &Try<'_>,
    rest: &[Statement<'_>],
    thrown: &Thrown<'_>,
    scope: Scope<'_, '_>,
) -> bool {
    let Some(handler) = &one.handler else { return false };
    let keeps = || one.error.map_or(Kept::Dropped, |error| kept(handler, error));
    !throws(handler, scope)
        && match keeps() {
            Kept::Dropped => true,
            Kept::As(name) => thrown.spares(name),
            Kept::Somewhere => false,
        }
        && !throws(rest, scope)
}

/// True if a statement contains a `try` outside of functions.
pub fn has_try(statement: &Statement<'_>, scope: Scope<'_, '_>) -> bool {
    contains(statement, scope, |node| match node {
        Node::Statement(Statement::Try(_)) => Look::Found,
        Node::Statement(Statement::Function(_)) | Node::Expression(_) => Look::Past,
        Node::Statement(_) => Look::Inside,
    })
}

/// What a `catch` does with its error.
#[derive(Clone, Copy, PartialEq)]
enum Kept<'t> {
    Dropped,
    /// It is the value of a name, or in the list of this name.
    As(&'t str),
    Somewhere,
}

/// Whether a `catch` keeps its error for later: `errors.push(error)`, `last = error`.
fn kept<'t>(handler: &[Statement<'t>], error: &str) -> Kept<'t> {
    let mut found = Kept::Dropped;
    let named = |target: &Expression<'t>| match target {
        Expression::Name(name) => Kept::As(name),
        _ => Kept::Somewhere,
    };
    walk(handler, &mut |node| {
        match node {
            Node::Statement(Statement::Declare(declarations))
                if declarations.iter().any(|one| begins_with(&one.value, error)) =>
            {
                found = Kept::Somewhere;
            }
            Node::Expression(Expression::Assignment(assignment))
                if begins_with(&assignment.value, error) =>
            {
                found = match assignment.targets.as_slice() {
                    [(target, _)] => named(target),
                    _ => Kept::Somewhere,
                };
            }
            Node::Expression(Expression::Chain(chain)) => {
                let is_kept = chain.links.windows(2).any(|pair| match pair {
                    [Link::Member("push"), Link::Call(arguments)] => {
                        arguments.first().is_some_and(|argument| begins_with(argument, error))
                    }
                    _ => false,
                });
                if is_kept {
                    found =
                        if chain.links.len() == 2 { named(&chain.head) } else { Kept::Somewhere };
                }
            }
            _ => {}
        }
        found == Kept::Dropped
    });
    found
}

/// True for `name`, `name.message`, `name || other` and `name instanceof Error ? name : other`.
fn begins_with(expression: &Expression<'_>, name: &str) -> bool {
    match expression {
        Expression::Name(found) => *found == name,
        Expression::Chain(chain) => chain.begins(&[name]),
        Expression::Operation(operation) => begins_with(&operation.first, name),
        Expression::Conditional(choice) => {
            choice.arms.first().is_some_and(|(test, _)| begins_with(test, name))
        }
        _ => false,
    }
}
