//! Expressions → the strings they can be, with gaps for what is known only at run time. Never runs anything: `path.join`,
//! concatenation, templates, conditionals and constants are followed, all else is a gap.

use std::collections::HashMap;

use super::lexer::{ARROW, EQUAL, Part, Token, UNEQUAL};

/// A string with [`FOLDER`] and [`GAP`] in it.
pub type Pattern = String;

/// Stands for the folder of the script.
pub const FOLDER: char = '\u{1}';
/// Stands for any text.
pub const GAP: char = '\u{2}';

/// The values that names of a script have, as far as they are strings.
pub type Constants<'a> = HashMap<&'a str, Vec<Pattern>>;

/// Most values one expression is followed into.
pub(super) const MOST_VALUES: usize = 8;
/// Longest value, in bytes.
const LONGEST: usize = 1024;
/// Longest expression, in tokens.
const MOST_TOKENS: usize = 400;
/// Deepest expression.
const DEEPEST: usize = 24;

/// What the expression at the beginning of `tokens` can be, and how many tokens it is long. No value where it is no expression;
/// a lone [`GAP`] where nothing is known of it.
#[must_use]
pub fn evaluate(tokens: &[Token<'_>], constants: &Constants<'_>) -> (Vec<Pattern>, usize) {
    let mut reader = Reader { tokens: &tokens[..tokens.len().min(MOST_TOKENS)], at: 0, constants };
    let values = reader.expression(0).unwrap_or_default();
    (values, reader.at)
}

struct Reader<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    constants: &'t Constants<'t>,
}

impl<'a> Reader<'_, 'a> {
    fn mark(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Mark(mark)) => Some(*mark),
            _ => None,
        }
    }

    /// Alternatives of a conditional, `||` or `??`.
    fn expression(&mut self, depth: usize) -> Option<Vec<Pattern>> {
        if depth > DEEPEST {
            return None;
        }
        let start = self.at;
        let mut values = self.sum(depth)?;
        loop {
            match (self.mark(0), self.mark(1)) {
                (Some('|'), Some('|')) | (Some('?'), Some('?')) => {
                    self.at += 2;
                    values.extend(self.sum(depth + 1).unwrap_or_default());
                    values.truncate(MOST_VALUES);
                }
                (Some('&'), Some('&')) => {
                    self.at += 2;
                    values = self.sum(depth + 1).unwrap_or_default();
                }
                (Some(EQUAL | UNEQUAL | '<' | '>'), _) => {
                    self.at += 1;
                    self.sum(depth + 1);
                    values = vec![GAP.to_string()];
                }
                (Some('?'), _) => {
                    // Variables of the environment aren't set.
                    let is_unset =
                        matches!(self.tokens[start..self.at], [Token::Word("process"), _, Token::Word("env"), _, Token::Word(_)]);
                    self.at += 1;
                    values = self.expression(depth + 1).unwrap_or_default();
                    if self.mark(0) == Some(':') {
                        self.at += 1;
                        let otherwise = self.expression(depth + 1).unwrap_or_default();
                        if is_unset {
                            values.clear();
                        }
                        values.extend(otherwise);
                    }
                }
                _ => break,
            }
        }
        values.truncate(MOST_VALUES);
        Some(values)
    }

    fn sum(&mut self, depth: usize) -> Option<Vec<Pattern>> {
        let mut values = self.operand(depth)?;
        while self.mark(0) == Some('+') && self.mark(1) != Some('+') {
            self.at += 1;
            let Some(more) = self.operand(depth) else { break };
            values = product(&values, &more, "");
        }
        Some(values)
    }

    fn operand(&mut self, depth: usize) -> Option<Vec<Pattern>> {
        if depth > DEEPEST {
            return None;
        }
        let values = match self.tokens.get(self.at)? {
            Token::Text(text) => {
                self.at += 1;
                vec![shortened(text)]
            }
            Token::Template(parts) => {
                self.at += 1;
                self.template(parts, depth)
            }
            Token::Other => {
                self.at += 1;
                unknown()
            }
            Token::Word("new" | "await" | "typeof" | "void") | Token::Mark('!' | '-' | '+' | '~') => {
                self.at += 1;
                return self.operand(depth + 1);
            }
            Token::Word("function" | "class" | "async" | "return" | "throw" | "const" | "let" | "var" | "if" | "else") => {
                return None;
            }
            Token::Word(_) => {
                // "require('path').join(…)" is "path.join(…)".
                let path_module = |text: &str| matches!(text, "path" | "node:path");
                if let [Token::Word("require"), Token::Mark('('), Token::Text(text), Token::Mark(')'), Token::Mark('.'), ..] =
                    &self.tokens[self.at..]
                    && path_module(text)
                {
                    self.at += 5;
                }
                self.name(depth)
            }
            Token::Mark('(') => self.parenthesis(depth),
            Token::Mark('[' | '{') => {
                self.skip_group();
                unknown()
            }
            Token::Mark(_) => return None,
        };
        Some(self.suffixes(values, depth))
    }

    fn template(&mut self, parts: &[Part<'a>], depth: usize) -> Vec<Pattern> {
        let mut values = vec![String::new()];
        for part in parts {
            let more = match part {
                Part::Text(text) => vec![shortened(text)],
                Part::Expression(tokens) => {
                    let mut inner = Reader { tokens: &tokens[..tokens.len().min(MOST_TOKENS)], at: 0, constants: self.constants };
                    inner.expression(depth + 1).filter(|values| !values.is_empty()).unwrap_or_else(unknown)
                }
            };
            values = product(&values, &more, "");
        }
        values
    }

    /// `a.b.c` and `a.b.c(…)`
    fn name(&mut self, depth: usize) -> Vec<Pattern> {
        let mut path: Vec<&str> = Vec::new();
        while let Some(Token::Word(word)) = self.tokens.get(self.at) {
            path.push(word);
            self.at += 1;
            // A method of a string is a suffix.
            let more = self.mark(0) == Some('.')
                && matches!(self.tokens.get(self.at + 1), Some(Token::Word(next)) if !is_string_method(next) || path.first() == Some(&"path"));
            if !more {
                break;
            }
            self.at += 1;
        }
        if self.mark(0) == Some('(') {
            // "parts.join('-')" is no path.
            let Some(first) = path.first() else { return self.call("", depth) };
            let of_path = path.len() == 1 || first.to_ascii_lowercase().contains("path") || *first == "require";
            let function = path.last().copied().unwrap_or_default();
            let function = if of_path || !matches!(function, "join" | "resolve") { function } else { "" };
            return self.call(function, depth);
        }
        match path.as_slice() {
            ["__dirname"] | ["import", "meta", "dirname"] => vec![FOLDER.to_string()],
            ["__filename"] | ["import", "meta", "url" | "filename"] => vec![format!("{FOLDER}/@")],
            [name] => self.constants.get(name).cloned().unwrap_or_else(unknown),
            _ => unknown(),
        }
    }

    /// `(…)`, and `(0, path_1.join)(…)` as TypeScript writes it.
    fn parenthesis(&mut self, depth: usize) -> Vec<Pattern> {
        let is_detached = self.tokens.get(self.at + 1) == Some(&Token::Other) && self.mark(2) == Some(',');
        if is_detached {
            let start = self.at;
            self.skip_group();
            let function = match self.tokens.get(self.at.saturating_sub(2)) {
                Some(Token::Word(word)) if self.mark(0) == Some('(') => *word,
                _ => {
                    self.at = self.at.max(start + 1);
                    return unknown();
                }
            };
            return self.call(function, depth);
        }
        self.at += 1;
        let values = self.expression(depth + 1).unwrap_or_else(unknown);
        if self.mark(0) == Some(')') {
            self.at += 1;
        } else {
            self.skip_to_close();
        }
        values
    }

    fn call(&mut self, function: &str, depth: usize) -> Vec<Pattern> {
        let start = self.at;
        self.at += 1;
        let mut arguments: Vec<Vec<Pattern>> = Vec::new();
        while !matches!(self.mark(0), Some(')')) && self.at < self.tokens.len() {
            match self.expression(depth + 1) {
                Some(values) if matches!(self.mark(0), Some(',' | ')')) => arguments.push(values),
                _ => {
                    // A function or the like.
                    self.at = start;
                    self.skip_group();
                    return unknown();
                }
            }
            if self.mark(0) == Some(',') {
                self.at += 1;
            }
        }
        self.at += 1;
        let first = || arguments.first().cloned().unwrap_or_else(unknown);
        match function {
            "join" | "resolve" => {
                let parts = arguments.iter();
                parts.cloned().reduce(|whole, part| product(&whole, &part, "/")).unwrap_or_else(unknown)
            }
            "concat" => {
                let parts = arguments.iter();
                parts.cloned().reduce(|whole, part| product(&whole, &part, "")).unwrap_or_else(unknown)
            }
            "dirname" => product(&first(), &["..".to_owned()], "/"),
            "URL" => product(&[FOLDER.to_string()], &first(), "/"),
            "fileURLToPath" | "pathToFileURL" | "normalize" | "String" | "realpathSync" | "toNamespacedPath" => first(),
            _ => unknown(),
        }
    }

    /// Methods that leave a path much as it is, and those that don't.
    fn suffixes(&mut self, mut values: Vec<Pattern>, depth: usize) -> Vec<Pattern> {
        loop {
            match (self.mark(0), self.tokens.get(self.at + 1)) {
                (Some('.'), Some(Token::Word(method))) => {
                    let keeps =
                        matches!(*method, "replace" | "replaceAll" | "toString" | "trim" | "href" | "pathname" | "toLowerCase");
                    self.at += 2;
                    if self.mark(0) == Some('(') {
                        if *method == "concat" {
                            // TypeScript's way of writing a template for old engines.
                            let more = self.call("concat", depth + 1);
                            values = product(&values, &more, "");
                            continue;
                        }
                        self.skip_group();
                    }
                    if !keeps {
                        values = unknown();
                    }
                }
                (Some('(' | '['), _) => {
                    self.skip_group();
                    values = unknown();
                }
                _ => return values,
            }
        }
    }

    /// Past the bracket that closes the one here.
    fn skip_group(&mut self) {
        self.at += 1;
        self.skip_to_close();
    }

    fn skip_to_close(&mut self) {
        let mut open = 1usize;
        while open > 0 && self.at < self.tokens.len() {
            match self.mark(0) {
                Some('(' | '[' | '{') => open += 1,
                Some(')' | ']' | '}') => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}

fn is_string_method(word: &str) -> bool {
    matches!(word, "replace" | "replaceAll" | "toString" | "trim" | "concat" | "toLowerCase" | "split" | "slice" | "includes")
}

fn unknown() -> Vec<Pattern> {
    vec![GAP.to_string()]
}

/// A text of the script, without characters that have a meaning here.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| *c != FOLDER && *c != GAP).take(LONGEST).collect()
}

/// Every value of `a` followed by every value of `b`.
fn product(a: &[Pattern], b: &[Pattern], between: &str) -> Vec<Pattern> {
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.len() + b.len() < LONGEST).map(|(a, b)| format!("{a}{between}{b}")).take(MOST_VALUES).collect()
}

/// True for the marks behind which a new statement or argument begins.
#[must_use]
pub fn begins_expression(before: Option<&Token<'_>>) -> bool {
    match before {
        None
        | Some(Token::Mark(
            '(' | ',' | '=' | ':' | '[' | '{' | '}' | ';' | '?' | '|' | '&' | ARROW | EQUAL | UNEQUAL | ')' | '!',
        )) => true,
        Some(Token::Word(word)) => {
            matches!(*word, "return" | "case" | "in" | "of" | "await" | "new" | "default" | "else" | "throw")
        }
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::{Constants, MOST_TOKENS, evaluate};

    #[test]
    fn expressions_become_patterns() {
        let mut constants = Constants::new();
        constants.insert("name", vec!["x".to_owned(), "y".to_owned()]);
        for (script, expected) in [
            ("'a' + 'b'", vec!["ab"]),
            ("`a-${process.platform}-${arch()}.node`", vec!["a-\u{2}-\u{2}.node"]),
            (
                "path.join(__dirname, '..', 'bin', process.platform + '-' + name)",
                vec!["\u{1}/../bin/\u{2}-x", "\u{1}/../bin/\u{2}-y"],
            ),
            ("(0, path_1.resolve)(__dirname, 'a')", vec!["\u{1}/a"]),
            ("path_1.default.resolve(__dirname, \"..\", \"build\")", vec!["\u{1}/../build"]),
            ("musl ? 'm' : 'g'", vec!["m", "g"]),
            ("process.env.CORE ? 'core' : 'plain'", vec!["plain"]),
            ("process.platform === 'linux' ? 'l' : ''", vec!["l", ""]),
            ("given || './build/x.node'", vec!["\u{2}", "./build/x.node"]),
            ("dirname(fileURLToPath(import.meta.url)).replace(/dist$/, '')", vec!["\u{1}/@/.."]),
            ("fileURLToPath(new URL('./x.node', import.meta.url))", vec!["\u{1}/./x.node"]),
            ("[a, b].join('-')", vec!["\u{2}"]),
            ("\"../p/\".concat(os.platform(), \"-\").concat(os.arch(), \"/x\")", vec!["../p/\u{2}-\u{2}/x"]),
            ("`x.${parts.join('-')}.node`", vec!["x.\u{2}.node"]),
            ("require('path')?.(a)", vec!["\u{2}"]),
            ("require('path').join(__dirname, 'a')", vec!["\u{1}/a"]),
            ("function () {}", vec![]),
            ("f(() => { 'x' })", vec!["\u{2}"]),
        ] {
            let tokens = tokens(script);
            assert_eq!(evaluate(&tokens, &constants).0, expected, "{script}");
        }
    }

    #[test]
    fn hostile_expressions_end() {
        for part in ["(", "f(", "a+", "`${", "a?", "[", "new ", "x.y(", "(0,a)(", "'a'+("] {
            let text = part.repeat(50_000);
            let tokens = tokens(&text);
            assert!(evaluate(&tokens, &Constants::new()).1 <= MOST_TOKENS);
        }
    }
}
