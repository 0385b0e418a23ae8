//! Which errors of a `try` a script swallows: it has something to fall back to.

use super::dead_code::throws;
use super::syntax::{Expression, Link, Node, Statement, Try, walk};
use super::value::Scope;

/// True if the `catch` drops the error, and no statement after it in the same block (`rest`) throws
/// instead.
pub fn swallows(one: &Try<'_>, rest: &[Statement<'_>], scope: Scope<'_, '_>) -> bool {
    let Some(handler) = &one.handler else { return false };
    !throws(handler, scope)
        && !one.error.is_some_and(|error| keeps(handler, error))
        && !throws(rest, scope)
}

/// True if a `catch` keeps its error for later: `errors.push(error)`, `last = error`.
fn keeps(handler: &[Statement<'_>], error: &str) -> bool {
    let mut found = false;
    walk(handler, &mut |node| {
        found |= match node {
            Node::Statement(Statement::Declare(declarations)) => {
                declarations.iter().any(|declaration| begins_with(&declaration.value, error))
            }
            Node::Expression(Expression::Assignment(assignment)) => {
                begins_with(&assignment.value, error)
            }
            Node::Expression(Expression::Chain(chain)) => {
                chain.links.windows(2).any(|pair| match pair {
                    [Link::Member("push"), Link::Call(arguments)] => {
                        arguments.first().is_some_and(|argument| begins_with(argument, error))
                    }
                    _ => false,
                })
            }
            _ => false,
        };
        !found
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

#[cfg(test)]
mod tests {
    use super::super::reader::ScriptReader;
    use super::super::said::{Flow, Mention, Said};

    #[test]
    fn a_swallowed_error_is_distinguished_from_one_that_is_thrown_later() {
        for (script, expected) in [
            ("try { require('x') } catch (e) { require('./fallback') }", true),
            ("try { require('x') } catch {}", true),
            ("try { require('x') } catch (e) { throw new Error('y', e) }", false),
            ("try { require('x') } catch (e) { errors.push(e) }", false),
            ("try { require('x') } catch (e) { last = e }", false),
            ("try { require('x') } catch (e) { last = e instanceof Error ? e : f(e) }", false),
            ("try { require('x') } catch {} if (!b) { throw new Error() }", false),
            ("try { require('x') } catch {} function f() { throw new Error() }", true),
            ("try { require('x') } catch {} class A { m() { throw 1 } }", true),
            ("function f() { try { return require('x') } catch {} } throw 1", true),
            (
                "try { require('x') } catch (e) { if (process.env.STRICT) { throw e } else { y() } \
                    }",
                true,
            ),
            ("try { require('x') } finally { y() }", false),
            ("require('x')", false),
        ] {
            let read = |path: &str| (path == "index.js").then(|| script.to_owned());
            let mut guarded = None;
            let mut listener = |said: Said| {
                if said.mention == Mention::Package("x".to_owned()) {
                    guarded = Some(said.guarded);
                }
                Flow::On
            };
            ScriptReader::new(&read, &|_| false, None, &mut listener).module("index");
            assert_eq!(guarded, Some(expected), "{script}");
        }
    }
}
