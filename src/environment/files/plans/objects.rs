//! The literals of a script as a tree of values: enough for a configuration that a script exports.
//! Nothing is evaluated.

use std::rc::Rc;

use crate::environment::files::budget::Budget;
use crate::environment::files::yaml::{Map, Node, Value};
use crate::project::{Part, Token, tokens};

/// The maximum nesting of objects and lists.
const DEEPEST: usize = 32;

/// The last object in `text` that isn't inside of another one: the one that is exported. Values
/// that aren't texts, lists or objects are empty texts.
pub(super) fn parse(text: &str, budget: &Budget) -> Rc<Node> {
    let mut builder = Builder { text, at: 0, line: 1, open: Vec::new(), last: None };
    // A token can repeat in the text, so the position of each text is searched from the last one.
    for token in tokens(text) {
        if !budget.spend(32) || builder.open.len() > DEEPEST {
            break;
        }
        builder.take(&token);
    }
    builder.last.unwrap_or_else(|| scalar(1, ""))
}

fn scalar(line: u32, text: &str) -> Rc<Node> {
    Rc::new(Node { line, value: Value::Scalar(text.to_owned()) })
}

/// An open object or list.
struct Open {
    line: u32,
    value: Value,
    /// The last name or text, which is a key if a colon follows.
    name: Option<(String, u32)>,
    key: Option<(String, u32)>,
    /// The value after the key.
    found: Option<Rc<Node>>,
}

struct Builder<'t> {
    text: &'t str,
    /// The position after the last text or name that was found.
    at: usize,
    line: u32,
    open: Vec<Open>,
    last: Option<Rc<Node>>,
}

impl Builder<'_> {
    /// The line of the next `part` of the text.
    fn line_of(&mut self, part: &str) -> u32 {
        let found = self.text[self.at..].find(part).filter(|_| !part.is_empty());
        if let Some(found) = found {
            let end = self.at + found;
            let passed = self.text[self.at..end].matches('\n').count();
            self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(0));
            self.at = end;
        }
        self.line
    }

    fn take(&mut self, token: &Token<'_>) {
        match token {
            Token::Mark("{") => self.begin(Value::Map(Map::default())),
            Token::Mark("[") => self.begin(Value::List(Vec::new())),
            Token::Mark("}" | "]") => self.end(),
            Token::Mark(":") => {
                if let Some(open) = self.open.last_mut() {
                    open.key = open.name.take();
                    open.found = None;
                }
            }
            Token::Mark(",") => self.settle(),
            Token::Word(name) => {
                let line = self.line_of(name);
                self.name(name, line, false);
            }
            Token::Text(text) => {
                let line = self.line_of(text);
                self.name(text, line, true);
            }
            Token::Template(parts) => {
                if let [Part::Text(text)] = parts.as_slice() {
                    let line = self.line_of(text);
                    self.name(text, line, true);
                }
            }
            _ => {}
        }
    }

    fn name(&mut self, text: &str, line: u32, is_text: bool) {
        let Some(open) = self.open.last_mut() else { return };
        open.name = Some((text.to_owned(), line));
        if is_text && open.found.is_none() {
            open.found = Some(scalar(line, text));
        }
    }

    fn begin(&mut self, value: Value) {
        let line = self.line;
        self.open.push(Open { line, value, name: None, key: None, found: None });
    }

    /// Adds the last value to the object or list.
    fn settle(&mut self) {
        let Some(open) = self.open.last_mut() else { return };
        let found = open.found.take();
        match (&mut open.value, open.key.take()) {
            (Value::Map(map), Some((key, line))) => {
                map.add(key, line, found.unwrap_or_else(|| scalar(line, "")));
            }
            (Value::List(list), _) => list.extend(found),
            _ => {}
        }
        open.name = None;
    }

    fn end(&mut self) {
        self.settle();
        let Some(Open { line, value, .. }) = self.open.pop() else { return };
        let node = Rc::new(Node { line, value });
        match self.open.last_mut() {
            Some(parent) => parent.found = Some(node),
            None => self.last = Some(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;

    #[test]
    fn literals_are_read_and_other_values_are_empty() {
        let text = "const x = {a: 1}\nmodule.exports = {\n  'a': 'b', c: [`d`, f(1, {x: 2})],\n  e\
            : {g: true ? 'h' : 'i', ...rest},\n}\n";
        let root = parse(text, &Budget::default());
        assert_eq!(root.text_at(&["a"]), Some("b"));
        assert_eq!(
            root.entry("c").map(|(line, node)| (line, node.list()[0].text())),
            Some((3, Some("d")))
        );
        assert_eq!(root.entry("e").map(|(line, _)| line), Some(4));
        for text in ["", "}", "{", "[", ":", ",", "a:b", "{a", "{[}]", "{a:{b:[{c:"] {
            let _ = parse(text, &Budget::default());
        }
    }
}
