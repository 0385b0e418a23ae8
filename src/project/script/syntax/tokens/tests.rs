//! The tokens of scripts, also of texts that aren't JavaScript.

use super::tokens;
use crate::project::script::syntax::token::{Part, Token};

fn texts(script: &str) -> Vec<String> {
    tokens(script)
        .into_iter()
        .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
        .collect()
}

#[test]
fn strings_are_distinguished_from_comments_and_regular_expressions() {
    for (script, expected) in [
        ("a = 'b' // 'c'\n/* 'd' */ + \"e\\\"f\"", vec!["b", "e\"f"]),
        ("x.replace(/['\"]/g, 'y'); z = a / b / 'c'", vec!["y", "c"]),
        ("#!/usr/bin/env node 'x'\n'y'", vec!["y"]),
        ("/**/ 'x' /*/ 'y' */", vec!["x"]),
        ("\u{feff}a\u{a0}/ 'x' / 2", vec!["x"]),
        // A division only after the parentheses of a value.
        ("if (a) /'/.test(b); 'x'", vec!["x"]),
        ("while (f(a)) /'/.test(b); 'x'", vec!["x"]),
        ("(a) / 'x' / 2", vec!["x"]),
        ("a.if(b) / 'x' / 2", vec!["x"]),
        ("if (a) {} /'/.test('x')", vec!["x"]),
        ("a = { b: 1 } / 'x' / 2", vec!["x"]),
        ("() => {}\n/'/.test('x')", vec!["x"]),
        ("i++ / 'x' / 2", vec!["x"]),
        ("return /'/.test('x')", vec!["x"]),
        ("a.return / 'x' / 2", vec!["x"]),
        ("1e-3 / 'x' / 2", vec!["x"]),
    ] {
        assert_eq!(texts(script), expected, "{script}");
    }
}

#[test]
fn escapes_are_resolved() {
    assert_eq!(texts(r"'\x61\u0062\u{63}\n\'\q\u{110000}'"), ["abc\n'q\u{fffd}"]);
    assert_eq!(texts(r"'\ud83d\ude00\ud83d\0\033[0m\477'"), ["\u{1f600}\u{fffd}\0\u{1b}[0m'7"]);
    assert_eq!(texts("'a\\\nb\\\r\nc'"), ["abc"]);
    assert_eq!(texts(r"'\xzz\u12'"), ["xzzu12"]);
}

#[test]
fn the_longest_punctuator_is_read() {
    let marks: Vec<_> = tokens("a?.b ?? c?.5:d >>>= e => f !== g ...h")
        .into_iter()
        .filter_map(|token| if let Token::Mark(mark) = token { Some(mark) } else { None })
        .collect();
    assert_eq!(marks, ["?.", "??", "?", ":", ">>>=", "=>", "!==", "..."]);
}

#[test]
fn a_keyword_at_the_end_of_its_line_ends_its_statement() {
    for (script, count) in
        [("return\nx", 3), ("return // y\nx", 3), ("return x\ny", 3), ("a.return\nx", 4)]
    {
        assert_eq!(tokens(script).len(), count, "{script}");
    }
    assert_eq!(tokens("break\nx")[1], Token::Mark(";"));
}

#[test]
fn templates_hold_their_expressions() {
    let found = tokens("`a${b + `c${'d'}`}e`");
    let [Token::Template(parts)] = found.as_slice() else {
        unreachable!("one template: {found:?}")
    };
    assert_eq!(parts[0], Part::Text("a".to_owned()));
    let Part::Expression(inner) = &parts[1] else { unreachable!("an expression") };
    assert_eq!(inner[..2], [Token::Word("b"), Token::Mark("+")]);
    assert_eq!(parts[2], Part::Text("e".to_owned()));
}

#[test]
fn no_text_causes_an_endless_loop() {
    for text in [
        "'",
        "`${",
        "/",
        "/*",
        "/*/",
        "\\",
        "`${`${`${",
        "\u{1f600}'\\\u{1f600}",
        "x = `${'}'}",
        "/[/",
        "..",
        "'\\",
        "'\\u{",
        "'\\u\u{1f600}",
        "#",
    ] {
        assert!(tokens(text).len() <= text.len());
    }
    let deep = "`${".repeat(100_000);
    assert!(!tokens(&deep).is_empty());
}
