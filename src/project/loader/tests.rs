//! Every convention's rules, read in the source of the loader named, as one table.

mod fake;
mod lacks;
mod published;

use fake::{
    BINDINGS, Fake, GYP, NAPI, OPTIONAL, PKG_PREBUILDS, PLAIN, PLATFORM, PRE_GYP, chosen, said,
};

#[test]
fn every_loader_opens_the_file_its_source_says() {
    type Row<'a> = (Fake<'a>, &'a [&'a str], &'a str, &'a str, &'a str);
    let other_name =
        Fake { texts: &[("index.js", "const b = require(\"bindings\")(\"y.node\")")], ..BINDINGS };
    let no_name =
        Fake { texts: &[("index.js", "module.exports = require('bindings')(name)")], ..BINDINGS };
    let fallback = Fake {
        texts: &[(
            "index.js",
            "try { require('./bin/' + process.arch + '/x') } catch { require('bindings')('x') }",
        )],
        ..PLAIN
    };
    let literal = Fake {
        texts: &[(
            "index.js",
            "try { a = require('./build/Release/x.node') } catch (e) { a = \
                require('./build/Debug/x.node') }",
        )],
        ..PLAIN
    };
    let folders = Fake {
        texts: &[(
            "index.js",
            "for (const d of ['build/Release', 'prebuilds/' + process.platform]) require(d + '/' + \
                name)",
        )],
        ..PLAIN
    };
    let rows: &[Row<'_>] = &[
        // A local build comes before every prebuild, and Release before Debug.
        (
            GYP,
            &["build/Debug/a.node", "build/Release/a.node", "prebuilds/linux-x64/a.node"],
            "node@22/linux-x64",
            "node-gyp-build",
            "build/Release/a.node",
        ),
        (
            GYP,
            &["build/Debug/a.node", "prebuilds/linux-x64/a.node"],
            "node@22/linux-x64",
            "node-gyp-build",
            "build/Debug/a.node",
        ),
        // Platform tags.
        (
            GYP,
            &["prebuilds/linux-x64/a.node", "prebuilds/win32-x64/a.node"],
            "node@22/win32-x64",
            "node-gyp-build",
            "prebuilds/win32-x64/a.node",
        ),
        (
            GYP,
            &["prebuilds/darwin-x64+arm64/a.node"],
            "node@22/darwin-arm64",
            "node-gyp-build",
            "prebuilds/darwin-x64+arm64/a.node",
        ),
        (
            GYP,
            &["prebuilds/darwin-arm64/a.node", "prebuilds/darwin-x64+arm64/a.node"],
            "node@22/darwin-arm64",
            "node-gyp-build",
            "prebuilds/darwin-arm64/a.node",
        ),
        (GYP, &["prebuilds/linux-x64/a.node"], "node@22/linux-arm64", "node-gyp-build", "-"),
        // Tags.
        (
            GYP,
            &["prebuilds/linux-x64/node.abi108.node", "prebuilds/linux-x64/node.abi127.node"],
            "node@22/linux-x64",
            "node-gyp-build",
            "prebuilds/linux-x64/node.abi127.node",
        ),
        (
            GYP,
            &["prebuilds/linux-x64/node.abi108.node"],
            "node@22/linux-x64",
            "node-gyp-build",
            "-",
        ),
        (
            GYP,
            &["prebuilds/linux-x64/electron.napi.node", "prebuilds/linux-x64/node.napi.node"],
            "electron@31/linux-x64",
            "node-gyp-build",
            "prebuilds/linux-x64/electron.napi.node",
        ),
        (
            GYP,
            &["prebuilds/linux-x64/node.napi.node"],
            "electron@31/linux-x64",
            "node-gyp-build",
            "prebuilds/linux-x64/node.napi.node",
        ),
        (
            GYP,
            &["prebuilds/linux-x64/a.glibc.node", "prebuilds/linux-x64/a.musl.node"],
            "node@22/linux-x64-musl",
            "node-gyp-build",
            "prebuilds/linux-x64/a.musl.node",
        ),
        (
            GYP,
            &["prebuilds/linux-arm/a.armv6.node", "prebuilds/linux-arm/a.armv7.node"],
            "node@22/linux-arm",
            "node-gyp-build",
            "prebuilds/linux-arm/a.armv7.node",
        ),
        // A name that begins like a tag takes the file out.
        (GYP, &["prebuilds/linux-x64/uvu.node"], "node@22/linux-x64", "node-gyp-build", "-"),
        // With optional packages the tags must be there, and Bun has no ABI.
        (
            OPTIONAL,
            &["prebuilds/linux-x64/a.node"],
            "node@22/linux-x64",
            "node-gyp-build-optional-packages",
            "-",
        ),
        (
            OPTIONAL,
            &["prebuilds/linux-x64/node.napi.node", "prebuilds/linux-x64/node.abi127.node"],
            "node@22/linux-x64",
            "node-gyp-build-optional-packages",
            "prebuilds/linux-x64/node.abi127.node",
        ),
        (
            OPTIONAL,
            &["prebuilds/linux-x64/node.abi137.node"],
            "bun/linux-x64",
            "node-gyp-build-optional-packages",
            "-",
        ),
        // bindings: order of folders, and the name asked for.
        (
            BINDINGS,
            &["build/Debug/x.node", "build/Release/x.node"],
            "node@22/linux-x64",
            "bindings",
            "build/Debug/x.node",
        ),
        (
            other_name,
            &["build/Release/x.node", "build/Release/y.node"],
            "node@22/linux-x64",
            "bindings",
            "build/Release/y.node",
        ),
        (
            no_name,
            &["build/Release/x.node", "build/Release/y.node"],
            "node@22/linux-x64",
            "bindings",
            "?",
        ),
        (
            BINDINGS,
            &["lib/binding/node-v127-linux-x64/x.node", "lib/binding/node-v108-linux-x64/x.node"],
            "node@22/linux-x64",
            "bindings",
            "lib/binding/node-v127-linux-x64/x.node",
        ),
        (BINDINGS, &["compiled/x/y.node"], "node@22/linux-x64", "bindings", "-"),
        // node-pre-gyp: the newest Node-API version that the runtime has.
        (
            PRE_GYP,
            &["lib/napi-v3-linux-musl-x64/x.node", "lib/napi-v6-linux-musl-x64/x.node"],
            "node@22/linux-x64-musl",
            "node-pre-gyp",
            "lib/napi-v6-linux-musl-x64/x.node",
        ),
        (
            PRE_GYP,
            &["lib/napi-v6-darwin-unknown-arm64/x.node"],
            "node@22/darwin-arm64",
            "node-pre-gyp",
            "lib/napi-v6-darwin-unknown-arm64/x.node",
        ),
        (
            PRE_GYP,
            &["lib/napi-v6-linux-glibc-x64/x.node"],
            "node@22/linux-x64-musl",
            "node-pre-gyp",
            "-",
        ),
        // pkg-prebuilds.
        (
            PKG_PREBUILDS,
            &["build/Release/HID.node", "prebuilds/HID-linux-x64/node-napi-v4.node"],
            "node@22/linux-x64",
            "pkg-prebuilds",
            "build/Release/HID.node",
        ),
        (
            PKG_PREBUILDS,
            &[
                "prebuilds/HID-linux-x64/node-napi-v4.node",
                "prebuilds/HID-linux-x64-musl/node-napi-v4.node",
            ],
            "node@22/linux-x64-musl",
            "pkg-prebuilds",
            "prebuilds/HID-linux-x64-musl/node-napi-v4.node",
        ),
        // napi-rs: the local file of the target's tuple; platform packages only where they are for
        // the target.
        (
            NAPI,
            &["a.linux-x64-gnu.node", "a.linux-x64-musl.node"],
            "node@22/linux-x64-musl",
            "napi-rs",
            "a.linux-x64-musl.node",
        ),
        (
            NAPI,
            &["a.darwin-universal.node", "a.darwin-x64.node"],
            "node@22/darwin-x64",
            "napi-rs",
            "a.darwin-universal.node",
        ),
        (
            NAPI,
            &[],
            "node@22/linux-x64-glibc",
            "napi-rs",
            "@a/a-linux-x64-gnu a.linux-x64-gnu.node",
        ),
        (
            PLATFORM,
            &["a.linux-x64-gnu.node"],
            "node@22/linux-x64-glibc",
            "platform-package",
            "a.linux-x64-gnu.node",
        ),
        (PLATFORM, &["a.linux-x64-gnu.node"], "node@22/linux-x64-musl", "platform-package", "-"),
        (PLATFORM, &["a.linux-x64-gnu.node"], "node@22/darwin-x64", "platform-package", "-"),
        // Scripts of the package's own.
        (literal, &["build/Debug/x.node"], "node@22/linux-x64", "script", "build/Debug/x.node"),
        (
            literal,
            &["build/Debug/x.node", "build/Release/x.node"],
            "node@22/linux-x64",
            "script",
            "build/Release/x.node",
        ),
        (
            fallback,
            &["bin/arm64/x.node", "bin/x64/x.node", "build/Release/x.node"],
            "node@22/linux-x64",
            "script",
            "bin/x64/x.node",
        ),
        (
            fallback,
            &["bin/arm64/x.node", "build/Release/x.node"],
            "node@22/linux-x64",
            "bindings",
            "build/Release/x.node",
        ),
        (
            folders,
            &["build/Release/x.node", "prebuilds/linux/x.node"],
            "node@22/linux-x64",
            "script",
            "build/Release/x.node",
        ),
        (
            folders,
            &["prebuilds/darwin/x.node", "prebuilds/linux/x.node"],
            "node@22/linux-x64",
            "script",
            "prebuilds/linux/x.node",
        ),
        // No script shows the file. Then the only file counts, unless its path is for another
        // system, or the file whose name fits.
        (
            PLAIN,
            &["build/Release/a.node"],
            "node@22/linux-x64",
            "single-file",
            "build/Release/a.node",
        ),
        (PLAIN, &["bin/win32-x64/a.node"], "node@22/linux-x64", "single-file", "-"),
        (
            PLAIN,
            &["bin/win32-x64/a.node", "bin/linux-x64/a.node"],
            "node@22/linux-x64",
            "names",
            "bin/linux-x64/a.node",
        ),
        (
            Fake { manifest: r#"{"name":"a","os":["darwin"]}"#, ..PLAIN },
            &["fsevents.node"],
            "node@22/linux-x64",
            "platform-package",
            "-",
        ),
        (PLAIN, &["a.node", "b.node"], "node@22/linux-x64", "unknown", "?"),
    ];
    for (package, files, spec, loader, expected) in rows {
        let choice = chosen(Fake { files, ..*package }, &[PLATFORM], spec);
        assert_eq!(
            (choice.loader.as_str(), said(&choice).as_str()),
            (*loader, *expected),
            "{} {files:?} {spec}",
            package.manifest
        );
    }
}
