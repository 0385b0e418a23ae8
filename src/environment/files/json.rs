//! Finds the line of a key in a JSON text. serde reads the values.

/// The maximum nesting depth.
const DEEPEST: usize = 64;

/// The line (from 1) of the key at the end of `path`, whose parts are names of fields or, in lists,
/// indexes. `None` if the text is not valid JSON up to there.
#[must_use]
pub fn line_of(text: &str, path: &[&str]) -> Option<u32> {
    let mut reader = Reader { text: text.as_bytes(), at: 0, line: 1 };
    reader.find(path, 0)
}

/// The keys of the object at `path` as they are written, each with its line; empty if there is no
/// such object.
#[must_use]
pub fn keys_of<'t>(text: &'t str, path: &[&str]) -> Vec<(&'t str, u32)> {
    let mut keys = Vec::new();
    let mut reader = Reader { text: text.as_bytes(), at: 0, line: 1 };
    // The reader's position is now before the value.
    if path.is_empty() || reader.find(path, 0).is_some() {
        reader.keys(path.len(), &mut keys);
    }
    keys
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Reader<'a> {
    /// Reads one value. If it contains `path`, stops there and returns its line.
    fn find(&mut self, path: &[&str], depth: usize) -> Option<u32> {
        match self.next()? {
            b'{' if depth < DEEPEST => loop {
                match self.next()? {
                    b'"' => {
                        let line = self.line;
                        let name = self.string()?;
                        (self.next()? == b':').then_some(())?;
                        let rest = path
                            .split_first()
                            .filter(|(first, _)| first.as_bytes() == name)
                            .map(|(_, rest)| rest);
                        match rest {
                            Some([]) => return Some(line),
                            Some(rest) => {
                                if let Some(line) = self.find(rest, depth + 1) {
                                    return Some(line);
                                }
                            }
                            None => self.skip(depth + 1)?,
                        }
                    }
                    b',' => {}
                    _ => return None,
                }
            },
            b'[' if depth < DEEPEST => {
                let (first, rest) = path.split_first()?;
                let wanted: usize = first.parse().ok()?;
                for _ in 0..wanted {
                    self.skip(depth + 1)?;
                    (self.next()? == b',').then_some(())?;
                }
                if rest.is_empty() {
                    self.peek()?;
                    return Some(self.line);
                }
                self.find(rest, depth + 1)
            }
            _ => {
                self.at -= 1;
                self.skip(depth);
                None
            }
        }
    }

    /// Reads the keys of an object and skips their values, up to its end or that of the text.
    fn keys(&mut self, depth: usize, keys: &mut Vec<(&'a str, u32)>) -> Option<()> {
        (self.next()? == b'{').then_some(())?;
        loop {
            match self.next()? {
                b'"' => {
                    let line = self.line;
                    let name = std::str::from_utf8(self.string()?).ok()?;
                    (self.next()? == b':').then_some(())?;
                    keys.push((name, line));
                    self.skip(depth + 1)?;
                }
                b',' => {}
                _ => return Some(()),
            }
        }
    }

    /// Skips one value.
    fn skip(&mut self, depth: usize) -> Option<()> {
        let mut open = depth;
        loop {
            match self.next()? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open = open.checked_sub(1)?,
                _ => {}
            }
            if open == depth && matches!(self.peek(), None | Some(b',' | b'}' | b']')) {
                return Some(());
            }
        }
    }

    /// The bytes of a string whose opening quote has been read, with escapes unchanged.
    fn string(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        let text = self.text;
        loop {
            match self.text.get(self.at)? {
                b'"' => break,
                b'\\' => self.at += 2,
                b'\n' => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        text.get(start..self.at - 1)
    }

    /// The next byte that is not white space.
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at)? {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                byte => return Some(*byte),
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{keys_of, line_of};

    #[test]
    fn keys_are_found_by_their_path() {
        let text = "{\n  \"node\": \"x\",\n  \"a\": [1, {\"node\": 2}, \"]\"],\n  \"engines\": \
            {\n    \"npm\": \"}\",\n    \"node\": \"20\"\n  },\n\
                    \"list\": [\n{\"n\": 1},\n {\"b\": [],\n \"n\": 2}],\n\"last\": 1 }";
        assert_eq!(line_of(text, &["node"]), Some(2));
        assert_eq!(line_of(text, &["engines", "node"]), Some(6));
        assert_eq!(line_of(text, &["a", "1", "node"]), Some(3));
        assert_eq!(line_of(text, &["list", "1", "n"]), Some(11));
        assert_eq!(line_of(text, &["list", "1"]), Some(10));
        assert_eq!(line_of(text, &["last"]), Some(12));
        assert_eq!(line_of(text, &["volta", "node"]), None);
        assert_eq!(line_of(text, &["node", "deeper"]), None);
    }

    #[test]
    fn keys_come_with_their_lines() {
        let text = "{\n\"a\": {\"x\": [{\"deep\": 1}],\n\n \"y/z\": {} }, \"b\": 1,\n\"a\": 2}";
        assert_eq!(keys_of(text, &["a"]), [("x", 2), ("y/z", 4)]);
        assert_eq!(keys_of(text, &[]), [("a", 2), ("b", 4), ("a", 5)]);
        assert!(keys_of(text, &["b"]).is_empty() && keys_of(text, &["c"]).is_empty());
    }

    #[test]
    fn no_text_causes_a_panic_or_an_endless_loop() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{",
            "{\"",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\": \"\\",
            "[",
            "]",
            "}}}}",
            "{]",
            "\"\\\"",
            &deep,
        ] {
            assert_eq!(line_of(text, &["b", "0", "c"]), None);
            assert_eq!(line_of(text, &["0", "c"]), None);
            assert!(keys_of(text, &["b"]).is_empty());
        }
    }
}
