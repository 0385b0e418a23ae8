//! Published packages that were judged wrongly once: each row has the part that decides.

use super::fake::{BINDINGS, Fake, GYP, PLAIN, PRE_GYP, chosen, said};
use crate::project::loader::Lack;

#[test]
fn published_packages_load_what_their_scripts_say() {
    type Row<'a> = (&'a str, Fake<'a>, &'a [&'a str], &'a str, &'a str, Option<Lack>);
    // @yukikaze-bot/erlpack: node-pre-gyp doesn't know the token.
    let unknown_token = Fake {
        manifest: r#"{"name":"a","binary":{"module_name":"x",
            "module_path":"./b/{node_abi}-{libc}-{libc_version}/"}}"#,
        ..PRE_GYP
    };
    let known_token = Fake {
        manifest: r#"{"name":"a","dependencies":{"@discordjs/node-pre-gyp":"0.4"},
            "binary":{"module_name":"x","module_path":"./b/{node_abi}-{libc}-{libc_version}/"}}"#,
        ..PRE_GYP
    };
    // system-ca: packages about a system, not for one.
    let about_systems = Fake {
        manifest: r#"{"name":"a","optionalDependencies":{"macos-export-certificate":"2",
            "win-export-certificate":"3"}}"#,
        ..PLAIN
    };
    // node-window-manager
    let backticks = Fake {
        texts: &[(
            "index.js",
            "if (os_1.platform() === 'win32' || os_1.platform() === 'darwin') {
                addon = require(`node-gyp-build`)(path_1.resolve(__dirname, '..')) }",
        )],
        ..GYP
    };
    // node-pngquant-native
    let path_of_a_function = Fake {
        texts: &[(
            "index.js",
            "const binding = 'x.node'
            function getPath() {
                return path.join(__dirname, 'vendor', os.platform() + '-' + binding) }
            module.exports = require(getPath())",
        )],
        ..PLAIN
    };
    // active-win
    let imported = Fake {
        texts: &[
            (
                "index.js",
                "import { a } from './lib/windows.js'; import { b } from './lib/macos.js'",
            ),
            ("lib/windows.js", "export const a = require('../x.node')"),
            ("lib/macos.js", "export function b() { return require('../y.node') }"),
        ],
        ..PLAIN
    };
    let imported_by_name = Fake {
        manifest: r##"{"name":"a","imports":{"#windows":"./lib/windows.js"}}"##,
        texts: &[
            ("index.js", "import { a } from '#windows'"),
            ("lib/windows.js", "export const a = require('../x.node')"),
        ],
        ..PLAIN
    };
    let shared = Fake {
        texts: &[
            ("index.js", "import './lib/windows.js'; require('./lib/shared.js')"),
            ("lib/windows.js", "require('./shared.js')"),
            ("lib/shared.js", "exports.load = function () { return require('../x.node') }"),
        ],
        ..PLAIN
    };
    let required = Fake {
        texts: &[
            ("index.js", "if (z) require('./lib/windows.js')"),
            ("lib/windows.js", "module.exports = require('../x.node')"),
        ],
        ..PLAIN
    };
    let rows: &[Row<'_>] = &[
        (
            "a module for another system that is imported",
            imported,
            &["x.node", "y.node"],
            "node@22/linux-x64",
            "x.node",
            None,
        ),
        (
            "a module for another system that is imported by a name",
            imported_by_name,
            &["x.node"],
            "node@22/linux-x64",
            "x.node",
            None,
        ),
        (
            "a script that both systems require",
            shared,
            &["x.node", "y.node"],
            "node@22/linux-x64",
            "x.node",
            None,
        ),
        (
            "a module for another system that is required",
            required,
            &["x.node"],
            "node@22/linux-x64",
            "-",
            None,
        ),
        (
            "an unknown token stays",
            unknown_token,
            &["b/node-v127-glibc-{libc_version}/x.node"],
            "node@22/linux-x64-glibc2.36",
            "b/node-v127-glibc-{libc_version}/x.node",
            None,
        ),
        (
            "a token of a fork",
            known_token,
            &["b/node-v127-glibc-2.36/x.node"],
            "node@22/linux-x64-glibc2.36",
            "b/node-v127-glibc-2.36/x.node",
            None,
        ),
        ("packages about systems", about_systems, &[], "node@22/linux-x64", "-", None),
        (
            "a loader in backticks, elsewhere",
            backticks,
            &["build/Release/addon.node"],
            "node@22/linux-x64",
            "-",
            None,
        ),
        (
            "a loader in backticks",
            backticks,
            &["build/Release/addon.node"],
            "node@22/win32-x64",
            "build/Release/addon.node",
            None,
        ),
        (
            "the path that a function returns",
            path_of_a_function,
            &["vendor/darwin-x.node", "vendor/linux-x.node"],
            "node@22/linux-x64",
            "vendor/linux-x.node",
            None,
        ),
        (
            "the path that a function returns, missing",
            path_of_a_function,
            &["vendor/darwin-x.node"],
            "node@22/linux-x64",
            "-",
            Some(Lack::Prebuild),
        ),
        ("a plain loader", BINDINGS, &["build/x.node"], "node@22/linux-x64", "build/x.node", None),
    ];
    for (title, package, files, spec, expected, lack) in rows {
        let choice = chosen(Fake { files, ..*package }, &[], spec);
        assert_eq!((said(&choice).as_str(), &choice.lack), (*expected, lack), "{title}");
    }
}
