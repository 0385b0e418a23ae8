//! Files with many kinds of damage: no reader may panic or exceed its time.

use std::collections::HashMap;
use std::time::Instant;

use super::budget::Budget;
use super::compose::Argument;
use super::damage::damaged;
use super::plans::Service;
use super::spot::FileError;
use super::{compose, dockerfile, workflows};

const DOCKERFILE: &str = "# syntax=docker/dockerfile:1\n# escape=\\\nARG V=20\nFROM --platform=$B \
    node:${V:-20}-alpine AS a\nENV A=b C=\"d e\"\n\
    WORKDIR $A/x\nCOPY --from=a --chown=x:y [\"a b\", \"/c\"]\nRUN <<EOF <<-'X'\nnpm ci\nEOF\n\ty\n\
    X\nRUN apk add \\\n # c\n g++ && npm ci\n\
    RUN [\"sh\", \"-c\", \"npm i\"]\nHEALTHCHECK --interval=1s CMD x\nONBUILD RUN y\nVOLUME \
    [\"/a\"]\nADD . /x\n";
const YAML: &str = "x: &x\n  image: node:${V:-20}\n  script: [npm ci, [npm test]]\nvariables: {V: \
    '20'}\non: push\nservices:\n  a:\n    <<: *x\n    extends: {service: b}\n\
    \x20   build: {context: ., args: [A=b]}\n    volumes:\n      - .:/app\n      - {type: bind, \
    source: ., target: /b}\njobs:\n  t:\n    runs-on: ${{ matrix.os }}\n    strategy:\n\
    \x20     matrix: {os: [a, b], include: [{os: c}]}\n    steps:\n      - uses: \
    actions/cache@v4\n        with: {path: |-\n          node_modules\n, key: \"${{ env.A || 'x' \
    }}-é\"}\n\
    \x20     - run: >\n          npm ci\n          && x\n.t: {cache: [{key: {files: [a]}, paths: \
    [b]}]}\nj: {extends: [.t, x], script: !reference [.t, x]}\n";

/// The result of each reader: `true` if the parser itself failed.
fn read(text: &str) -> [bool; 4] {
    let gave_up =
        |result: Option<FileError>| result.is_some_and(|error| error.message.contains("gave up"));
    let values = HashMap::from([("V".to_owned(), "22".to_owned())]);
    let arguments =
        HashMap::from([("V".to_owned(), Argument { text: "22".to_owned(), is_secret: false })]);
    let action = |_: &str| Some(text.to_owned());
    let budget = Budget::default;
    [
        gave_up(dockerfile::parse(text, &arguments, &budget()).err()),
        gave_up(compose::parse(text, &values, &budget()).err()),
        gave_up(workflows::parse(text, &workflows::Actions::new(&action), &budget()).err()),
        gave_up(Service::GitLab.parse(text, &budget()).err()),
    ]
}

#[test]
fn damaged_files_are_read_or_give_an_error() {
    let started = Instant::now();
    for original in [DOCKERFILE, YAML] {
        for text in damaged(original, 1500) {
            assert_eq!(read(&text), [false; 4], "{text}");
        }
    }
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn repeated_pieces_are_read_quickly() {
    let pieces = [
        "a: ",
        "- ",
        "? ",
        "[",
        "{",
        "\"",
        "'",
        "&a ",
        "*a ",
        "\\\n",
        "RUN a \\\n",
        "FROM a\n",
        "${",
        "$",
        "<<A ",
        "\n\n",
        "#\n",
        "| ",
        "a: |\n ",
        "a:\n ",
    ];
    for piece in pieces {
        for start in ["", "FROM a\nRUN ", "FROM a\nENV ", "jobs: ", "services:\n  a:\n    image: "]
        {
            let text = format!("{start}{}", piece.repeat(200_000 / piece.len()));
            let started = Instant::now();
            read(&text);
            assert!(
                started.elapsed().as_secs() < 10,
                "{start:?} {piece:?} {:?}",
                started.elapsed()
            );
        }
    }
}

/// Files that would need gigabytes or hours if their variables, aliases and lists were expanded
/// completely.
fn bombs() -> Vec<(&'static str, String)> {
    let doubling = |first: &str, line: &dyn Fn(usize) -> String| {
        format!("{first}{}", (1..60).map(line).collect::<String>())
    };
    let env =
        doubling("FROM a\nENV a0=xxxxxxxx\n", &|n| format!("ENV a{n}=$a{}$a{}\n", n - 1, n - 1));
    let arg = doubling("ARG a0=xxxxxxxx\n", &|n| format!("ARG a{n}=$a{}$a{}\n", n - 1, n - 1));
    let of_stage = doubling("FROM a\nARG a0=xxxxxxxx\n", &|n| {
        format!("ARG a{n}=${{a{}:-x}}$a{}\n", n - 1, n - 1)
    });
    let gitlab =
        doubling("variables:\n  a0: xxxxxxxx\n", &|n| format!("  a{n}: $a{}$a{}\n", n - 1, n - 1));
    let workflow = doubling("env:\n  a0: xxxxxxxx\n", &|n| {
        format!("  a{n}: ${{{{ env.a{} }}}}${{{{ env.a{} }}}}\n", n - 1, n - 1)
    });
    let fan = |level: usize| "${{ env.b }}".replace('b', &format!("b{level}")).repeat(2000);
    let fans: String = (0..5).map(|level| format!("  b{level}: {}\n", fan(level + 1))).collect();
    let aliases = |text: &str| {
        let level =
            |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
        format!("a0: &a0 [{text}]\n{}", (1..40).map(level).collect::<String>())
    };
    let wide = |count: usize| (0..count).map(|n| format!("  v{n}: x\n")).collect::<String>();
    let jobs =
        |count: usize, body: &str| (0..count).map(|n| format!("j{n}:\n{body}")).collect::<String>();
    vec![
        ("ENV", format!("{env}WORKDIR /$a59\nRUN npm ci\nCOPY $a59 .\n")),
        ("ARG", format!("{arg}FROM node:$a59\n")),
        ("ARG of a stage", format!("{of_stage}WORKDIR $a59\n")),
        ("WORKDIR", format!("FROM a\n{}", "WORKDIR abcdefgh\n".repeat(60_000))),
        ("FROM", "FROM node:20 AS a\n".repeat(58_000)),
        (
            "FROM of stages",
            format!(
                "FROM a AS s0\n{}",
                (1..40_000).map(|n| format!("FROM s{} AS s{n}\n", n - 1)).collect::<String>()
            ),
        ),
        ("COPY", format!("FROM node:20\n{}", "COPY . .\n".repeat(100_000))),
        (
            "RUN",
            format!(
                "FROM node:20\nENV npm_config_a={}\n{}",
                "x".repeat(3000),
                "RUN npm ci\n".repeat(90_000)
            ),
        ),
        (
            "variables of a stage",
            format!(
                "FROM a AS a\n{}{}",
                wide(30_000).replace("  v", "ENV v").replace(": ", "="),
                "FROM a AS a\n".repeat(30_000)
            ),
        ),
        (
            "GitLab's variables",
            format!("{gitlab}{}", jobs(64, "  image: $a59\n  script: npm ci\n")),
        ),
        (
            "GitLab's jobs",
            format!(
                "variables: &v\n{}.t: &t\n  variables: *v\n{}",
                wide(50_000),
                jobs(64, "  extends: [.t, .t, .t, .t]\n  image: $v1\n  script: x\n")
            ),
        ),
        ("GitLab's aliases", format!("{}j:\n  script: *a39\n  cache: *a39\n", aliases(""))),
        (
            "variables of a workflow",
            format!("{workflow}jobs:\n  t:\n    container: ${{{{ env.a59 }}}}\n"),
        ),
        ("fan of a workflow", format!("env:\n{fans}jobs:\n  t:\n    container: {}\n", fan(0))),
        (
            "alternatives",
            format!("jobs:\n  t:\n    runs-on: ${{{{ {} 1 }}}}\n", "a||".repeat(300_000)),
        ),
        (
            "steps by alias",
            format!(
                "x: &s\n{}jobs:\n{}",
                "  - run: npm ci\n".repeat(500),
                jobs(20_000, "    steps: *s\n").replace("\nj", "\n  j").replacen('j', "  j", 1)
            ),
        ),
        (
            "actions in actions",
            "inputs: {a: {default: x}}\nruns: &r {steps: [{uses: ./a}, {uses: ./a}]}\njobs:\n  \
                t:\n    steps:\n"
                .to_owned()
                + &"      - uses: ./a\n".repeat(40_000),
        ),
        (
            "environments",
            format!(
                "env:\n{}jobs:\n  t:\n    steps:\n{}",
                wide(30_000),
                "      - {run: x, env: {A: b}}\n".repeat(20_000)
            ),
        ),
        (
            "mounts",
            format!(
                "services:\n  a:\n    image: node:20\n    volumes:\n{}",
                "      - .:/app\n".repeat(66_000)
            ),
        ),
        (
            "mounts by alias",
            format!(
                "x: &v\n{}services:\n{}",
                "  - .:/app\n".repeat(1000),
                (0..20_000)
                    .map(|n| format!("  s{n}: {{image: node, volumes: *v}}\n"))
                    .collect::<String>()
            ),
        ),
        (
            "extends",
            format!(
                "services:\n{}",
                (0..20_000)
                    .map(|n| format!("  s{n}: {{extends: s{}, volumes: [a, b]}}\n", n + 1))
                    .collect::<String>()
            ),
        ),
        (
            "arguments",
            format!(
                "x: &x\n{}services:\n{}",
                wide(20_000),
                (0..2000)
                    .map(|n| format!("  s{n}: {{build: {{context: ., args: *x}}}}\n"))
                    .collect::<String>()
            ),
        ),
        ("defaults", format!("services:\n  a:\n    image: {}\n", "${A:-".repeat(100_000))),
    ]
}

/// Time limit for one file in milliseconds, for a build without much optimization on a busy
/// computer.
const PATIENCE: u128 = 2500;

#[test]
fn no_file_costs_more_than_its_share() {
    for (name, text) in bombs() {
        let started = Instant::now();
        assert_eq!(read(&text), [false; 4], "{name}");
        assert!(started.elapsed().as_millis() < PATIENCE, "{name}: {:?}", started.elapsed());
    }
}
