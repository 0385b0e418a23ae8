//! The text that reports are written to: lines, marks, paragraphs.

use serde::Deserialize;

use super::escape::escape;

/// The layout of the text.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Style {
    /// True to use terminal colors.
    pub color: bool,
    /// The width, in columns.
    pub width: usize,
    /// True to also list packages that load, and dormant files.
    pub verbose: bool,
    /// The folder that paths are relative to; the scanned folder if it isn't known.
    pub from: Option<String>,
}

impl Default for Style {
    fn default() -> Style {
        Style { color: false, width: 80, verbose: false, from: None }
    }
}

/// The severity of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Bad,
    Doubtful,
    Good,
    Note,
}

/// A text to which lines are added.
pub(super) struct Page {
    pub text: String,
    pub style: Style,
}

impl Page {
    /// An empty page.
    pub fn new(style: Style) -> Page {
        Page { text: String::new(), style: Style { width: style.width.clamp(40, 200), ..style } }
    }

    pub fn mark(&mut self, mark: Mark) {
        let (sign, color) = match mark {
            Mark::Bad => ("\u{2716}", "31"),
            Mark::Doubtful => ("!", "33"),
            Mark::Good => ("\u{2714}", "32"),
            Mark::Note => ("i", "36"),
        };
        if self.style.color {
            self.text.push_str(&format!("\u{1b}[{color}m{sign}\u{1b}[0m "));
        } else {
            self.text.push_str(&format!("{sign} "));
        }
    }

    pub fn bold(&self, text: &str) -> String {
        if self.style.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A path, relative to `root` if it is in that folder. It is never wrapped, so that it can be
    /// copied.
    pub fn path(&mut self, path: &str, root: &str) {
        let line = format!("  {}", escape(below(path, root)));
        let line = if self.style.color { format!("\u{1b}[2m{line}\u{1b}[0m") } else { line };
        self.line(&line);
    }

    pub fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Text wrapped at spaces; lines are indented by `indent`, the first one only at the start of a
    /// line.
    pub fn paragraph(&mut self, text: &str, indent: usize) {
        let lead = " ".repeat(indent);
        let at_start = self.text.is_empty() || self.text.ends_with('\n');
        let mut column = if at_start { 0 } else { indent };
        let mut first = true;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            if first {
                if at_start {
                    self.text.push_str(&lead);
                    column = indent;
                }
                first = false;
            } else if column + 1 + length > self.style.width {
                self.text.push('\n');
                self.text.push_str(&lead);
                column = indent;
            } else {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
        self.text.push('\n');
    }
}

/// The part of `path` below the folder `root`; the whole path if it isn't in that folder. Accepts
/// Windows and POSIX paths.
pub(super) fn below<'a>(path: &'a str, root: &str) -> &'a str {
    let root = root.trim_end_matches(['/', '\\']);
    let rest = path
        .strip_prefix(root)
        .filter(|_| !root.is_empty())
        .and_then(|rest| rest.strip_prefix(['/', '\\']));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(path)
}

/// "1 file", "2 files"
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn only_paths_below_the_root_become_relative() {
        for (path, root, expected) in [
            ("/app/node_modules/x", "/app", "node_modules/x"),
            ("/app/node_modules/x", "/app/", "node_modules/x"),
            ("/app2/x", "/app", "/app2/x"),
            ("/app", "/app", "/app"),
            ("/app/x", "", "/app/x"),
            (r"C:\app\x", r"C:\app", "x"),
        ] {
            assert_eq!(below(path, root), expected, "{path} {root}");
        }
    }
}
