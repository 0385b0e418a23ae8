//! Splits shell text into simple commands: enough to recognize calls of package managers and their
//! options. Nothing is expanded or run.

/// One command with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The line on which it begins.
    pub line: u32,
    /// Its words without quotes, without assignments and words like `sudo` before it.
    pub words: Vec<String>,
    /// The variables that are set for this command only.
    pub variables: Vec<(String, String)>,
    /// The folder of a `cd` before it, as written, if there is one.
    pub folder: Option<String>,
    /// True if the shell can skip it: it is in an `if`, or after `||`.
    pub is_conditional: bool,
}

/// The maximum number of commands that are read from one text.
const MOST: usize = 2000;
/// The maximum nesting of `sh -c "sh -c …"`.
const DEEPEST: usize = 3;

/// Words before a command that don't change which command it is.
const BEFORE: [&str; 17] = [
    "if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi", "done", "sudo",
    "exec", "time", "corepack", "command",
];

/// The commands in `text`, whose first line has the number `line`.
#[must_use]
pub fn commands(text: &str, line: u32) -> Vec<Command> {
    let mut commands = Vec::new();
    collect(text, line, 0, &mut commands);
    commands
}

/// The commands in `text`, which run in `folder` unless they change it.
#[must_use]
pub fn commands_in(text: &str, line: u32, folder: Option<&str>) -> Vec<Command> {
    let mut found = commands(text, line);
    for command in &mut found {
        command.folder = command.folder.take().or_else(|| folder.map(str::to_owned));
    }
    found
}

fn collect(text: &str, line: u32, depth: usize, commands: &mut Vec<Command>) {
    let mut folder: Option<String> = None;
    let mut open_ifs: usize = 0;
    for Piece { line, words, is_alternative } in pieces(text, line) {
        if commands.len() >= MOST {
            return;
        }
        match words.first().map(String::as_str) {
            Some("if" | "case") => open_ifs += 1,
            Some("fi" | "esac") => open_ifs = open_ifs.saturating_sub(1),
            _ => {}
        }
        let (variables, words) = stripped(words);
        let Some(program) = words.first() else { continue };
        let is_shell = matches!(
            program.rsplit('/').next(),
            Some("sh" | "bash" | "ash" | "zsh" | "dash" | "su")
        );
        let inner =
            words.iter().position(|word| is_script_flag(word)).and_then(|at| words.get(at + 1));
        if let (true, Some(inner), true) = (is_shell, inner, depth < DEEPEST) {
            collect(inner, line, depth + 1, commands);
            continue;
        }
        if program == "cd" || program == "pushd" {
            folder = words.get(1).map(|to| joined(folder.as_deref(), to));
        }
        let is_conditional = is_alternative || open_ifs > 0;
        commands.push(Command { line, words, variables, folder: folder.clone(), is_conditional });
    }
}

/// `-c`, also combined with other letters as in `-lc`.
fn is_script_flag(word: &str) -> bool {
    word.len() <= 5 && word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
}

fn joined(folder: Option<&str>, to: &str) -> String {
    match folder {
        Some(folder) if !to.starts_with('/') => format!("{folder}/{to}"),
        _ => to.to_owned(),
    }
}

/// The variables set before a command, and its words.
fn stripped(words: Vec<String>) -> (Vec<(String, String)>, Vec<String>) {
    let mut variables = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.peek() {
        let name = word.split('=').next().unwrap_or_default();
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if word.contains('=') && is_name {
            variables.extend(
                word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())),
            );
        } else if !(BEFORE.contains(&word.as_str()) || word == "env" || word == "cross-env") {
            break;
        }
        words.next();
    }
    (variables, words.collect())
}

/// The text between two separators.
struct Piece {
    line: u32,
    words: Vec<String>,
    /// True after `||`.
    is_alternative: bool,
}

/// The text split at line ends, `;`, `&&`, `||`, `|`, `&` and brackets.
fn pieces(text: &str, first: u32) -> Vec<Piece> {
    let mut cutter = Cutter { line: first, ..Cutter::default() };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('\r') if chars.peek() == Some(&'\n') => {
                    chars.next();
                    cutter.line += 1;
                }
                Some('\n') => cutter.line += 1,
                Some(next) => cutter.push(next),
                None => {}
            },
            '\'' | '"' => {
                cutter.begin();
                while let Some(inner) = chars.next() {
                    match inner {
                        _ if inner == c => break,
                        '\\' if c == '"' => {
                            if let Some(next) = chars.next() {
                                cutter.push(next);
                            }
                        }
                        _ => cutter.push(inner),
                    }
                }
            }
            '#' if cutter.word.is_none() => {
                while chars.peek().is_some_and(|next| *next != '\n') {
                    chars.next();
                }
            }
            '\n' => {
                cutter.end_piece();
                cutter.is_alternative = false;
                cutter.line += 1;
            }
            ';' | '&' | '|' | '(' | ')' if !(c == '&' && cutter.is_redirected()) => {
                cutter.end_piece();
                let is_double = chars.peek() == Some(&c);
                // `||` applies to the whole bracket after it.
                cutter.is_alternative = match c {
                    '|' if is_double => true,
                    ';' | ')' => false,
                    _ => cutter.is_alternative,
                };
                if is_double && c == '|' {
                    chars.next();
                }
            }
            c if c.is_whitespace() => cutter.end_word(),
            c => cutter.push(c),
        }
    }
    cutter.end_piece();
    cutter.pieces
}

#[derive(Default)]
struct Cutter {
    line: u32,
    word: Option<String>,
    words: Vec<String>,
    start: u32,
    is_alternative: bool,
    pieces: Vec<Piece>,
}

impl Cutter {
    fn begin(&mut self) {
        if self.words.is_empty() && self.word.is_none() {
            self.start = self.line;
        }
        self.word.get_or_insert_default();
    }

    fn push(&mut self, c: char) {
        self.begin();
        if let Some(word) = &mut self.word {
            word.push(c);
        }
        self.line += u32::from(c == '\n');
    }

    /// The `&` in `2>&1` doesn't end a command.
    fn is_redirected(&self) -> bool {
        self.word.as_ref().is_some_and(|word| word.ends_with('>'))
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end_piece(&mut self) {
        self.end_word();
        if !self.words.is_empty() {
            let (line, words) = (self.start, std::mem::take(&mut self.words));
            self.pieces.push(Piece { line, words, is_alternative: self.is_alternative });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::commands;

    fn words(text: &str) -> Vec<String> {
        commands(text, 1)
            .into_iter()
            .map(|command| format!("{}: {}", command.line, command.words.join(" ")))
            .collect()
    }

    #[test]
    fn commands_are_separated_and_keep_their_line_numbers() {
        for (text, expected) in [
            ("npm ci", &["1: npm ci"][..]),
            ("npm ci && npm test; echo done", &["1: npm ci", "1: npm test", "1: echo done"]),
            (
                "apk add python3 \\\n  make && \\\n  npm ci",
                &["1: apk add python3 make", "3: npm ci"],
            ),
            ("a\n# npm ci\n\nb # npm ci\nc", &["1: a", "4: b", "5: c"]),
            ("echo 'npm ci' \"a && b\"", &["1: echo npm ci a && b"]),
            ("if [ -f x ]; then npm ci; fi", &["1: [ -f x ]", "1: npm ci"]),
            ("CI=1 npm ci", &["1: npm ci"]),
            ("sudo env A=b npm ci", &["1: npm ci"]),
            ("bash -lc \"npm ci && npm test\"", &["1: npm ci", "1: npm test"]),
            ("corepack pnpm install", &["1: pnpm install"]),
            ("(npm ci)", &["1: npm ci"]),
            ("npm ci > log 2>&1 || true", &["1: npm ci > log 2>&1", "1: true"]),
            ("npm ci \\\r\n --x\r\nnext", &["1: npm ci --x", "3: next"]),
            ("", &[]),
            ("'", &[]),
            ("\\", &[]),
        ] {
            let found = words(text);
            let found: Vec<&str> =
                found.iter().map(String::as_str).filter(|word| *word != "1: ").collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn commands_that_can_be_skipped_are_conditional() {
        let conditional = |text: &str| -> Vec<bool> {
            let found = commands(text, 1).into_iter().filter(|command| command.words[0] == "npm");
            found.map(|command| command.is_conditional).collect()
        };
        assert_eq!(conditional("test -d node_modules || npm ci"), [true]);
        assert_eq!(conditional("x || (cd y && npm ci); npm test"), [true, false]);
        assert_eq!(conditional("x && npm ci\nnpm test"), [false, false]);
        assert_eq!(
            conditional("if [ ! -d node_modules ]; then\n  npm ci\nfi\nnpm test"),
            [true, false]
        );
    }

    #[test]
    fn cd_and_variables_are_kept() {
        let found = commands("cd web && cd app && A=1 npm ci", 1);
        let last = found.last().expect("a command");
        assert_eq!(last.folder.as_deref(), Some("web/app"));
        assert_eq!(last.variables, [("A".to_owned(), "1".to_owned())]);
    }
}
