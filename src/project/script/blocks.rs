//! The blocks of a script that matter for what it loads: those whose errors are swallowed, and
//! those that don't run on a system.

use super::idle::{self, Range};
use super::lexer::{ARROW, Token};
use super::structure::Structure;
use super::value::Scope;

/// The blocks of one script.
#[derive(Debug, Default)]
pub struct Blocks {
    guarded: Ranges,
    idle: Ranges,
}

/// Ranges of tokens, which every token is held against.
#[derive(Debug, Default)]
struct Ranges {
    /// By where they begin, each with the furthest end of all up to it.
    sorted: Vec<(Range, usize)>,
}

impl Ranges {
    fn add(&mut self, ranges: impl IntoIterator<Item = Range>) {
        for range in ranges {
            let at = self.sorted.partition_point(|(known, _)| known.0 <= range.0);
            self.sorted.insert(at, (range, range.1));
            for index in at..self.sorted.len() {
                let before = index.checked_sub(1).map_or(0, |before| self.sorted[before].1);
                self.sorted[index].1 = before.max(self.sorted[index].0.1);
            }
        }
    }

    /// The end of the ranges that `index` lies in.
    fn end_around(&self, index: usize) -> Option<usize> {
        let behind = self.sorted.partition_point(|(range, _)| range.0 <= index);
        let (_, end) = self.sorted.get(behind.checked_sub(1)?)?;
        (*end > index).then_some(*end)
    }

    fn len(&self) -> usize {
        self.sorted.len()
    }
}

/// Most blocks that are kept of one script.
const MOST_BLOCKS: usize = 500;

impl Blocks {
    /// Finds them in a script. Where it isn't known on which system it runs, every block may run.
    #[must_use]
    pub fn find(tokens: &[Token<'_>], scope: Scope<'_, '_>) -> Blocks {
        let mut finder = Finder { structure: Structure::new(tokens), scope };
        let mut blocks = Blocks::default();
        let mut index = 0;
        while index < tokens.len() && blocks.guarded.len() + blocks.idle.len() <= MOST_BLOCKS {
            // What would be left out because of something that doesn't run itself isn't left out.
            if let Some(end) = blocks.idle_until(index) {
                index = end;
                continue;
            }
            if tokens[index] == Token::Word("try") && finder.structure.mark(index + 1) == Some('{')
            {
                blocks.guarded.add(finder.guarded(index));
            } else if scope.host.is_some() {
                blocks.idle.add(idle::at(&mut finder.structure, scope, index));
            }
            index += 1;
        }
        blocks
    }

    /// True where an error is swallowed: the script has something to fall back to.
    #[must_use]
    pub fn is_guarded(&self, index: usize) -> bool {
        self.guarded.end_around(index).is_some()
    }

    /// The end of the block that doesn't run, where `index` lies in one.
    #[must_use]
    pub fn idle_until(&self, index: usize) -> Option<usize> {
        self.idle.end_around(index)
    }
}

struct Finder<'t, 'a> {
    structure: Structure<'t, 'a>,
    scope: Scope<'t, 't>,
}

impl Finder<'_, '_> {
    /// The block of the `try` at `index`, when its `catch` drops the error and nothing behind it
    /// throws instead.
    fn guarded(&mut self, index: usize) -> Option<(usize, usize)> {
        let end = self.structure.close(index + 1)?;
        if !self.structure.is_word(end, "catch") {
            return None;
        }
        let (error, block) =
            match (self.structure.mark(end + 1), self.structure.tokens.get(end + 2)) {
                (Some('('), Some(Token::Word(error))) => {
                    (Some(*error), self.structure.close(end + 1)?)
                }
                _ => (None, end + 1),
            };
        let after = self.structure.close(block)?;
        if self.throws(block + 1, after - 1)
            || error.is_some_and(|error| self.keeps(block, after, error))
        {
            return None;
        }
        // What follows in the same block: "if (!binding) throw …"
        let mut rest = after;
        while rest < self.structure.tokens.len() && self.structure.mark(rest) != Some('}') {
            rest = match self.structure.mark(rest) {
                Some('{' | '(' | '[') => self.structure.close(rest)?,
                _ => rest + 1,
            };
        }
        (!self.throws(after, rest)).then_some((index + 2, end))
    }

    /// True when something between two tokens throws, or ends the process, not counting the bodies
    /// of functions.
    fn throws(&mut self, from: usize, to: usize) -> bool {
        let mut index = from;
        while index < to {
            if self.structure.is_tired() {
                return true;
            }
            if self.structure.mark(index) == Some('{') && self.opens_function(index) {
                let Some(end) = self.structure.close(index) else { return true };
                index = end;
                continue;
            }
            // "if (process.env.NO_FALLBACK) { throw error }": it isn't set.
            let idle = if self.structure.is_word(index, "if") {
                idle::at(&mut self.structure, self.scope, index)
            } else {
                Vec::new()
            };
            if let Some((_, end)) = idle.first().filter(|(start, _)| *start < to) {
                index = *end;
                continue;
            }
            if self.structure.is_word(index, "throw")
                || (self.structure.is_word(index, "process")
                    && self.structure.is_word(index + 2, "exit"))
            {
                return true;
            }
            index += 1;
        }
        false
    }

    /// True when the `{` at `index` begins the body of a function, a method or a class.
    fn opens_function(&self, index: usize) -> bool {
        let before = |back: usize| {
            index.checked_sub(back).and_then(|index| self.structure.tokens.get(index))
        };
        match before(1) {
            Some(Token::Mark(ARROW)) => true,
            Some(Token::Mark(')')) => {
                // Back to the word before the parenthesis: "if (…) {" is no function.
                let mut depth = 0usize;
                for back in 1..=index.min(200) {
                    match before(back) {
                        Some(Token::Mark(')')) => depth += 1,
                        Some(Token::Mark('(')) => {
                            depth -= 1;
                            if depth == 0 {
                                let keyword = ["if", "for", "while", "switch", "catch", "with"];
                                let Some(Token::Word(word)) = before(back + 1) else { return true };
                                return !keyword.contains(word);
                            }
                        }
                        _ => {}
                    }
                }
                true
            }
            Some(Token::Word(_)) => matches!(before(2), Some(Token::Word("class" | "extends"))),
            _ => false,
        }
    }

    /// True when a `catch` keeps its error for later: `errors.push(error)`, `last = error`.
    fn keeps(&self, from: usize, to: usize, error: &str) -> bool {
        (from..to).any(|index| {
            let assigned = self.structure.mark(index) == Some('=');
            let pushed = self.structure.is_word(index, "push")
                && self.structure.mark(index + 1) == Some('(');
            (assigned && self.structure.is_word(index + 1, error))
                || (pushed && self.structure.is_word(index + 2, error))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::{Token, tokens};
    use super::super::value::{Constants, Scope};
    use super::super::work::Work;
    use super::Blocks;

    fn position(tokens: &[Token<'_>]) -> usize {
        tokens
            .iter()
            .position(|token| *token == Token::Text("x".to_owned()))
            .expect("the mark in the script")
    }

    #[test]
    fn a_swallowed_error_is_told_from_one_that_comes_out_later() {
        for (script, expected) in [
            ("try { require('x') } catch (e) { require('./fallback') }", true),
            ("try { require('x') } catch {}", true),
            ("try { require('x') } catch (e) { throw new Error('y', e) }", false),
            ("try { require('x') } catch (e) { errors.push(e) }", false),
            ("try { require('x') } catch (e) { last = e }", false),
            ("try { require('x') } catch {} if (!b) { throw new Error() }", false),
            ("try { require('x') } catch {} function f() { throw new Error() }", true),
            ("try { require('x') } catch {} class A { m() { throw 1 } }", true),
            ("function f() { try { return require('x') } catch {} } throw 1", true),
            (
                "try { require('x') } catch (e) { if (process.env.STRICT) { throw e } else { y() } \
                    }",
                true,
            ),
            ("try { require('x') } finally { y() }", false),
            ("require('x')", false),
        ] {
            let tokens = tokens(script);
            assert_eq!(
                Blocks::find(
                    &tokens,
                    Scope { constants: &Constants::new(), host: None, work: &Work::default() }
                )
                .is_guarded(position(&tokens)),
                expected,
                "{script}"
            );
        }
    }
}
