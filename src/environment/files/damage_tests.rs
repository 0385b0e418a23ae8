//! Files that were damaged in many ways: no reader may panic or run on.

use std::collections::HashMap;
use std::time::Instant;

use super::{FileError, compose, dockerfile, gitlab, workflows};

const DOCKERFILE: &str = "# syntax=docker/dockerfile:1\n# escape=\\\nARG V=20\nFROM --platform=$B node:${V:-20}-alpine AS a\nENV A=b C=\"d e\"\n\
    WORKDIR $A/x\nCOPY --from=a --chown=x:y [\"a b\", \"/c\"]\nRUN <<EOF <<-'X'\nnpm ci\nEOF\n\ty\nX\nRUN apk add \\\n # c\n g++ && npm ci\n\
    RUN [\"sh\", \"-c\", \"npm i\"]\nHEALTHCHECK --interval=1s CMD x\nONBUILD RUN y\nVOLUME [\"/a\"]\nADD . /x\n";
const YAML: &str = "x: &x\n  image: node:${V:-20}\n  script: [npm ci, [npm test]]\nvariables: {V: '20'}\non: push\nservices:\n  a:\n    <<: *x\n    extends: {service: b}\n\
    \x20   build: {context: ., args: [A=b]}\n    volumes:\n      - .:/app\n      - {type: bind, source: ., target: /b}\njobs:\n  t:\n    runs-on: ${{ matrix.os }}\n    strategy:\n\
    \x20     matrix: {os: [a, b], include: [{os: c}]}\n    steps:\n      - uses: actions/cache@v4\n        with: {path: |-\n          node_modules\n, key: \"${{ env.A || 'x' }}-é\"}\n\
    \x20     - run: >\n          npm ci\n          && x\n.t: {cache: [{key: {files: [a]}, paths: [b]}]}\nj: {extends: [.t, x], script: !reference [.t, x]}\n";

/// What happened to each: `true` where the parser itself gave up.
fn read(text: &str) -> [bool; 4] {
    let gave_up = |result: Option<FileError>| result.is_some_and(|error| error.message.contains("gave up"));
    let values = HashMap::from([("V".to_owned(), "22".to_owned())]);
    [
        gave_up(dockerfile::parse(text, &values).err()),
        gave_up(compose::parse(text, &values).err()),
        gave_up(workflows::parse(text, &|_| Some(text.to_owned())).err()),
        gave_up(gitlab::parse(text).err()),
    ]
}

#[test]
fn damaged_files_are_errors_or_read_and_nothing_else() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap_or(0)
    };
    let pieces: Vec<&str> =
        "\n|\\\n|\t|  |: |- |[|]|{|}|&a |*a|\"|'|${|${{|}}|<<|<<EOF|#|!|%|?|,|RUN|FROM|\u{feff}|é|\r|||&&|$(|`|---|...|>|~|\u{0}"
            .split('|')
            .collect();
    let started = Instant::now();
    for original in [DOCKERFILE, YAML] {
        for _ in 0..1500 {
            let mut text: Vec<char> = original.chars().collect();
            for _ in 0..=next(4) {
                let at = next(text.len());
                match next(3) {
                    0 => {
                        let end = (at + next(12)).min(text.len());
                        text.drain(at..end);
                    }
                    1 => drop(text.splice(at..at, pieces[next(pieces.len())].chars())),
                    _ => text.truncate(at.max(1)),
                }
            }
            let text: String = text.into_iter().collect();
            assert_eq!(read(&text), [false; 4], "{text}");
        }
    }
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn repeated_pieces_end_soon() {
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
        for start in ["", "FROM a\nRUN ", "FROM a\nENV ", "jobs: ", "services:\n  a:\n    image: "] {
            let text = format!("{start}{}", piece.repeat(200_000 / piece.len()));
            let started = Instant::now();
            read(&text);
            assert!(started.elapsed().as_secs() < 10, "{start:?} {piece:?} {:?}", started.elapsed());
        }
    }
}
