//! What a package's own JavaScript says about the addon it loads: read, in the order in which it
//! would run, never run.
//!
//! This is no interpreter. It follows `require` and `import` inside the package, knows the modules
//! that load addons, and sees every string that could be a path, with gaps for what only a running
//! process knows ([`expression`]). Which file that comes to for a target is decided by the room of
//! loaders, which holds the names against the files that are there.

mod builtins;
mod constants;
mod dead_code;
mod evaluate;
mod fallback;
mod host;
mod loads;
mod reader;
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
pub use syntax::{Token, first_string, tokens};
pub use value::GAP;

/// True when `pattern`, in which `*` stands for any text, is all of `text`. A [`GAP`] in it stands
/// for nothing.
#[must_use]
pub fn matches_stars(pattern: &str, text: &str) -> bool {
    if !pattern.contains('*') {
        return pattern == text;
    }
    !pattern.contains(GAP) && matches(&pattern.replace('*', &GAP.to_string()), text)
}

/// True when `pattern` can be `text`: a [`GAP`] stands for anything, also for nothing and for
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
