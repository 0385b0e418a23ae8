//! The scripts of an app: the files that a path means, and the names that a script loads.

use crate::project::{Token, tokens};

/// The files that a path may mean: the script, and the source that a compiler turns into it.
pub(super) fn sources(path: &str) -> Vec<String> {
    let mut all = vec![path.to_owned()];
    let stem = [".js", ".mjs", ".cjs"].iter().find_map(|end| path.strip_suffix(end));
    let base = stem.unwrap_or(path).to_owned();
    for end in ["js", "mjs", "cjs", "ts", "mts", "cts", "tsx"] {
        all.push(format!("{base}.{end}"));
    }
    for end in ["js", "ts", "mjs", "mts"] {
        all.push(format!("{path}/index.{end}"));
    }
    for output in ["dist/", "build/", "lib/", "out/"] {
        let at = base.strip_prefix("./").unwrap_or(&base);
        let Some(rest) = at.strip_prefix(output) else { continue };
        let rest = rest.strip_prefix("src/").unwrap_or(rest);
        for end in ["ts", "mts", "js", "mjs", "tsx"] {
            all.push(format!("src/{rest}.{end}"));
            all.push(format!("{rest}.{end}"));
        }
    }
    all
}

/// The names in `require("…")`, `import "…"`, `import("…")` and `from "…"`.
pub(super) fn loaded(text: &str) -> Vec<String> {
    let all = tokens(text);
    let mut names = Vec::new();
    for (at, token) in all.iter().enumerate() {
        let Token::Text(name) = token else { continue };
        let before = |back: usize| at.checked_sub(back).and_then(|at| all.get(at));
        let is_call = matches!(before(1), Some(Token::Mark("(")))
            && matches!(before(2), Some(Token::Word("require" | "import")));
        let is_import = matches!(before(1), Some(Token::Word("import" | "from")));
        if is_call || is_import {
            names.push(name.clone());
        }
    }
    names
}
