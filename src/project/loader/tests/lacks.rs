//! What is missing if there is no file to open.

use super::fake::{BINDINGS, Fake, GYP, PLAIN, PLATFORM, chosen};
use crate::project::loader::Lack;

#[test]
fn the_missing_file_or_package_is_named() {
    const FAMILY: Fake<'_> = Fake {
        manifest: r#"{"name":"a","optionalDependencies":{"@a/a-linux-x64-gnu":"1",
            "@a/a-linux-x64-musl":"1","@a/a-darwin-arm64":"1"}}"#,
        files: &[],
        texts: &[],
    };
    let quiet = Fake {
        texts: &[(
            "index.js",
            "try { require('node-gyp-build')(__dirname) } catch { require('./js') }",
        )],
        ..GYP
    };
    // As in fibers, whose paths have no extension.
    let of_releases = Fake {
        texts: &[(
            "index.js",
            "module.exports = require(require('path').join(__dirname, 'bin', process.platform + \
                '-' + process.arch + '-' + process.versions.modules, 'fibers')).Fiber",
        )],
        ..GYP
    };
    let rejecting = Fake {
        manifest: r#"{"name":"a"}"#,
        files: &[],
        texts: &[(
            "index.js",
            "const { platform, arch } = process; if (platform === 'linux' && arch === 'x64') { \
                module.exports = require('./dist/a.linux-x64.node') } else { throw 1 }",
        )],
    };
    let missing = |name: &str| Some(Lack::PlatformPackages(vec![name.to_owned()]));
    let lost = |file: Option<&str>| {
        let file = file.map(str::to_owned);
        let name = "@a/a-linux-x64-gnu".to_owned();
        let directory = "/n/@a/a-linux-x64-gnu".into();
        Some(Lack::FileElsewhere { name, directory, file })
    };
    let gone = |file: &str| lost(Some(file));
    // sharp 0.35
    let by_script = Fake {
        manifest: r#"{"name":"@a/a-linux-x64-gnu","exports":{"./a.node":"./index.cjs"}}"#,
        files: &[],
        texts: &[("index.cjs", "module.exports = require('./lib/a.node')")],
    };
    let plain = Fake {
        manifest: r#"{"name":"@a/a-linux-x64-gnu"}"#,
        files: &[],
        texts: &[("README.md", "")],
    };
    // @duckdb/node-bindings 1.5
    let with_library = Fake { texts: &[("libb.so", "")], ..plain };
    let requiring = Fake {
        texts: &[("index.js", "module.exports = require('@a/a-linux-x64-gnu/b.node')")],
        ..FAMILY
    };
    let guarded = Fake {
        texts: &[("index.js", "try { require('@a/a-linux-x64-gnu/b.node') } catch {}")],
        ..FAMILY
    };
    // esbuild
    let program = Fake { texts: &[("bin/esbuild", "")], ..plain };
    // nx
    let with_wasm = Fake {
        texts: &[
            (
                "index.js",
                "let n = null; try { n = require('@a/a-linux-x64-gnu/b.node') } catch {} \
                    if (!n) { try { n = require('./a.wasi.cjs') } catch {} } \
                    if (!n) { throw 1 } module.exports = n",
            ),
            ("a.wasi.cjs", "require('path').join(__dirname, 'a.wasm32-wasi.wasm')"),
            ("a.wasm32-wasi.wasm", ""),
        ],
        ..FAMILY
    };
    type Row<'a> = (Fake<'a>, &'a [&'a str], &'a [Fake<'a>], &'a str, Option<Lack>, bool);
    let rows: &[Row<'_>] = &[
        (BINDINGS, &[], &[], "node@22/linux-x64", Some(Lack::Build), false),
        (
            GYP,
            &["prebuilds/win32-x64/a.node"],
            &[],
            "node@22/linux-x64",
            Some(Lack::Prebuild),
            false,
        ),
        (quiet, &[], &[], "node@22/linux-x64", Some(Lack::Build), true),
        (
            of_releases,
            &["bin/linux-x64-46/fibers.node"],
            &[],
            "node@22/linux-x64",
            Some(Lack::Prebuild),
            false,
        ),
        (FAMILY, &[], &[PLATFORM], "node@22/linux-x64-glibc", None, false),
        (FAMILY, &[], &[PLATFORM], "node@22/linux-x64-musl", missing("@a/a-linux-x64-musl"), false),
        (FAMILY, &[], &[], "node@22/darwin-arm64", missing("@a/a-darwin-arm64"), false),
        (
            FAMILY,
            &[],
            &[Fake { files: &[], texts: &[("README.md", "")], ..PLATFORM }],
            "node@22/linux-x64-glibc",
            gone("a.linux-x64-gnu.node"),
            false,
        ),
        (FAMILY, &[], &[by_script], "node@22/linux-x64-glibc", gone("lib/a.node"), false),
        (requiring, &[], &[with_library], "node@22/linux-x64-glibc", gone("b.node"), false),
        (FAMILY, &[], &[with_library], "node@22/linux-x64-glibc", None, false),
        (requiring, &[], &[plain], "node@22/linux-x64-glibc", gone("b.node"), false),
        (guarded, &[], &[plain], "node@22/linux-x64-glibc", gone("b.node"), true),
        (FAMILY, &[], &[plain], "node@22/linux-x64-glibc", lost(None), false),
        (FAMILY, &[], &[program], "node@22/linux-x64-glibc", None, false),
        (with_wasm, &[], &[plain], "node@22/linux-x64-glibc", gone("b.node"), true),
        (
            FAMILY,
            &[],
            &[Fake {
                manifest: r#"{"name":"@a/a-linux-x64-gnu"}"#,
                files: &["node.napi.musl.node"],
                texts: &[],
            }],
            "node@22/linux-x64-glibc",
            Some(Lack::PrebuildElsewhere("@a/a-linux-x64-gnu".to_owned())),
            false,
        ),
        (
            rejecting,
            &["dist/a.linux-x64.node"],
            &[],
            "node@22/linux-arm64",
            Some(Lack::Prebuild),
            false,
        ),
        (rejecting, &["dist/a.linux-x64.node"], &[], "node@22/linux-x64", None, false),
        (rejecting, &["dist/a.linux-x64.node"], &[], "node@22/win32-x64", None, false),
        (
            FAMILY,
            &[],
            &[Fake { manifest: r#"{"name":"@a/a-wasm32"}"#, files: &[], texts: &[("i.js", "")] }],
            "node@22/linux-x64-glibc",
            missing("@a/a-linux-x64-gnu"),
            true,
        ),
        (FAMILY, &[], &[PLATFORM], "node@22/win32-x64", Some(Lack::Prebuild), false),
        // A folder with nothing but a package.json is no package.
        (
            FAMILY,
            &[],
            &[Fake { files: &[], ..PLATFORM }],
            "node@22/linux-x64-glibc",
            missing("@a/a-linux-x64-gnu"),
            false,
        ),
        (PLAIN, &[], &[], "node@22/linux-x64", None, false),
    ];
    for (package, files, neighbors, spec, lack, has_fallback) in rows {
        let choice = chosen(Fake { files, ..*package }, neighbors, spec);
        assert_eq!(
            (&choice.lack, choice.has_fallback),
            (lack, *has_fallback),
            "{} {files:?} {spec}",
            package.manifest
        );
    }
}
