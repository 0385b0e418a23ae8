//! JSON, also with comments and commas at the end of lists. The result is the tree of YAML, of
//! which JSON is a subset.

use std::rc::Rc;

use super::spot::FileError;
use super::yaml::{self, Node};

/// Reads `text`.
///
/// # Errors
/// The parser's error, with its line.
pub fn parse(text: &str) -> Result<Rc<Node>, FileError> {
    yaml::parse(&plain(text))
}

/// The text without comments, and with spaces for tabs, on the same lines.
fn plain(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '/', '\t', '#']) {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match rest.as_bytes()[0] {
            b'"' => {
                let end = string(rest);
                result.push_str(&rest[..end]);
                end
            }
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => {
                let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
                result.extend(rest[..end].chars().filter(|c| *c == '\n'));
                end
            }
            b'\t' => {
                result.push(' ');
                1
            }
            _ => {
                result.push_str(&rest[..1]);
                1
            }
        };
        rest = &rest[length..];
    }
    result.push_str(rest);
    result
}

/// The length of the string at the beginning of `rest`, with its quotes.
fn string(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn comments_and_tabs_are_accepted() {
        let text = "// a\n{\n\t\"a\": \"x // y\\\"\", /* b\n c */ \"b\": [1, 2,],\n\t\"c\":{\"d\":\
            true,},\n}\n";
        let root = parse(text).expect("a tree");
        assert_eq!(root.text_at(&["a"]), Some("x // y\""));
        assert_eq!(root.entry("b").map(|(line, node)| (line, node.list().len())), Some((4, 2)));
        assert_eq!(root.entry("c").map(|(line, _)| line), Some(5));
        assert_eq!(root.text_at(&["c", "d"]), Some("true"));
    }
}
