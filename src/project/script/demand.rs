//! Scripts that pass what they have loaded to a function that throws without it (koffi 3.3.4):
//! `const native = loadStatic() ?? loadDynamic(); check(native)`.

use std::collections::HashSet;

use super::syntax::{Expression, Function, Link, Node, Statement, walk, walk_expression};
use super::work::Work;

/// True if a script throws when the value is missing that one of its functions has loaded.
pub fn demands(statements: &[Statement<'_>], work: &Work) -> bool {
    let loaded: HashSet<&str> = statements.iter().flat_map(loaded_names).collect();
    if loaded.is_empty() {
        return false;
    }
    // Calls with such a value as the first argument.
    let mut called = statements.iter().filter_map(|statement| {
        let Statement::Expression(Expression::Chain(chain)) = statement else { return None };
        match (&chain.head, chain.links.as_slice()) {
            (Expression::Name(function), [Link::Call(arguments)]) => match arguments.first() {
                Some(Expression::Name(value)) if loaded.contains(value) => Some(*function),
                _ => None,
            },
            _ => None,
        }
    });
    let mut called = called.by_ref().peekable();
    if called.peek().is_none() {
        return false;
    }
    let checking = checking(statements, work);
    called.any(|function| checking.contains(function))
}

/// The names that a statement gives to what a function has loaded.
fn loaded_names<'t>(statement: &Statement<'t>) -> Vec<&'t str> {
    let Statement::Declare(declarations) = statement else { return Vec::new() };
    let named = declarations.iter().filter_map(|declaration| match declaration.target {
        Expression::Name(name) if loads(&declaration.value) => Some(name),
        _ => None,
    });
    named.collect()
}

/// True for a call of a function whose name says that it loads something.
fn loads(value: &Expression<'_>) -> bool {
    let mut found = false;
    walk_expression(value, &mut |node| {
        match node {
            Node::Expression(Expression::Chain(chain)) => {
                found |= match (&chain.head, chain.links.as_slice()) {
                    (Expression::Name(name), [Link::Call(_)]) => name.starts_with("load"),
                    _ => false,
                };
            }
            Node::Expression(Expression::Function(_) | Expression::Class(_)) => return false,
            _ => {}
        }
        !found
    });
    found
}

/// The functions that begin with "if (parameter == null) throw", and their other names.
fn checking<'t>(statements: &[Statement<'t>], work: &Work) -> HashSet<&'t str> {
    let mut names = HashSet::new();
    let mut aliases = Vec::new();
    let mut steps = 0usize;
    walk(statements, &mut |node| {
        steps += 1;
        if steps.is_multiple_of(8) && !work.spend(1) {
            return false;
        }
        match node {
            Node::Statement(Statement::Function(function)) if checks(function) => {
                names.extend(function.name);
            }
            Node::Statement(Statement::Declare(declarations)) => {
                for declaration in declarations {
                    if let Expression::Object(properties) = &declaration.target {
                        aliases.extend(properties.iter().filter_map(|one| match one.value {
                            Expression::Name(alias) => Some((one.key?, alias)),
                            _ => None,
                        }));
                    }
                }
            }
            _ => {}
        }
        true
    });
    names.extend(
        aliases
            .iter()
            .filter(|(name, _)| names.contains(name))
            .map(|(_, alias)| *alias)
            .collect::<Vec<_>>(),
    );
    names
}

fn checks(function: &Function<'_>) -> bool {
    let (Some(Expression::Name(parameter)), Some(Statement::If { arms, .. })) =
        (function.parameters.first(), function.body.first())
    else {
        return false;
    };
    let Some((test, body)) = arms.first() else { return false };
    let is_parameter =
        |value: &Expression<'_>| matches!(value, Expression::Name(name) if name == parameter);
    let is_missing = match test {
        Expression::Unary("!", operand) => is_parameter(operand),
        Expression::Operation(operation) => {
            is_parameter(&operation.first)
                && matches!(
                    operation.rest.as_slice(),
                    [("==" | "===", Expression::Name("null" | "undefined"))]
                )
        }
        _ => false,
    };
    let throws = match body {
        Statement::Block(statements) => matches!(statements.first(), Some(Statement::Throw(_))),
        statement => matches!(statement, Statement::Throw(_)),
    };
    is_missing && throws
}

#[cfg(test)]
mod tests {
    use super::super::syntax::{parse, tokens};
    use super::super::work::Work;
    use super::demands;

    #[test]
    fn a_value_that_a_function_loads_is_demanded_by_another() {
        let check = "function check(n) { if (n == null) throw new Error('x') }";
        for (script, expected) in [
            ("const native = load(); check(native)", true),
            ("const native = loadStatic(a) ?? loadDynamic(b); check(native, 1)", true),
            ("const { check: check2 } = x; const native = load(); check2(native)", true),
            ("const native = find(); check(native)", false),
            ("const native = load(); other(native)", false),
            ("const native = load(); check(other)", false),
            ("function f() { const native = load(); check(native) }", false),
        ] {
            let text = format!("{check} {script}");
            let tokens = tokens(&text);
            assert_eq!(demands(&parse(&tokens).statements, &Work::default()), expected, "{script}");
        }
        let lax = "function check(n) { if (n == null) return } const n = load(); check(n)";
        let tokens = tokens(lax);
        assert!(!demands(&parse(&tokens).statements, &Work::default()));
    }
}
