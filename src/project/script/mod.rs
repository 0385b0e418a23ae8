//! Reads the JavaScript of a package for the addons that it loads, in the order of the script. No
//! script is run.
//!
//! The way of the data: `syntax` parses a script into a tree, `constants` finds the names with
//! fixed values, and `statements` reads the tree for a target: `evaluate` gives the values of
//! expressions, with gaps for values that only a running process knows, `dead_code` leaves out
//! branches for other systems, and `fallback` finds errors that the script swallows. `reader`
//! follows `require` and `import` inside the package. The loaders (`project/loader/`) compare the
//! reported paths with the package's files.

mod blocks;
mod builtins;
mod constants;
mod dead_code;
mod demand;
mod evaluate;
mod fallback;
mod host;
mod loads;
mod reader;
mod rejection;
mod said;
mod state;
mod statements;
mod syntax;
#[cfg(test)]
mod tests;
mod value;
mod work;

pub use host::Host;
pub use reader::ScriptReader;
pub use said::{Argument, Flow, LOADERS, Mention, Said, resolved};
pub use syntax::{Part, Token, first_string, tokens};
pub use value::GAP;

/// True if `pattern` matches all of `text`. `*` in it matches any text. A pattern with a [`GAP`]
/// matches nothing.
#[must_use]
pub fn matches_stars(pattern: &str, text: &str) -> bool {
    if !pattern.contains('*') {
        return pattern == text;
    }
    !pattern.contains(GAP) && matches(&pattern.replace('*', &GAP.to_string()), text)
}

/// True if `pattern` can be `text`. A [`GAP`] in it matches any text, also an empty one and
/// slashes.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split(GAP);
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}
