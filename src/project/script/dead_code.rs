//! Which parts of a script don't run on a system: branches for other systems, and what follows a
//! `return` for this one.

use super::evaluate::{evaluate, holds};
use super::syntax::{Case, Expression, Node, Statement, Switch, walk_statement};
use super::value::{Scope, only_text};

/// What is known of an `if` with its `else if` and `else`.
#[derive(Debug)]
pub struct Branches<'x, 't> {
    /// The statements that may run.
    pub live: Vec<&'x Statement<'t>>,
    /// True if just one of them runs, and it is known which, or none.
    pub is_decided: bool,
}

/// The branches of an `if` that may run.
pub fn branches<'x, 't>(
    arms: &'x [(Expression<'t>, Statement<'t>)],
    otherwise: Option<&'x Statement<'t>>,
    scope: Scope<'_, '_>,
) -> Branches<'x, 't> {
    let mut branches = Branches { live: Vec::new(), is_decided: true };
    for (test, body) in arms {
        match holds(test, scope) {
            Some(false) => {}
            Some(true) => {
                branches.live.push(body);
                return branches;
            }
            None => {
                branches.live.push(body);
                branches.is_decided = false;
            }
        }
    }
    branches.live.extend(otherwise);
    branches
}

/// True if a statement that is all of an `if`'s decision ends with `return` or `throw`: nothing
/// behind the `if` runs.
pub fn leaves(branches: &Branches<'_, '_>) -> bool {
    branches.is_decided && branches.live.first().is_some_and(|statement| is_exit(statement))
}

fn is_exit(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::Return(_) | Statement::Throw(_) => true,
        Statement::Block(statements) => statements
            .iter()
            .any(|statement| matches!(statement, Statement::Return(_) | Statement::Throw(_))),
        _ => false,
    }
}

/// The cases of a `switch` that may run.
pub fn cases<'x, 't>(switch: &'x Switch<'t>, scope: Scope<'_, '_>) -> Vec<&'x Case<'t>> {
    let all = || switch.cases.iter().collect();
    let Some(host) = scope.host else { return all() };
    let values = evaluate(&switch.value, scope).unwrap_or_default();
    let value = only_text(&values);
    // For each case with a body whether it runs; None where that isn't known.
    let mut bodies: Vec<(&Case<'_>, Option<bool>)> = Vec::new();
    let mut default = None;
    let mut is_taken = Some(false);
    for case in &switch.cases {
        match &case.label {
            Some(label) => {
                let labels = evaluate(label, scope).unwrap_or_default();
                let is_named = match (only_text(&labels), value) {
                    (Some(label), Some(value)) => Some(label == value),
                    (Some(label), None) => host.is_named(label).filter(|fits| !fits),
                    _ => None,
                };
                is_taken = match (is_taken, is_named) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
            }
            None => default = Some(bodies.len()),
        }
        if !case.body.is_empty() {
            bodies.push((case, is_taken));
            is_taken = Some(false);
        }
    }
    let is_decided = bodies.iter().any(|(_, taken)| *taken == Some(true));
    let is_live = |(index, (case, taken)): (usize, (&'x Case<'t>, Option<bool>))| {
        let is_live = match taken {
            Some(true) => true,
            _ if is_decided => false,
            Some(false) => default == Some(index),
            None => true,
        };
        is_live.then_some(case)
    };
    bodies.into_iter().enumerate().filter_map(is_live).collect()
}

/// True if one of the statements throws or ends the process, outside of functions.
pub fn throws(statements: &[Statement<'_>], scope: Scope<'_, '_>) -> bool {
    for (index, statement) in statements.iter().enumerate() {
        // Each block of a hostile script could look at all small statements after it.
        if index % 8 == 7 && !scope.work.spend(1) {
            return false;
        }
        if statement_throws(statement, scope) {
            return true;
        }
    }
    false
}

fn statement_throws(statement: &Statement<'_>, scope: Scope<'_, '_>) -> bool {
    contains(statement, scope, |node| match node {
        Node::Statement(Statement::Throw(_)) => Look::Found,
        Node::Statement(Statement::Function(_))
        | Node::Expression(Expression::Function(_) | Expression::Class(_)) => Look::Past,
        // "if (process.env.NO_FALLBACK) { throw error }": the variable isn't set.
        Node::Statement(Statement::If { arms, otherwise }) => {
            let live = branches(arms, otherwise.as_deref(), scope).live;
            let throws = live.into_iter().any(|statement| statement_throws(statement, scope));
            if throws { Look::Found } else { Look::Past }
        }
        Node::Expression(Expression::Chain(chain)) if chain.begins(&["process", "exit"]) => {
            Look::Found
        }
        _ => Look::Inside,
    })
}

/// What a search does at a part of a statement.
pub enum Look {
    /// This is what is searched for.
    Found,
    /// It continues with the parts of this part.
    Inside,
    /// It leaves this part out.
    Past,
}

/// True if the search finds something in a statement, within the budget of the scope: a hostile
/// script could have every `try` look at the same million nodes.
pub fn contains<'x, 't>(
    statement: &'x Statement<'t>,
    scope: Scope<'_, '_>,
    mut look: impl FnMut(Node<'x, 't>) -> Look,
) -> bool {
    let mut found = false;
    let mut steps = 0usize;
    walk_statement(statement, &mut |node| {
        steps += 1;
        if found || (steps.is_multiple_of(8) && !scope.work.spend(1)) {
            return false;
        }
        let here = look(node);
        found = matches!(here, Look::Found);
        matches!(here, Look::Inside)
    });
    found
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::super::host::Host;
    use super::super::reader::ScriptReader;
    use super::super::said::{Flow, Mention};
    use crate::runtime::test_host;

    #[test]
    fn code_for_other_platforms_is_dead() {
        let runtime = test_host();
        for (script, expected) in [
            ("if (process.platform === 'win32') { require('x') }", true),
            ("if (process.platform === 'win32') require('x')", true),
            ("if (process.platform !== 'win32') { require('x') }", false),
            ("if (os.platform() == 'linux') { y() } else { require('x') }", true),
            ("if (os.platform() == 'linux') y(); else if (z) require('x')", true),
            ("if (osType === 'Windows_NT') { require('x') }", true),
            ("if (process.env.FORCE || os === 'win32' || os === 'darwin') { require('x') }", true),
            ("if (os === 'win32' || os === 'linux') { require('x') }", false),
            ("if (process.platform === 'linux' && process.arch === 'arm') { require('x') }", true),
            ("if (process.env.DEBUG) { require('x') }", true),
            ("if (!process.env.DEBUG) { require('x') }", false),
            ("if (ready) { require('x') }", false),
            (
                "if (!['darwin', 'win32'].includes(process.platform)) { throw new Error('no') } \
                    require('x')",
                true,
            ),
            (
                "function f() { if (process.platform !== 'win32') { throw new Error('no') }\n \
                    require('x') }",
                true,
            ),
            ("function f() { if (process.platform !== 'win32') return null\n require('x') }", true),
            (
                "function f() { if (process.platform !== 'linux') return null\n require('x') }",
                false,
            ),
            ("if (isLinux) a(); else if (isWindows) b(); else throw c; require('x')", false),
            ("if (y) a(); else if (isWindows) b(); else throw c; require('x')", false),
            ("function f() { if (y) if (isLinux) return null\n require('x') }", false),
            ("function f() { a()\n if (isLinux) return null\n require('x') }", true),
            ("function f() { if (isLinux) { if (y) return } require('x') }", false),
            ("if (isLinux) { return load() } function load() { require('x') }", false),
            ("const a = process.platform === 'win32' ? require('x') : undefined", true),
            ("const a = process.platform === 'linux' ? require('x') : undefined", false),
            ("const a = process.platform === 'win32' ? undefined : require('x')", false),
            ("const a = process.platform === 'linux' ? undefined : require('x')", true),
            ("const a = process.platform === 'linux' ? undefined : 1\n require('x')", false),
            ("const native = isWindows && require('x')('y')", true),
            ("const native = isLinux && require('x')('y')", false),
            ("const native = isWindows && y || require('x')", false),
            ("switch (process.platform) { case 'win32': require('x'); break; default: y() }", true),
            ("switch (process.platform) { case 'linux': y(); break; default: require('x') }", true),
            ("switch (process.platform) { case 'win32': case 'linux': require('x') }", false),
            ("switch (type) { case 'mac': require('x'); case 'hci': y() }", true),
            ("switch (type) { case 'mac': y(); break; case 'hci': require('x') }", false),
        ] {
            let read = |path: &str| (path == "index.js").then(|| script.to_owned());
            let said = RefCell::new(Vec::new());
            let mut listener = |one: super::super::said::Said| {
                said.borrow_mut().push(one.mention);
                Flow::On
            };
            ScriptReader::new(&read, &|_| false, Some(Host::new(&runtime)), &mut listener)
                .module("index");
            let is_dead = !said.take().contains(&Mention::Package("x".to_owned()));
            assert_eq!(is_dead, expected, "{script}");
        }
    }
}
