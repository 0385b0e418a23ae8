//! Specs that are nearly right, and what is suggested for them.

use super::facts::test_host;
use super::spec::{RuntimeSpec, resolve};

#[test]
fn what_is_nearly_a_spec_is_told_as_one() {
    for (text, expected) in [
        ("elektron@31", Some("electron@31")),
        ("Electron@31", Some("electron@31")),
        ("nodejs@22", Some("node@22")),
        ("node.js 22", Some("node@22")),
        ("node22", Some("node@22")),
        ("node:22", Some("node@22")),
        ("node=v22.1", Some("node@22.1")),
        ("electron-31", Some("electron@31")),
        ("v22.11.0", Some("node@22.11.0")),
        ("22", Some("node@22")),
        ("nod@22", Some("node@22")),
        ("dneo@2", Some("deno@2")),
        ("nw.js@0.90", Some("nw@0.90")),
        ("node@22/linux-x46", Some("node@22/linux-x64")),
        ("node@22/macos-arm64", Some("node@22/darwin-arm64")),
        ("node@22/windows-amd64", Some("node@22/win32-x64")),
        ("node@22/linux_x86_64", Some("node@22/linux-x64")),
        ("node@22/linux/x64", Some("node@22/linux-x64")),
        ("node@22-linux-x64-muls", Some("node@22/linux-x64-musl")),
        ("node@22/linux-x64-alpine", Some("node@22/linux-x64-musl")),
        ("node@22/linux-x64-glib2.31", Some("node@22/linux-x64-glibc2.31")),
        // What could be several things, or none.
        ("lts", None),
        ("node@lts", None),
        ("node@latest", None),
        ("node@22/linux", None),
        ("node@22/x64", None),
        ("node@22/amiga-m68k", None),
        ("node@22/linux-x64-newlib", None),
        ("rhino@1", None),
        ("115", None),
        ("chrome@120", None),
        ("", None),
        ("/", None),
        ("é@1", None),
    ] {
        let spec = RuntimeSpec::Text(text.to_owned());
        let error = resolve(Some(&spec), &test_host()).expect_err(text).to_string();
        let told = error
            .split_once(": did you mean ")
            .map(|(_, meant)| meant.trim_end_matches('?').trim_matches('"'));
        assert_eq!(told, expected, "{text}: {error}");
    }
}
