//! The blocks of a script that matter for what it loads: those whose errors are swallowed, and those that don't run on a system.

use super::lexer::{ARROW, EQUAL, Token, UNEQUAL, past_bracket};

/// Ranges of tokens.
#[derive(Debug, Default)]
pub struct Blocks {
    guarded: Vec<(usize, usize)>,
    idle: Vec<(usize, usize)>,
}

/// Values of `process.platform`; those of `os.type()` are told in [`comparison`].
const PLATFORMS: [&str; 8] = ["aix", "android", "darwin", "freebsd", "linux", "openbsd", "sunos", "win32"];

/// Most blocks that are kept of one script; every token is held against them.
const MOST_BLOCKS: usize = 500;

/// Steps after which no more blocks are looked for: a hostile script could make the search quadratic.
const MOST_STEPS: usize = 1 << 21;

impl Blocks {
    /// Finds them in a script that runs on `platform`; without one, every block may run.
    #[must_use]
    pub fn find(tokens: &[Token<'_>], platform: Option<&str>) -> Blocks {
        let mut finder = Finder { tokens, steps: 0 };
        let mut blocks = Blocks::default();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                Token::Word("try") if finder.mark(index + 1) == Some('{') => {
                    if let Some(range) = finder.guarded(index) {
                        blocks.guarded.push(range);
                    }
                }
                _ if blocks.guarded.len() + blocks.idle.len() > MOST_BLOCKS => break,
                Token::Mark('?') if platform.is_some() => {
                    blocks.idle.extend(finder.idle_choice(index, platform.unwrap_or_default()));
                }
                Token::Mark('&') if platform.is_some() && finder.mark(index + 1) == Some('&') => {
                    blocks.idle.extend(finder.idle_operand(index, platform.unwrap_or_default()));
                }
                Token::Word("if") if finder.mark(index + 1) == Some('(') => {
                    blocks.idle.extend(platform.and_then(|platform| finder.idle(index, platform)));
                }
                _ => {}
            }
        }
        blocks
    }

    /// True where an error is swallowed: the script has something to fall back to.
    #[must_use]
    pub fn is_guarded(&self, index: usize) -> bool {
        self.guarded.iter().any(|(start, end)| (*start..*end).contains(&index))
    }

    /// The end of the block that doesn't run, where `index` lies in one.
    #[must_use]
    pub fn idle_until(&self, index: usize) -> Option<usize> {
        self.idle.iter().find(|(start, end)| (*start..*end).contains(&index)).map(|(_, end)| *end)
    }
}

struct Finder<'t, 'a> {
    tokens: &'t [Token<'a>],
    steps: usize,
}

impl Finder<'_, '_> {
    fn mark(&self, index: usize) -> Option<char> {
        match self.tokens.get(index) {
            Some(Token::Mark(mark)) => Some(*mark),
            _ => None,
        }
    }

    fn is_word(&self, index: usize, word: &str) -> bool {
        matches!(self.tokens.get(index), Some(Token::Word(found)) if *found == word)
    }

    /// The index behind the bracket that closes the one at `open`.
    fn close(&mut self, open: usize) -> Option<usize> {
        let left = MOST_STEPS.saturating_sub(self.steps);
        let end = past_bracket(self.tokens, open, left);
        self.steps += end.unwrap_or(self.tokens.len()).saturating_sub(open).min(left);
        end
    }

    /// The block of the `try` at `index`, when its `catch` drops the error and nothing behind it throws instead.
    fn guarded(&mut self, index: usize) -> Option<(usize, usize)> {
        let end = self.close(index + 1)?;
        if !self.is_word(end, "catch") {
            return None;
        }
        let (error, block) = match (self.mark(end + 1), self.tokens.get(end + 2)) {
            (Some('('), Some(Token::Word(error))) => (Some(*error), self.close(end + 1)?),
            _ => (None, end + 1),
        };
        let after = self.close(block)?;
        if self.throws(block + 1, after - 1) || error.is_some_and(|error| self.keeps(block, after, error)) {
            return None;
        }
        // What follows in the same block: "if (!binding) throw …"
        let mut rest = after;
        while rest < self.tokens.len() && self.mark(rest) != Some('}') {
            rest = match self.mark(rest) {
                Some('{' | '(' | '[') => self.close(rest)?,
                _ => rest + 1,
            };
        }
        (!self.throws(after, rest)).then_some((index + 2, end))
    }

    /// True when something between two tokens throws, or ends the process, not counting the bodies of functions.
    fn throws(&mut self, from: usize, to: usize) -> bool {
        let mut index = from;
        while index < to {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return true;
            }
            if self.mark(index) == Some('{') && self.opens_function(index) {
                let Some(end) = self.close(index) else { return true };
                index = end;
                continue;
            }
            // "if (process.env.NO_FALLBACK) { throw error }": it isn't set.
            if self.is_word(index, "if")
                && self.mark(index + 1) == Some('(')
                && let Some((start, end)) = self.idle(index, "")
                && start > index
            {
                index = end;
                continue;
            }
            if self.is_word(index, "throw") || (self.is_word(index, "process") && self.is_word(index + 2, "exit")) {
                return true;
            }
            index += 1;
        }
        false
    }

    /// True when the `{` at `index` begins the body of a function, a method or a class.
    fn opens_function(&self, index: usize) -> bool {
        let before = |back: usize| index.checked_sub(back).and_then(|index| self.tokens.get(index));
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
                                return !matches!(before(back + 1), Some(Token::Word(word)) if keyword.contains(word));
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
            let assigned = self.mark(index) == Some('=');
            let pushed = self.is_word(index, "push") && self.mark(index + 1) == Some('(');
            (assigned && self.is_word(index + 1, error)) || (pushed && self.is_word(index + 2, error))
        })
    }

    /// The branch of the `if` at `index` that doesn't run on `platform`.
    fn idle(&mut self, index: usize, platform: &str) -> Option<(usize, usize)> {
        let body = self.close(index + 1)?;
        let holds = self.holds(index + 2, body - 1, platform)?;
        if self.mark(body) != Some('{') {
            return None;
        }
        let end = self.close(body)?;
        if !holds {
            return Some((body, end));
        }
        (self.is_word(end, "else") && self.mark(end + 1) == Some('{'))
            .then(|| self.close(end + 1).map(|close| (end + 1, close)))?
    }

    /// The first choice of the conditional whose `?` is at `index`, when it isn't taken on `platform`.
    fn idle_choice(&mut self, index: usize, platform: &str) -> Option<(usize, usize)> {
        let start = index.saturating_sub(5);
        let condition = (start..index)
            .rev()
            .find(|at| !matches!(self.tokens[*at], Token::Word(_) | Token::Text(_) | Token::Mark('.' | EQUAL | UNEQUAL)));
        let condition = &self.tokens[condition.map_or(start, |at| at + 1)..index];
        if comparison(condition, platform) != Some(false) {
            return None;
        }
        self.end_of_operand(index + 1).map(|end| (index + 1, end))
    }

    /// What follows the `&&` at `index`, when what stands before it doesn't hold on `platform`: "isWindows && require(…)".
    fn idle_operand(&mut self, index: usize, platform: &str) -> Option<(usize, usize)> {
        let before = index.checked_sub(1).and_then(|at| self.tokens.get(at..index))?;
        if comparison(before, platform) != Some(false) {
            return None;
        }
        self.end_of_operand(index + 2).map(|end| (index + 2, end))
    }

    /// Where an expression ends that begins at `from`: at what closes the group around it, or separates it from the next.
    fn end_of_operand(&mut self, from: usize) -> Option<usize> {
        let mut index = from;
        while index < self.tokens.len().min(from + 400) {
            index = match self.mark(index) {
                Some('(' | '[' | '{') => self.close(index)?,
                Some(')' | ']' | '}' | ',' | ';' | ':') => return Some(index),
                _ => index + 1,
            };
        }
        Some(index)
    }

    /// The value of a condition about the platform or the environment: alternatives of comparisons.
    fn holds(&self, from: usize, to: usize, platform: &str) -> Option<bool> {
        const LONGEST: usize = 80;
        let condition = &self.tokens[from.min(to)..to];
        if condition.len() > LONGEST {
            return None;
        }
        let alternatives = condition.split(|token| *token == Token::Mark('|')).filter(|part| !part.is_empty());
        let values: Vec<Option<bool>> = alternatives.map(|part| comparison(part, platform)).collect();
        match values.contains(&Some(true)) {
            true => Some(true),
            false if values.iter().all(|value| *value == Some(false)) => Some(false),
            false => None,
        }
    }
}

/// The value of one comparison with a platform, or of a variable of the environment, which isn't set.
fn comparison(tokens: &[Token<'_>], platform: &str) -> Option<bool> {
    let is_variable = |tokens: &[Token<'_>]| {
        matches!(tokens, [Token::Word("process"), Token::Mark('.'), Token::Word("env"), Token::Mark('.'), Token::Word(_)])
    };
    match tokens {
        // Whatever it is that equals "win32", it is the platform.
        [left @ .., Token::Mark(comparison @ (EQUAL | UNEQUAL)), Token::Text(name)] if left.len() < 8 => {
            let named = match name.as_str() {
                "Linux" => "linux",
                "Darwin" => "darwin",
                "Windows_NT" => "win32",
                other if PLATFORMS.contains(&other) => other,
                _ => return None,
            };
            Some((named == platform) == (*comparison == EQUAL))
        }
        [Token::Word(name)] => {
            let named = match name.to_ascii_lowercase().as_str() {
                "iswindows" | "iswin" | "iswin32" => "win32",
                "ismac" | "ismacos" | "isdarwin" | "isosx" => "darwin",
                "islinux" => "linux",
                _ => return None,
            };
            Some(named == platform)
        }
        [Token::Mark('!'), rest @ ..] if is_variable(rest) => Some(true),
        rest if is_variable(rest) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::{Token, tokens};
    use super::Blocks;

    fn position(tokens: &[Token<'_>]) -> usize {
        tokens.iter().position(|token| *token == Token::Text("x".to_owned())).expect("the mark in the script")
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
            ("try { require('x') } catch (e) { if (process.env.STRICT) { throw e } else { y() } }", true),
            ("try { require('x') } finally { y() }", false),
            ("require('x')", false),
        ] {
            let tokens = tokens(script);
            assert_eq!(Blocks::find(&tokens, Some("linux")).is_guarded(position(&tokens)), expected, "{script}");
        }
    }

    #[test]
    fn branches_for_other_platforms_are_left_out() {
        for (script, expected) in [
            ("if (process.platform === 'win32') { require('x') }", true),
            ("if (process.platform !== 'win32') { require('x') }", false),
            ("if (os.platform() == 'linux') { y() } else { require('x') }", true),
            ("if (osType === 'Windows_NT') { require('x') }", true),
            ("if (process.env.FORCE || os === 'win32' || os === 'darwin') { require('x') }", true),
            ("if (os === 'win32' || os === 'linux') { require('x') }", false),
            ("if (process.env.DEBUG) { require('x') }", true),
            ("if (!process.env.DEBUG) { require('x') }", false),
            ("if (ready) { require('x') }", false),
            ("const a = process.platform === 'win32' ? require('x') : undefined", true),
            ("const a = process.platform === 'linux' ? require('x') : undefined", false),
            ("const a = process.platform === 'win32' ? undefined : require('x')", false),
            ("const native = isWindows && require('x')('y')", true),
            ("const native = isLinux && require('x')('y')", false),
        ] {
            let tokens = tokens(script);
            assert_eq!(Blocks::find(&tokens, Some("linux")).idle_until(position(&tokens)).is_some(), expected, "{script}");
        }
    }
}
