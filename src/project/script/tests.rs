//! Scripts read as a whole.

use super::work::Work;
use std::collections::HashMap;

use super::expression::{MOST_TOKENS, evaluate};
use super::host::Host;
use super::lexer::tokens;
use super::reader::ScriptReader;
use super::said::{Argument, Flow, Mention, Said};
use super::value::{Constants, Scope, Value, text};
use crate::model::Convention;
use crate::runtime::test_host;

fn mentions(files: &[(&str, &str)]) -> Vec<Said> {
    let files: HashMap<&str, &str> = files.iter().copied().collect();
    let read = |path: &str| files.get(path).map(ToString::to_string);
    let is_addon = |path: &str| path.ends_with(".node") && files.contains_key(path);
    let mut said = Vec::new();
    let mut listener = |one: Said| {
        said.push(one);
        Flow::On
    };
    let runtime = test_host();
    ScriptReader::new(&read, &is_addon, Some(Host::new(&runtime)), &mut listener).module("index");
    said
}

fn loader(loader: &'static Convention, folder: &str, values: &[&str]) -> Mention {
    let values = values.iter().map(ToString::to_string).collect();
    Mention::Loader {
        loader,
        folder: folder.to_owned(),
        arguments: vec![Argument { values, ..Argument::default() }],
    }
}

#[test]
fn calls_of_loaders_are_seen_however_they_are_written() {
    for script in [
        "module.exports = require('bindings')('x')",
        "const load = require('bindings'); load('x')",
        "import load from 'bindings'\nexport default load('x')",
        "var bindings_1 = __importDefault(require(\"bindings\"));\nexports.a = (0, \
            bindings_1.default)(\"x\")",
        "var bindings_1 = require('bindings'); module.exports = bindings_1.default('x')",
        "var addon = require('bindings')('x'); addon.run('y')",
        "const { load: open } = require('bindings'); module.exports = open('x')",
        "export default typeof process.versions.bun === 'string' ? await import('./y.node') : \
            (await import('bindings')).default('x')",
    ] {
        let said = mentions(&[("index.js", script)]);
        assert_eq!(
            said.iter().map(|said| &said.mention).collect::<Vec<_>>(),
            [&loader(&Convention::Bindings, "", &["x"])],
            "{script}"
        );
    }
}

#[test]
fn scripts_are_followed_in_their_order() {
    let said = mentions(&[
        ("index.js", "try { module.exports = require('./lib/native') } catch { require('./js') }"),
        (
            "lib/native.js",
            "require('node-gyp-build')(require('path').join(__dirname, '..'))\n\
                require('../a.node')",
        ),
        ("a.node", ""),
        ("js.js", "require(`@x/y-${process.platform}`)"),
    ]);
    let found: Vec<_> = said.iter().map(|said| (&said.mention, said.guarded)).collect();
    assert_eq!(
        found,
        [
            (&loader(&Convention::NodeGypBuild, "lib", &["\u{1}/.."]), true),
            (&Mention::Package("path".to_owned()), true),
            (&Mention::Path { path: "a.node".to_owned(), required: true }, true),
            (&Mention::Package("@x/y-linux".to_owned()), false),
        ]
    );
}

#[test]
fn expressions_become_patterns() {
    let mut constants = Constants::new();
    constants.insert("name", text("x").into_iter().chain(text("y")).collect());
    constants.insert("systems", vec![Value::List(vec!["win32".to_owned(), "darwin".to_owned()])]);
    let runtime = test_host();
    let scope =
        Scope { constants: &constants, host: Some(Host::new(&runtime)), work: &Work::default() };
    for (script, expected) in [
        ("'a' + 'b'", vec!["ab"]),
        ("`a-${process.platform}-${arch()}-${libc()}.node`", vec!["a-linux-x64-\u{2}.node"]),
        (
            "path.join(__dirname, '..', 'bin', process.platform + '-' + name)",
            vec!["\u{1}/../bin/linux-x", "\u{1}/../bin/linux-y"],
        ),
        (
            "require('os').platform() + process.versions.modules + os_1.default.arch()",
            vec!["linux127x64"],
        ),
        ("(0, path_1.resolve)(__dirname, 'a')", vec!["\u{1}/a"]),
        ("path_1.default.resolve(__dirname, \"..\", \"build\")", vec!["\u{1}/../build"]),
        ("musl ? 'm' : 'g'", vec!["m", "g"]),
        ("process.env.CORE ? 'core' : 'plain'", vec!["plain"]),
        ("process.env.npm_config_arch || process.arch", vec!["x64"]),
        ("process.platform === 'linux' ? 'l' : ''", vec!["l"]),
        (
            "process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'osx' : \
                process.platform",
            vec!["linux"],
        ),
        ("isWindows || process.arch !== 'x64' ? 'a' : 'b'", vec!["b"]),
        ("systems.includes(process.platform) ? 'a' : 'b'", vec!["b"]),
        ("!['linux', 'x'].includes(process.platform) ? 'a' : 'b'", vec!["b"]),
        ("process.platform.startsWith('win') ? 'a' : 'b'", vec!["b"]),
        ("process.platform.replace('linux', 'l')", vec!["l"]),
        ("process.platform.replace(/x$/, '')", vec!["\u{2}"]),
        ("ready && process.platform === 'linux' ? 'a' : 'b'", vec!["a", "b"]),
        ("ready && process.platform === 'win32' ? 'a' : 'b'", vec!["b"]),
        ("given || './build/x.node'", vec!["\u{2}", "./build/x.node"]),
        ("dirname(fileURLToPath(import.meta.url)).replace(/dist$/, '')", vec!["\u{1}/@/.."]),
        ("fileURLToPath(new URL('./x.node', import.meta.url))", vec!["\u{1}/./x.node"]),
        ("[a, b].join('-')", vec!["\u{2}"]),
        (
            "\"../p/\".concat(os.platform(), \"-\").concat(os.arch(), \"/x\")",
            vec!["../p/linux-x64/x"],
        ),
        ("`x.${parts.join('-')}.node`", vec!["x.\u{2}.node"]),
        ("require('path')?.(a)", vec!["\u{2}"]),
        ("require('path').join(__dirname, 'a')", vec!["\u{1}/a"]),
        ("function () {}", vec![]),
        ("f(() => { 'x' })", vec!["\u{2}"]),
    ] {
        let tokens = tokens(script);
        let found: Vec<_> =
            evaluate(&tokens, scope).values.into_iter().map(Value::into_text).collect();
        assert_eq!(found, expected, "{script}");
    }
}

#[test]
fn hostile_expressions_end() {
    for part in ["(", "f(", "a+", "`${", "a?", "[", "new ", "x.y(", "(0,a)(", "'a'+("] {
        let text = part.repeat(50_000);
        let tokens = tokens(&text);
        assert!(
            evaluate(
                &tokens,
                Scope { constants: &Constants::new(), host: None, work: &Work::default() }
            )
            .used
                <= MOST_TOKENS
        );
    }
}

#[test]
fn a_chain_of_numbers_is_read_once() {
    let chain = "a & ".repeat(10_000);
    let script = format!("const w = 'win'; require('b' & {chain} './x.node'); './y.node'");
    let files = HashMap::from([("index.js", script.as_str())]);
    let read = |path: &str| files.get(path).map(ToString::to_string);
    let mut said = Vec::new();
    let mut listener = |one: Said| {
        said.push(one.mention);
        Flow::On
    };
    let runtime = test_host();
    let is_addon = |_: &str| false;
    let mut reader = ScriptReader::new(&read, &is_addon, Some(Host::new(&runtime)), &mut listener);
    assert_eq!(reader.module("index"), Flow::On);
    assert!(reader.operands() < 100_000, "{}", reader.operands());
    let path = |path: &str| Mention::Path { path: path.to_owned(), required: false };
    assert_eq!(said, [path("x.node"), path("y.node")]);
}
