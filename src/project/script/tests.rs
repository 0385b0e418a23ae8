//! Scripts read as a whole.

use std::collections::HashMap;

use super::host::Host;
use super::reader::ScriptReader;
use super::said::{Argument, Flow, Mention, Said};
use crate::model::Convention;
use crate::runtime::{RuntimeSpec, resolve, test_host};

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
            (&Mention::Path { path: String::new(), required: false }, true),
            (&Mention::Package("path".to_owned()), true),
            (&Mention::Path { path: "a.node".to_owned(), required: true }, true),
            (&Mention::Package("@x/y-linux".to_owned()), false),
        ]
    );
}

/// What a script may be made of to nest deeply, and what closes it.
const NESTED: [&str; 26] = [
    "(",
    "f(",
    "a+",
    "`${",
    "a?",
    "[",
    "new ",
    "x.y(",
    "(0,a)(",
    "'a'+(",
    "{",
    "a={a:",
    "!",
    "- ",
    "a=>",
    "a=",
    "if(a)",
    "if(a){",
    "else ",
    "for(;;)",
    "()=>{",
    "function a(){",
    "class A{a(){",
    "a||b&&c|d^e&f==g<h<<i+j*k**(",
    "async ",
    "try{",
];

/// The stack of a thread that reads scripts is as small as `src/crew.rs` makes it.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(test)
        .expect("a thread")
        .join()
        .expect("no panic");
}

#[test]
fn hostile_scripts_cost_a_limited_number_of_operands() {
    on_a_small_stack(|| {
        for part in NESTED {
            let script = format!("{} require('./x.node')", part.repeat(50_000));
            let (said, _, operands) = read(&script);
            assert!(operands < 1 << 21, "{part}: {operands}");
            assert!(said.len() < 10, "{part}: {said:?}");
        }
    });
}

/// What a script reports, whether the reader continues, and the operands that it evaluated.
fn read(script: &str) -> (Vec<Mention>, Flow, u64) {
    let read = |path: &str| (path == "index.js").then(|| script.to_owned());
    let mut said = Vec::new();
    let mut listener = |one: Said| {
        said.push(one.mention);
        Flow::On
    };
    let runtime = test_host();
    let is_addon = |_: &str| false;
    let mut reader = ScriptReader::new(&read, &is_addon, Some(Host::new(&runtime)), &mut listener);
    let flow = reader.module("index");
    let operands = reader.operands();
    (said, flow, operands)
}

#[test]
fn a_chain_of_numbers_is_read_once() {
    let chain = "a & ".repeat(10_000);
    let script = format!("const w = 'win'; require('b' & {chain} './x.node'); './y.node'");
    let (said, flow, operands) = read(&script);
    assert_eq!(flow, Flow::On);
    assert!(operands < 100_000, "{operands}");
    let path = |path: &str| Mention::Path { path: path.to_owned(), required: false };
    assert_eq!(said, [path("x.node"), path("y.node")]);
}

#[test]
fn a_swallowed_error_is_distinguished_from_one_that_is_thrown_later() {
    for (script, expected) in [
        ("try { require('x') } catch (e) { require('./fallback') }", true),
        ("try { require('x') } catch {}", true),
        ("try { require('x') } catch (e) { throw new Error('y', e) }", false),
        ("try { require('x') } catch (e) { errors.push(e) }", false),
        ("try { require('x') } catch (e) { last = e }", false),
        ("try { require('x') } catch (e) { last = e instanceof Error ? e : f(e) }", false),
        ("try { require('x') } catch {} if (!b) { throw new Error() }", false),
        ("try { require('x') } catch {} function f() { throw new Error() }", true),
        ("try { require('x') } catch {} class A { m() { throw 1 } }", true),
        ("function f() { try { return require('x') } catch {} } throw 1", true),
        (
            "try { require('x') } catch (e) { if (process.env.STRICT) { throw e } else { y() } \
                }",
            true,
        ),
        (
            "for (const n of a) { try { b = require('x'); break } catch { continue } } \
            if (!b) { throw new Error() }",
            false,
        ),
        ("for (const n of a) { try { b = require('x'); break } catch { continue } } y()", true),
        ("if (a) { try { b = require('x') } catch {} } if (!b) throw new Error()", false),
        ("a.forEach(() => { try { b = require('x') } catch {} }); if (!b) throw 1", true),
        ("try { require('x') } catch (e) { last = e } if (!b) { throw last }", false),
        (
            "try { require('x') } catch (e) { last = e } \
            class A { constructor() { if (!b) throw last } }",
            true,
        ),
        ("try { require('x') } catch (e) { last = e } function f() { throw last }", false),
        (
            "try { require('x') } catch (e) { errors.push(e) } \
            class A { m() { throw new Error('y', { cause: errors }) } }",
            true,
        ),
        ("try { require('x') } finally { y() }", false),
        ("require('x')", false),
    ] {
        let read = |path: &str| (path == "index.js").then(|| script.to_owned());
        let mut guarded = None;
        let mut listener = |said: Said| {
            if said.mention == Mention::Package("x".to_owned()) {
                guarded = Some(said.guarded);
            }
            Flow::On
        };
        ScriptReader::new(&read, &|_| false, None, &mut listener).module("index");
        assert_eq!(guarded, Some(expected), "{script}");
    }
}

#[test]
fn a_script_that_throws_on_a_system_rejects_it() {
    let by_arch = "const { platform, arch } = process; ";
    for (script, expected) in [
        ("if (platform === 'linux' && arch === 'x64') { a() } else { throw 1 }", true),
        ("if (platform === 'linux') { if (arch === 'x64') a(); else throw new Error(b) }", true),
        ("if (platform !== 'linux' || arch !== 'x64') throw 1; require('./x.node')", true),
        ("switch (platform) { case 'win32': a(); break; default: throw 1 }", true),
        (
            "switch (platform) { case 'linux': switch (arch) { case 'x64': a(); break; \
                default: throw 1 } break; default: throw 2 }",
            true,
        ),
        ("if (platform === 'linux') { a() } else { throw 1 }", false),
        ("if (a) { throw 1 }", false),
        ("if (platform === 'linux') { if (a) { b() } else { throw 1 } }", false),
        ("try { if (arch !== 'x64') throw 1 } catch {}", false),
        ("function f() { throw 1 }", false),
        ("for (const a of b) { throw a }", false),
        ("if (arch === 'arm64') { module.exports = a; return } throw 1", false),
        ("switch (platform) { case 'linux': a(); break; default: throw 1 }", false),
        ("switch (mode) { case 'x': throw 1 }", false),
        ("require('./other')", false),
    ] {
        let text = format!("{by_arch}{script}");
        let read = |path: &str| match path {
            "index.js" => Some(text.clone()),
            "other.js" => Some(format!("{by_arch} if (arch === 'arm64') throw 1")),
            _ => None,
        };
        let mut rejects = false;
        let mut listener = |said: Said| {
            rejects |= said.mention == Mention::Rejection;
            Flow::On
        };
        let spec = RuntimeSpec::Text("node@22/linux-arm64".to_owned());
        let arm = resolve(Some(&spec), &test_host()).expect("a runtime");
        ScriptReader::new(&read, &|_| false, Some(Host::new(&arm)), &mut listener).module("index");
        assert_eq!(rejects, expected, "{script}");
    }
}
