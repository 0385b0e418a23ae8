//! Names of files and packages, with runtimes that they are for and others.

use super::claims;
use crate::runtime::{resolve, test_host};

#[test]
fn file_names_claim_the_targets_that_they_fit() {
    type Row<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);
    let rows: &[Row<'_>] = &[
        (
            "bin/linux-x64-node-20/deasync.node",
            &["node@20/linux-x64"],
            &["node@22/linux-x64", "node@20/win32-x64"],
        ),
        ("bin/linux-x64-node-0.12/x.node", &["node@0.12/linux-x64"], &["node@0.10/linux-x64"]),
        (
            "bin/linux-x64-83-glibc/fibers.node",
            &["node@14/linux-x64-glibc"],
            &["node@14/linux-x64-musl", "node@16/linux-x64"],
        ),
        (
            "uws_linux_x64_115.node",
            &["node@20/linux-x64"],
            &["node@22/linux-x64", "node@20/linux-arm64"],
        ),
        (
            "node.abi127.glibc.node",
            &["node@22/linux-x64-glibc"],
            &["node@20/linux-x64-glibc", "node@22/linux-x64-musl"],
        ),
        ("node.napi.glibc.node", &["node@22/linux-x64-glibc"], &["node@22/linux-x64-musl"]),
        (
            "bin/napi-v6/darwin/arm64/onnx.node",
            &["node@22/darwin-arm64"],
            &["node@22/darwin-x64", "node@22/linux-arm64"],
        ),
        (
            "build/Release/oracledb-26.0.0-linux-x64.node",
            &["node@22/linux-x64"],
            &["node@22/linux-arm64"],
        ),
        (
            "src/build/Release/sharp-linux-x64-0.35.5.node",
            &["node@22/linux-x64"],
            &["node@22/linux-arm64"],
        ),
        (
            "linux/x64/node/glibc-115-Release/addon.node",
            &["node@20/linux-x64-glibc"],
            &["node@20/linux-x64-musl", "node@22/linux-x64"],
        ),
        (
            "lib/x-linux-x64-musl-108.node",
            &["node@18/linux-x64-musl"],
            &["node@18/linux-x64-glibc", "node@20/linux-x64-musl"],
        ),
        (
            "a.darwin-universal.node",
            &["node@22/darwin-x64", "node@22/darwin-arm64"],
            &["node@22/linux-x64"],
        ),
        (
            "prebuilds/darwin-x64+arm64/a.node",
            &["node@22/darwin-x64", "node@22/darwin-arm64"],
            &["node@22/linux-x64"],
        ),
        (
            "prebuilt/linuxx86_64_alpine/x.node",
            &["node@22/linux-x64-musl"],
            &["node@22/linux-x64-glibc", "node@22/linux-arm64-musl"],
        ),
        (
            "prebuilt/ntamd64/x.node",
            &["node@22/win32-x64"],
            &["node@22/win32-arm64", "node@22/linux-x64"],
        ),
        ("dist/linux64/x.node", &["node@22/linux-x64"], &["node@22/linux-arm64"]),
        ("uws_linux_64.node", &["node@10/linux-x64"], &["node@22/linux-x64"]),
        (
            "prebuilds/linux-x64/electron-47.node",
            &[],
            &["electron@31/linux-x64", "node@22/linux-x64"],
        ),
        ("build/Release/node_sqlite3.node", &["node@22/linux-x64", "electron@31/win32-x64"], &[]),
        ("turbo-linux-64", &["node@22/linux-x64"], &["node@22/linux-arm64", "node@22/darwin-x64"]),
        (
            "@img/sharp-linuxmusl-arm64",
            &["node@22/linux-arm64-musl"],
            &["node@22/linux-arm64-glibc"],
        ),
        ("@rollup/rollup-win32-x64-msvc", &["node@22/win32-x64"], &["node@22/linux-x64"]),
    ];
    for (name, fitting, others) in rows {
        let fits = |spec: &str| {
            let spec = serde_json::from_value(serde_json::json!(spec)).expect("a spec");
            claims(name).fit(&resolve(Some(&spec), &test_host()).expect("a runtime")).is_some()
        };
        assert!(
            fitting.iter().all(|spec| fits(spec)),
            "{name} fits {fitting:?}: {:?}",
            claims(name)
        );
        assert!(
            !others.iter().any(|spec| fits(spec)),
            "{name} doesn't fit {others:?}: {:?}",
            claims(name)
        );
    }
}
