//! TOML as the same tree of values with lines as YAML.

use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::spot::{FileError, Lines};
use super::yaml::{Map, Node, Value};
use crate::panics::caught;

/// The maximum number of dots in one key. The parser limits the nesting of brackets, but not the
/// tables that a key with dots creates.
const MOST_DOTS: usize = 16;

/// Reads `text`.
///
/// # Errors
/// The parser's error, with its line.
pub fn parse(text: &str) -> Result<Rc<Node>, FileError> {
    let lines = Lines::new(text);
    let line = |at: usize| lines.of(at);
    if let Some(at) = deep_key(text) {
        return Err(FileError::new(Some(line(at)), "it has too much content"));
    }
    // If the parser panics, only this file is not read.
    let read = caught(|| {
        let table = DeTable::parse(text).map_err(|error| {
            FileError::new(error.span().map(|span| line(span.start)), error.message())
        })?;
        let at = line(table.span().start);
        Ok(Rc::new(Node { line: at, value: map(table.get_ref(), &line) }))
    });
    read.unwrap_or_else(|| Err(FileError::new(None, "abi-guard's parser failed on it")))
}

/// The offset of a key with too many dots.
fn deep_key(text: &str) -> Option<usize> {
    let mut dots = 0;
    let source = toml_parser::Source::new(text);
    for token in source.lex() {
        match token.kind() {
            toml_parser::lexer::TokenKind::Dot => dots += 1,
            toml_parser::lexer::TokenKind::Newline
            | toml_parser::lexer::TokenKind::Equals
            | toml_parser::lexer::TokenKind::Comma => dots = 0,
            _ => {}
        }
        if dots > MOST_DOTS {
            return Some(token.span().start());
        }
    }
    None
}

fn map(table: &DeTable<'_>, line: &dyn Fn(usize) -> u32) -> Value {
    let mut map = Map::default();
    for (key, value) in table {
        map.add(key.get_ref().to_string(), line(key.span().start), node(value, line));
    }
    Value::Map(map)
}

fn node(value: &Spanned<DeValue<'_>>, line: &dyn Fn(usize) -> u32) -> Rc<Node> {
    let of = match value.get_ref() {
        DeValue::String(text) => Value::Scalar(text.to_string()),
        DeValue::Integer(number) => Value::Scalar(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Scalar(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Scalar(truth.to_string()),
        DeValue::Datetime(date) => Value::Scalar(date.to_string()),
        DeValue::Array(list) => Value::List(list.iter().map(|one| node(one, line)).collect()),
        DeValue::Table(table) => map(table, line),
    };
    Rc::new(Node { line: line(value.span().start), value: of })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn values_have_lines() {
        let text = "a = 1\n[build.environment]\nNODE_VERSION = \"20\"\n[[plugins]]\nx = [\n 'y', {\
            z = true}]\n";
        let root = parse(text).expect("a tree");
        let environment =
            root.get("build").and_then(|node| node.get("environment")).expect("a table");
        assert_eq!(environment.entry("NODE_VERSION").map(|(line, _)| line), Some(3));
        assert_eq!(root.text_at(&["build", "environment", "NODE_VERSION"]), Some("20"));
        let plugin = &root.get("plugins").expect("a list").list()[0];
        let list = plugin.get("x").expect("a list").list();
        assert_eq!(
            (list[0].line, list[0].text(), list[1].text_at(&["z"])),
            (6, Some("y"), Some("true"))
        );
        let error = parse("a = 1\nb = [\n").expect_err("an error");
        assert!(error.line.is_some_and(|line| line >= 2));
    }

    #[test]
    fn deep_tables_are_refused_without_recursion() {
        let keys = "a.".repeat(200_000);
        for text in [
            format!("[{keys}b]"),
            format!("{keys}b = 1"),
            format!("x = {{{keys}b = 1}}"),
            format!("x = {}", "[".repeat(200_000)),
            "{a={".repeat(100_000),
            format!("x = {}", "{a.a.a.a.a.a=\n".repeat(60_000)),
        ] {
            let started = std::time::Instant::now();
            assert!(parse(&text).is_err(), "{text:.20}");
            assert!(started.elapsed().as_secs() < 5, "{text:.20}");
        }
    }
}
