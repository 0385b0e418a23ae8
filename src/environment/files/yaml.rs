//! YAML with the line of every value, for files of CI services and compose. JSON and TOML are read
//! into the same tree.
//!
//! Anchors are shared and never copied, so that an "alias bomb" needs no more memory than its text.
//! Code that walks such a tree follows known paths, or has a limit.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::spot::FileError;
use crate::panics::caught;

/// The maximum nesting depth.
const DEEPEST: usize = 64;
/// The maximum number of values in one file.
const MOST: usize = 60_000;
/// Maps with more entries than this have an index.
const SMALL: usize = 16;
/// The maximum number of maps that are searched for one key, including merged ones (`<<`).
const MERGED: usize = 64;

/// A value.
#[derive(Debug)]
pub struct Node {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// Its contents.
    pub value: Value,
}

/// The kinds of values.
#[derive(Debug)]
pub enum Value {
    /// Text, number, true, null: as it is written.
    Scalar(String),
    /// A list.
    List(Vec<Rc<Node>>),
    /// A map.
    Map(Map),
}

/// A map, in the order of the file.
#[derive(Debug, Default)]
pub struct Map {
    /// Keys with their line and value.
    entries: Vec<(String, u32, Rc<Node>)>,
    /// Key → index of its first entry, in large maps: files with aliases search the same large map
    /// repeatedly.
    index: HashMap<String, usize>,
    /// Indexes of the entries `<<`.
    merges: Vec<usize>,
}

impl Map {
    /// Adds an entry.
    pub(super) fn add(&mut self, key: String, line: u32, node: Rc<Node>) {
        let at = self.entries.len();
        if key == "<<" {
            self.merges.push(at);
        }
        if at >= SMALL {
            if at == SMALL {
                for (at, (key, ..)) in self.entries.iter().enumerate() {
                    self.index.entry(key.clone()).or_insert(at);
                }
            }
            self.index.entry(key.clone()).or_insert(at);
        }
        self.entries.push((key, line, node));
    }

    fn find(&self, key: &str) -> Option<&(String, u32, Rc<Node>)> {
        if self.entries.len() > SMALL {
            return self.entries.get(*self.index.get(key)?);
        }
        self.entries.iter().find(|(name, ..)| name == key)
    }
}

/// Reads the first document of `text`.
///
/// # Errors
/// The parser's error, with its line.
pub fn parse(text: &str) -> Result<Rc<Node>, FileError> {
    // If the parser panics, only this file is not read.
    caught(|| build(text)).unwrap_or_else(|| {
        Err(FileError::new(
            None,
            "abi-guard's parser failed \
        on it",
        ))
    })
}

struct Open {
    node: Node,
    anchor: usize,
    key: Option<(String, u32)>,
}

fn build(text: &str) -> Result<Rc<Node>, FileError> {
    let mut parser = Parser::new_from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, Rc<Node>> = HashMap::new();
    let mut count = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) =
            event.map_err(|error| FileError::new(line(error.marker().line()), error.info()))?;
        let line = line(span.start.line()).unwrap_or(1);
        count += 1;
        if count > MOST || open.len() > DEEPEST {
            return Err(FileError::new(Some(line), "it has too much content"));
        }
        let done = match event {
            Event::Scalar(text, style, anchor, _) => {
                let text = if text == "~" && style == ScalarStyle::Plain {
                    String::new()
                } else {
                    text.into_owned()
                };
                (Rc::new(Node { line, value: Value::Scalar(text) }), anchor)
            }
            Event::SequenceStart(anchor, _) => {
                open.push(Open {
                    node: Node { line, value: Value::List(Vec::new()) },
                    anchor,
                    key: None,
                });
                continue;
            }
            Event::MappingStart(anchor, _) => {
                open.push(Open {
                    node: Node { line, value: Value::Map(Map::default()) },
                    anchor,
                    key: None,
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open { node, anchor, .. }) => (Rc::new(node), anchor),
                None => continue,
            },
            // An alias to the value that contains it can't be resolved, because that value isn't
            // complete yet.
            Event::Alias(id) => {
                let named = anchors.get(&id).cloned();
                (
                    named.unwrap_or_else(|| {
                        Rc::new(Node { line, value: Value::Scalar(String::new()) })
                    }),
                    0,
                )
            }
            Event::DocumentEnd | Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
        };
        let (node, anchor) = done;
        if anchor > 0 {
            anchors.insert(anchor, Rc::clone(&node));
        }
        match open.last_mut() {
            None => return Ok(node),
            Some(parent) => parent.take(node, line),
        }
    }
    Ok(Rc::new(Node { line: 1, value: Value::Scalar(String::new()) }))
}

fn line(line: usize) -> Option<u32> {
    u32::try_from(line).ok().filter(|line| *line > 0)
}

impl Open {
    fn take(&mut self, node: Rc<Node>, line: u32) {
        match &mut self.node.value {
            Value::List(list) => list.push(node),
            Value::Map(map) => match self.key.take() {
                Some((key, line)) => map.add(key, line, node),
                None => self.key = Some((node.text().unwrap_or_default().to_owned(), line)),
            },
            Value::Scalar(_) => {}
        }
    }
}

impl Node {
    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a list. A single scalar is a list of one, which is what these formats mostly
    /// allow. Empty for a map.
    #[must_use]
    pub fn list(self: &Rc<Node>) -> &[Rc<Node>] {
        match &self.value {
            Value::List(list) => list,
            Value::Scalar(text) if text.is_empty() => &[],
            Value::Scalar(_) => std::slice::from_ref(self),
            Value::Map(_) => &[],
        }
    }

    /// The entries of a map, without merged ones.
    #[must_use]
    pub fn entries(&self) -> &[(String, u32, Rc<Node>)] {
        match &self.value {
            Value::Map(map) => &map.entries,
            _ => &[],
        }
    }

    /// The value of `key`; the map's own entry has priority over those merged by `<<`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entry(key).map(|(_, node)| node)
    }

    /// The line of `key` and its value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<(u32, &Rc<Node>)> {
        let mut budget = MERGED;
        self.look_up(key, &mut budget)
    }

    fn look_up(&self, key: &str, budget: &mut usize) -> Option<(u32, &Rc<Node>)> {
        *budget = budget.checked_sub(1)?;
        let Value::Map(map) = &self.value else { return None };
        if let Some((_, line, node)) = map.find(key) {
            return Some((*line, node));
        }
        for (.., node) in map.merges.iter().filter_map(|at| map.entries.get(*at)) {
            let found = match &node.value {
                Value::List(list) => list.iter().find_map(|node| node.look_up(key, budget)),
                _ => node.look_up(key, budget),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The entries of the list at `key`, as [`Node::list`]; empty if there is none.
    #[must_use]
    pub fn list_of(&self, key: &str) -> &[Rc<Node>] {
        self.get(key).map(Node::list).unwrap_or_default()
    }

    /// The entries of the map at `key`, as [`Node::entries`]; empty if there is none.
    #[must_use]
    pub fn entries_of(&self, key: &str) -> &[(String, u32, Rc<Node>)] {
        self.get(key).map(|node| node.entries()).unwrap_or_default()
    }

    /// The text at the end of a path of keys.
    #[must_use]
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        let mut node = self;
        for key in path {
            node = node.get(key)?;
        }
        node.text()
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, parse};

    #[test]
    fn values_have_lines_and_merges_are_seen_through() {
        let text = "base: &base\n  image: node:20\n  cache: {key: a}\njob:\n  <<: *base\n  \
            script:\n    - one\n    - |\n      two\n      three\n";
        let root = parse(text).expect("a tree");
        let job = root.get("job").expect("the job");
        assert_eq!(job.text_at(&["cache", "key"]), Some("a"));
        assert_eq!(job.entry("image").map(|(line, _)| line), Some(2));
        let script = job.get("script").expect("the script").list();
        assert_eq!(
            script.iter().map(|node| (node.line, node.text())).collect::<Vec<_>>(),
            [(7, Some("one")), (9, Some("two\nthree\n")),]
        );
    }

    #[test]
    fn broken_text_gives_the_line() {
        let error = parse("a: 1\nb: [1,\nc: }\n").expect_err("an error");
        assert!(error.line.is_some_and(|line| line >= 2), "{error:?}");
        for text in ["", "---", "# x", "null"] {
            assert!(matches!(&parse(text).expect("a tree").value, Value::Scalar(_)), "{text:?}");
        }
    }

    #[test]
    fn nested_aliases_are_limited() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..40 {
            let inner = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        text.push_str("m0: &m0 {k: v}\n");
        for level in 1..40 {
            let inner = vec![format!("*m{}", level - 1); 9].join(", ");
            text.push_str(&format!("m{level}: &m{level} {{<<: [{inner}]}}\n"));
        }
        let root = parse(&text).expect("a tree");
        assert!(root.get("m39").expect("the last").get("absent").is_none());
    }

    #[test]
    fn deeply_nested_and_unusual_texts_are_read_quickly() {
        let recursive = "a: &a\n  b: *a\n";
        let deep = "- ".repeat(400_000);
        let flow = "[".repeat(400_000);
        let keys = "? ".repeat(300_000);
        let anchors = "&a ".repeat(100_000);
        let colons = ": ".repeat(300_000);
        for text in [
            recursive,
            &deep,
            &flow,
            &keys,
            &anchors,
            &colons,
            "\t\t",
            "%YAML 9\n--- !x",
            "*a",
            "a: *b",
        ] {
            let started = std::time::Instant::now();
            let _ = parse(text);
            assert!(started.elapsed().as_secs() < 5, "{text:.20}");
        }
    }
}
