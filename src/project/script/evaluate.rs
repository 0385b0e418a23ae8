//! Expressions → the values they can have, with gaps for what is known only at run time. Follows
//! `path.join`, concatenation, templates, conditions about the system and constants. Everything
//! else is a gap.

use super::builtins::{called, is_method_of_a_value, method, property};
use super::syntax::{Chain, Chunk, Conditional, Expression, Link, Operation};
use super::value::{
    Scope, Value, both, either, equal, first_of, inverse, product, size, text, truth, unknown,
};

/// The maximum depth of an expression that is evaluated.
const MAX_DEPTH: usize = 24;
/// The maximum number of elements of a list that is known.
const MAX_ELEMENTS: usize = 32;

/// The values that an expression can have. A lone gap if nothing is known of the value. None if the
/// value can't be one that matters: a function, a class, or an expression that is nested too
/// deeply.
#[must_use]
pub fn evaluate(expression: &Expression<'_>, scope: Scope<'_, '_>) -> Option<Vec<Value>> {
    Evaluator { scope }.value(expression, 0)
}

/// Whether a condition holds. None if that isn't known.
#[must_use]
pub fn holds(condition: &Expression<'_>, scope: Scope<'_, '_>) -> Option<bool> {
    truth(&evaluate(condition, scope)?)
}

/// The member `name` that a chain ends with, or the name that it is.
#[must_use]
pub fn last_name<'t>(expression: &Expression<'t>) -> Option<&'t str> {
    match expression {
        Expression::Name(name) => Some(name),
        Expression::Chain(chain) => match chain.links.last() {
            Some(Link::Member(name)) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

struct Evaluator<'t> {
    scope: Scope<'t, 't>,
}

impl Evaluator<'_> {
    fn value(&self, expression: &Expression<'_>, depth: usize) -> Option<Vec<Value>> {
        if depth > MAX_DEPTH || !self.scope.work.spend(1) {
            return None;
        }
        let values = match expression {
            Expression::Text(string) => text(string),
            Expression::Template(chunks) => self.template(chunks, depth),
            Expression::Number | Expression::Regex | Expression::Object(_) => unknown(),
            Expression::Sequence(_) => unknown(),
            Expression::Name(name) => property(&[name], self.scope),
            Expression::List(elements) => self.list(elements, depth),
            Expression::Chain(chain) => self.chain(chain, depth),
            Expression::Unary(operator, operand) => self.unary(operator, operand, depth)?,
            Expression::Operation(operation) => self.operation(operation, depth)?,
            Expression::Conditional(choice) => self.conditional(choice, depth),
            Expression::Assignment(assignment)
                if assignment.targets.iter().all(|(_, operator)| *operator == "=") =>
            {
                return self.value(&assignment.value, depth + 1);
            }
            Expression::Function(_)
            | Expression::Class(_)
            | Expression::Assignment(_)
            | Expression::Missing => return None,
        };
        // Values are copied on their way up, and combined with those of other operands.
        self.scope.work.spend_bytes(size(&values));
        Some(values)
    }

    /// `a ? b : c`
    fn conditional(&self, choice: &Conditional<'_>, depth: usize) -> Vec<Value> {
        let mut possible = Vec::new();
        for (test, value) in &choice.arms {
            let holds = self.value(test, depth + 1).and_then(|values| truth(&values));
            if holds == Some(false) {
                continue;
            }
            possible.extend(self.value(value, depth + 1).unwrap_or_default());
            if holds == Some(true) {
                return first_of(possible.into_iter());
            }
        }
        possible.extend(self.value(&choice.otherwise, depth + 1).unwrap_or_default());
        first_of(possible.into_iter())
    }

    fn unary(&self, operator: &str, operand: &Expression<'_>, depth: usize) -> Option<Vec<Value>> {
        let values = self.value(operand, depth + 1)?;
        Some(match operator {
            "!" => inverse(&values),
            "await" => values,
            // Only a value that isn't set is known to be false.
            "typeof" if values == [Value::Truth(false)] => text("undefined"),
            _ => unknown(),
        })
    }

    fn operation(&self, operation: &Operation<'_>, depth: usize) -> Option<Vec<Value>> {
        let mut values = self.value(&operation.first, depth + 1)?;
        for (operator, operand) in &operation.rest {
            let right = self.value(operand, depth + 1);
            values = match *operator {
                "||" | "??" => {
                    let right = right.unwrap_or_default();
                    self.scope.work.spend_bytes(size(&values) + size(&right));
                    either(values, right)
                }
                "&&" => both(&values, right.unwrap_or_default()),
                "==" | "===" | "!=" | "!==" => {
                    let is_equal = equal(&values, &right.unwrap_or_default(), self.scope.host);
                    is_equal.map_or_else(unknown, |is_equal| {
                        vec![Value::Truth(is_equal == operator.starts_with('='))]
                    })
                }
                "+" => {
                    let Some(right) = right else { return Some(values) };
                    let values = product(values, right, "");
                    self.scope.work.spend_bytes(size(&values));
                    values
                }
                _ => unknown(),
            };
        }
        Some(values)
    }

    fn template(&self, chunks: &[Chunk<'_>], depth: usize) -> Vec<Value> {
        let mut values = text("");
        for chunk in chunks {
            let more = match chunk {
                Chunk::Text(string) => text(string),
                Chunk::Expression(expression) => self
                    .value(expression, depth + 1)
                    .filter(|values| !values.is_empty())
                    .unwrap_or_else(unknown),
            };
            values = product(values, more, "");
            self.scope.work.spend_bytes(size(&values));
        }
        values
    }

    fn list(&self, elements: &[Expression<'_>], depth: usize) -> Vec<Value> {
        if elements.len() > MAX_ELEMENTS {
            return unknown();
        }
        let mut patterns = Vec::new();
        for element in elements {
            let Some(values) = self.value(element, depth + 1) else { return unknown() };
            patterns.extend(values.into_iter().map(Value::into_text));
        }
        vec![Value::List(patterns)]
    }

    fn chain(&self, chain: &Chain<'_>, depth: usize) -> Vec<Value> {
        let links = chain.links.as_slice();
        let (values, links) = match (&chain.head, links) {
            // "require('path').join(…)" is "path.join(…)".
            (
                Expression::Name("require"),
                [Link::Call(arguments), Link::Member(name), rest @ ..],
            ) if is_core(arguments) => self.named(name, rest, depth),
            (Expression::Name(name), links) => self.named(name, links, depth),
            // "(0, path_1.join)(…)", as TypeScript writes it.
            (Expression::Sequence(all), [Link::Call(arguments), rest @ ..]) => {
                let function = match all.as_slice() {
                    [Expression::Number, .., last] => last_name(last),
                    _ => None,
                };
                let values =
                    function.map_or_else(unknown, |function| self.call(function, arguments, depth));
                (values, rest)
            }
            (head, links) => (self.value(head, depth + 1).unwrap_or_else(unknown), links),
        };
        self.suffixes(values, links, depth)
    }

    /// `a.b.c` and `a.b.c(…)`, from the name on: its values, and the rest of the links.
    fn named<'x, 't>(
        &self,
        name: &'x str,
        links: &'x [Link<'t>],
        depth: usize,
    ) -> (Vec<Value>, &'x [Link<'t>]) {
        let is_path = name == "path";
        let mut path = vec![name];
        for link in links {
            match link {
                // A method of a string is a suffix.
                Link::Member(next) if is_path || !is_method_of_a_value(next) => path.push(next),
                _ => break,
            }
        }
        let rest = &links[path.len() - 1..];
        let [Link::Call(arguments), rest @ ..] = rest else {
            return (property(&path, self.scope), rest);
        };
        if let ([name], []) = (path.as_slice(), arguments.as_slice())
            && let Some(values) = self.scope.constants.results.get(name)
        {
            return (values.clone(), rest);
        }
        // "parts.join('-')" is no path.
        let first = name.to_ascii_lowercase();
        let is_alone = path.len() == 1;
        let function = path.last().copied().filter(|function| match *function {
            "join" | "resolve" => is_alone || first.contains("path") || name == "require",
            "platform" | "arch" => is_alone || first.contains("os"),
            _ => true,
        });
        (self.call(function.unwrap_or_default(), arguments, depth), rest)
    }

    fn call(&self, function: &str, arguments: &[Expression<'_>], depth: usize) -> Vec<Value> {
        self.arguments(arguments, depth)
            .map_or_else(unknown, |arguments| called(function, arguments, self.scope.host))
    }

    /// None if one of the arguments is a function or the like.
    fn arguments(&self, arguments: &[Expression<'_>], depth: usize) -> Option<Vec<Vec<Value>>> {
        arguments.iter().map(|argument| self.value(argument, depth + 1)).collect()
    }

    /// Members and calls of values.
    fn suffixes(&self, mut values: Vec<Value>, mut links: &[Link<'_>], depth: usize) -> Vec<Value> {
        while let [link, rest @ ..] = links {
            links = rest;
            values = match (link, rest) {
                (Link::Member(name), [Link::Call(arguments), rest @ ..]) => {
                    links = rest;
                    method(values, name, self.arguments(arguments, depth).unwrap_or_default())
                }
                (Link::Member(name), _) => method(values, name, Vec::new()),
                _ => unknown(),
            };
        }
        values
    }
}

fn is_core(arguments: &[Expression<'_>]) -> bool {
    let [Expression::Text(module)] = arguments else { return false };
    matches!(module.trim_start_matches("node:"), "path" | "os" | "process")
}

#[cfg(test)]
mod tests {
    use super::super::host::Host;
    use super::super::syntax::{Statement, parse, tokens};
    use super::super::value::{Constants, Scope, Value, text};
    use super::super::work::Work;
    use super::evaluate;
    use crate::runtime::test_host;

    #[test]
    fn expressions_become_patterns() {
        let mut constants = Constants::default();
        constants.names.insert("name", text("x").into_iter().chain(text("y")).collect());
        constants
            .names
            .insert("systems", vec![Value::List(vec!["win32".to_owned(), "darwin".to_owned()])]);
        let runtime = test_host();
        let scope = Scope {
            constants: &constants,
            host: Some(Host::new(&runtime)),
            work: &Work::default(),
        };
        for (script, expected) in [
            ("'a' + 'b'", vec!["ab"]),
            ("`a-${process.platform}-${arch()}-${libc()}.node`", vec!["a-linux-x64-\u{2}.node"]),
            (
                "path.join(__dirname, '..', 'bin', process.platform + '-' + name)",
                vec!["\u{1}/../bin/linux-x", "\u{1}/../bin/linux-y"],
            ),
            (
                "require('os').platform() + process.versions.modules + os_1.default.arch()",
                vec!["linux127x64"],
            ),
            ("(0, path_1.resolve)(__dirname, 'a')", vec!["\u{1}/a"]),
            ("path_1.default.resolve(__dirname, \"..\", \"build\")", vec!["\u{1}/../build"]),
            ("musl ? 'm' : 'g'", vec!["m", "g"]),
            ("process.env.CORE ? 'core' : 'plain'", vec!["plain"]),
            ("process.env.npm_config_arch || process.arch", vec!["x64"]),
            ("process.platform === 'linux' ? 'l' : ''", vec!["l"]),
            (
                "process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'osx' : \
                    process.platform",
                vec!["linux"],
            ),
            ("isWindows || process.arch !== 'x64' ? 'a' : 'b'", vec!["b"]),
            ("systems.includes(process.platform) ? 'a' : 'b'", vec!["b"]),
            ("!['linux', 'x'].includes(process.platform) ? 'a' : 'b'", vec!["b"]),
            ("process.platform.startsWith('win') ? 'a' : 'b'", vec!["b"]),
            ("process.platform.replace('linux', 'l')", vec!["l"]),
            ("process.platform.replace(/x$/, '')", vec!["\u{2}"]),
            ("ready && process.platform === 'linux' ? 'a' : 'b'", vec!["a", "b"]),
            ("ready && process.platform === 'win32' ? 'a' : 'b'", vec!["b"]),
            ("given || './build/x.node'", vec!["\u{2}", "./build/x.node"]),
            ("dirname(fileURLToPath(import.meta.url)).replace(/dist$/, '')", vec!["\u{1}/@/.."]),
            ("fileURLToPath(new URL('./x.node', import.meta.url))", vec!["\u{1}/./x.node"]),
            ("[a, b].join('-')", vec!["\u{2}"]),
            (
                "\"../p/\".concat(os.platform(), \"-\").concat(os.arch(), \"/x\")",
                vec!["../p/linux-x64/x"],
            ),
            ("`x.${parts.join('-')}.node`", vec!["x.\u{2}.node"]),
            ("require('path')?.(a)", vec!["\u{2}"]),
            ("require('path').join(__dirname, 'a')", vec!["\u{1}/a"]),
            ("a = b = 'x'", vec!["x"]),
            ("1 + 2 & 3 === 'x'", vec!["\u{2}"]),
            ("(function () {})", vec![]),
            ("f(() => { 'x' })", vec!["\u{2}"]),
        ] {
            let tokens = tokens(script);
            let tree = parse(&tokens);
            let [Statement::Expression(expression)] = tree.statements.as_slice() else {
                unreachable!("one expression: {script}: {tree:?}")
            };
            let found: Vec<_> = evaluate(expression, scope)
                .unwrap_or_default()
                .into_iter()
                .map(Value::into_text)
                .collect();
            assert_eq!(found, expected, "{script}");
        }
    }
}
