//! Random texts: sequences of tokens, valid scripts, and damaged texts of both kinds.

use crate::random::Random;

/// Tokens and pieces of scripts that the reader knows, or that could confuse it.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "`",
    "${",
    "'",
    "\"",
    "/",
    "//",
    "/*",
    "*/",
    "\\",
    ";",
    ",",
    ".",
    "?.",
    "...",
    "?",
    ":",
    "=",
    "==",
    "===",
    "!=",
    "!==",
    "=>",
    "+",
    "+=",
    "||",
    "&&",
    "??",
    "!",
    "<",
    ">",
    "try",
    "catch",
    "finally",
    "if",
    "else",
    "throw",
    "return",
    "function",
    "class",
    "new",
    "await",
    "typeof",
    "import",
    "export",
    "from",
    "default",
    "const",
    "a",
    "b",
    "c",
    "require",
    "__dirname",
    "__filename",
    "module.exports",
    "process.platform",
    "process.arch",
    "process.env.X",
    "createRequire",
    "import.meta.url",
    "\n",
    " ",
    "\r\n",
    "\t",
    "\0",
    "\u{1}",
    "\u{2}",
    "\u{feff}",
    "\u{1f600}",
    "\u{2028}",
    "é",
    "\\u{",
    "\\x4",
    "1",
    "0x1f",
    "1e9",
    "/[/",
    "/a/g",
    "'./a.node'",
    "'./build/Release/x'",
    "'bindings'",
    "'node-gyp-build'",
    "'../..'",
    "'./b'",
    "'@x/p-linux-x64'",
    "'linux'",
    "'win32'",
    "path.join",
    ".concat",
    ".replace",
    "push",
    "error",
    "switch",
    "case",
    "try{",
    "}catch(e){",
    "if(process.platform==='win32'){",
    "))",
    "require('./",
    "require(`",
    "load(",
    "load=require('bindings')",
    "(0,a.b)(",
    "b+=",
    "a=",
    "=a",
    "`x${",
    "}`",
    "<!--",
    "#!",
];

/// Valid scripts.
const SCRIPTS: &[&str] = &[
    "module.exports = require('bindings')('x')\n",
    "const load = require('node-gyp-build'); module.exports = load(require('path').join(__dirname, \
        '..'))\n",
    "try { module.exports = require('./build/Release/x.node') } catch (e) { module.exports = \
        require('./b') }\n",
    "const p = `@x/p-${process.platform}-${process.arch}`\ntry { module.exports = require(p) } \
        catch (e) { throw e }\n",
    "import { createRequire } from 'module'\nconst require = createRequire(import.meta.url)\n\
        export default require('./x.node')\n",
    "if (process.platform === 'win32') { require('./w.node') } else { \
        require(`./l-${process.arch}.node`) }\n",
    "var binary = require('@mapbox/node-pre-gyp'); var p = \
        binary.find(require('path').resolve('./package.json')); require(p)\n",
    "for (const f of ['a', 'b']) { try { m = require(path.join(__dirname, 'prebuilds', f + \
        '.node')); break } catch {} }\n",
    "function f(a) { return a.replace(/['\"`]/g, '') / 2 }\nexports.x = \
        f(require.resolve('./lib/b.js'))\n",
];

/// A script: valid, random tokens, deep, long or damaged.
pub fn script(random: &mut Random) -> Vec<u8> {
    let mut text = match random.below(10) {
        0..=2 => (0..1 + random.below(4)).map(|_| *random.pick(SCRIPTS)).collect(),
        3..=6 => soup(1 << random.below(13), random),
        // One or two pieces, repeated.
        7 => {
            let part = format!(
                "{}{}",
                random.pick(TOKENS),
                if random.one_in(2) { *random.pick(TOKENS) } else { "" }
            );
            part.repeat((1 << random.below(17)) / part.len().max(1))
        }
        // Deeply nested, with contents, and mostly closed.
        8 => {
            let (open, close) = *random.pick(&[
                ("(", ")"),
                ("[", "]"),
                ("{", "}"),
                ("`${", "}`"),
                ("try{", "}catch{}"),
                ("f(", ")"),
                ("a?", ":b"),
                ("if(a){", "}"),
                ("new ", ""),
                ("(0,a)(", ")"),
                ("function(){", "}"),
                ("x=>{", "}"),
            ]);
            let depth = 1 << random.below(13);
            format!(
                "{}{}{}",
                open.repeat(depth),
                soup(20, random),
                close.repeat(depth - random.below(2))
            )
        }
        _ => format!("{}{}{}", random.pick(SCRIPTS), soup(30, random), random.pick(SCRIPTS)),
    };
    if random.one_in(200) {
        text = text.repeat(((1 << 20) / text.len().max(1)).min(1 << 16));
    }
    damaged(text.into_bytes(), random)
}

fn soup(count: usize, random: &mut Random) -> String {
    (0..count).map(|_| *random.pick(TOKENS)).collect()
}

/// A text with some bytes changed, moved, removed or doubled. Half of the texts stay unchanged.
pub fn damaged(mut text: Vec<u8>, random: &mut Random) -> Vec<u8> {
    if random.one_in(2) || text.is_empty() {
        return text;
    }
    for _ in 0..1 + random.below(6) {
        let at = random.below(text.len());
        let end = (at + (1 << random.below(7))).min(text.len());
        match random.below(8) {
            0 => text[at] ^= 1 << random.below(8),
            1 => text[at] = *random.pick(b"\0\xff\x80\xc3\xf0\n\"'\\{}[]/`$,:"),
            2 => drop(text.drain(at..end)),
            3 => {
                let part = text[at..end].to_vec();
                let to = random.below(text.len());
                text.splice(to..to, part);
            }
            4 if random.one_in(4) => text.truncate(at),
            5 => {
                let part = random.pick(TOKENS).bytes();
                text.splice(at..at, part);
            }
            6 => {
                let number = *random.pick(&[
                    "0",
                    "-1",
                    "1e400",
                    "4294967295",
                    "18446744073709551616",
                    "null",
                    "[]",
                    "{}",
                    "\"\"",
                    "true",
                ]);
                text.splice(at..at, number.bytes());
            }
            _ => {
                let part = text[at..end].to_vec().repeat(1 + random.below(50));
                text.splice(at..at, part);
            }
        }
        if text.is_empty() {
            break;
        }
    }
    text
}
