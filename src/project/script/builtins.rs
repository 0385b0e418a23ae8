//! The values of Node.js's own names, functions and methods: `process.platform`, `__dirname`,
//! `path.join`, and methods of strings and lists.

use super::host::Host;
use super::value::{FOLDER, GAP, Scope, Value, only_text, product, text, unknown};

/// The value of a name or a property that isn't called.
pub(super) fn property(path: &[&str], scope: Scope<'_, '_>) -> Vec<Value> {
    let host = scope.host;
    let known = |value: Option<&str>| value.map_or_else(unknown, text);
    match path {
        ["__dirname"] | ["import", "meta", "dirname"] => vec![Value::Text(FOLDER.to_string())],
        ["__filename"] | ["import", "meta", "url" | "filename"] => {
            vec![Value::Text(format!("{FOLDER}/@"))]
        }
        ["undefined" | "null" | "false"] => vec![Value::Truth(false)],
        ["true"] => vec![Value::Truth(true)],
        [name] => match scope.constants.names.get(name) {
            Some(values) => values.clone(),
            None => host
                .and_then(|host| host.answers(name))
                .map_or_else(unknown, |answer| vec![Value::Truth(answer)]),
        },
        // Variables of the environment are taken as not set.
        [.., process, "env", _] if is_process(process) => vec![Value::Truth(false)],
        [.., process, "platform"] if is_process(process) => {
            known(host.map(|host| host.platform().as_str()))
        }
        [.., process, "arch"] if is_process(process) => {
            known(host.map(|host| host.arch().as_str()))
        }
        [.., "versions", "modules"] => {
            known(host.and_then(|host| host.abi()).map(|abi| abi.to_string()).as_deref())
        }
        [.., "versions", "electron"] if host.is_some_and(|host| !host.is_electron()) => {
            vec![Value::Truth(false)]
        }
        [.., "versions", name @ ("bun" | "deno")]
            if host.is_some_and(|host| !host.is_named_runtime(name)) =>
        {
            vec![Value::Truth(false)]
        }
        _ => unknown(),
    }
}

/// "process", "node_process", "process_1", "process_1.default"
fn is_process(word: &str) -> bool {
    word.contains("process") || word == "default"
}

/// The result of a function.
pub(super) fn called(
    function: &str,
    mut arguments: Vec<Vec<Value>>,
    host: Option<Host<'_>>,
) -> Vec<Value> {
    let host = host.filter(|_| arguments.is_empty());
    match function {
        "join" | "resolve" => arguments
            .into_iter()
            .reduce(|whole, part| product(whole, part, "/"))
            .unwrap_or_else(unknown),
        "concat" => arguments
            .into_iter()
            .reduce(|whole, part| product(whole, part, ""))
            .unwrap_or_else(unknown),
        "platform" => host.map_or_else(unknown, |host| text(host.platform().as_str())),
        "arch" => host.map_or_else(unknown, |host| text(host.arch().as_str())),
        _ if arguments.is_empty() => unknown(),
        "dirname" => product(arguments.swap_remove(0), text(".."), "/"),
        "URL" => product(vec![Value::Text(FOLDER.to_string())], arguments.swap_remove(0), "/"),
        "Set" | "String" | "fileURLToPath" | "normalize" | "pathToFileURL" | "realpathSync"
        | "toNamespacedPath" => arguments.swap_remove(0),
        _ => unknown(),
    }
}

/// True for a method of a string or a list: the text before it is a value, not a module.
pub(super) fn is_method_of_a_value(word: &str) -> bool {
    const METHODS: [&str; 12] = [
        "concat",
        "endsWith",
        "has",
        "includes",
        "replace",
        "replaceAll",
        "slice",
        "split",
        "startsWith",
        "toLowerCase",
        "toString",
        "trim",
    ];
    METHODS.contains(&word)
}

/// The result of a method, or the value of a property.
pub(super) fn method(values: Vec<Value>, name: &str, mut arguments: Vec<Vec<Value>>) -> Vec<Value> {
    match name {
        "includes" | "has" => asks(&values, &arguments, |text, word| text.contains(word)),
        "startsWith" => asks(&values, &arguments, |text, word| text.starts_with(word)),
        "endsWith" => asks(&values, &arguments, |text, word| text.ends_with(word)),
        // TypeScript's way of writing a template for old engines.
        "concat" => arguments.into_iter().fold(values, |whole, part| product(whole, part, "")),
        "href" | "pathname" | "toString" | "trim" => values,
        "toLowerCase" => {
            only_text(&values).map(|word| text(&word.to_lowercase())).unwrap_or(values)
        }
        "replace" | "replaceAll" => {
            let to = if arguments.len() == 2 { arguments.pop() } else { None };
            let from = arguments.pop().unwrap_or_default();
            match (only_text(&values), only_text(&from), to.as_deref().and_then(only_text)) {
                (Some(whole), Some(from), Some(to)) => text(&whole.replacen(from, to, 1)),
                // A regular expression usually changes only a small part of a path, but it can
                // change all of a word.
                (Some(word), ..) if !word.contains('/') => unknown(),
                _ => values,
            }
        }
        _ => unknown(),
    }
}

/// The answer to a question about a string, or whether a list holds a word.
fn asks(
    values: &[Value],
    arguments: &[Vec<Value>],
    question: fn(&str, &str) -> bool,
) -> Vec<Value> {
    let Some(word) = arguments.first().and_then(|argument| only_text(argument)) else {
        return unknown();
    };
    let answer = match values {
        [Value::List(elements)] if !elements.iter().any(|element| element.contains(GAP)) => {
            Some(elements.iter().any(|element| element == word))
        }
        values => only_text(values).map(|text| question(text, word)),
    };
    answer.map_or_else(unknown, |answer| vec![Value::Truth(answer)])
}
