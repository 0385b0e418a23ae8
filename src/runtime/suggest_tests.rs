//! Specs that are nearly right, and what is suggested for them.

use super::facts::test_host;
use super::fields::RuntimeSpec;
use super::spec::resolve;

#[test]
fn the_nearest_valid_spec_is_suggested() {
    for (text, expected) in [
        ("elektron@31", Some("electron@31")),
        ("Electron@31", Some("electron@31")),
        ("nodejs@22", Some("node@22")),
        ("node.js 22", Some("node@22")),
        ("node22", Some("node@22")),
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
        // Words for lines.
        ("lts", Some("node@lts")),
        ("jod", Some("node@jod")),
        ("node@LTS", Some("node@lts")),
        ("node@latests", Some("node@latest")),
        ("node@kripton", Some("node@krypton")),
        ("node@lts/jodd", Some("node@lts/jod")),
        ("node@lts/jodd/alpine", Some("node@lts/jod/alpine")),
        ("electron:latest", Some("electron@latest")),
        // Distributions.
        ("node@22/debian-12", Some("node@22/debian12")),
        ("node@22/Debian:12", Some("node@22/debian12")),
        ("node@22/ubuntu22", Some("node@22/ubuntu22.04")),
        ("node@22/ubuntu-22.04-amd64", Some("node@22/ubuntu22.04-x64")),
        ("node@22/rhel8.6", Some("node@22/rhel8")),
        ("node@22/al2023", Some("node@22/amazonlinux2023")),
        ("node@22/amazon-linux-2", Some("node@22/amazonlinux2")),
        ("node@22/linux-musl", Some("node@22/alpine")),
        ("node@22/alpine3.20.3", Some("node@22/alpine3.20")),
        ("node@22-alpine", Some("node@22/alpine")),
        ("node@22/debain12", Some("node@22/debian12")),
        // Images and AWS Lambda.
        ("node:22-alpin", Some("node@22/alpine")),
        ("node:22-bookwrm-slim", Some("node@22/bookworm")),
        ("Node:22-Alpine", Some("node@22/alpine")),
        ("electron:31", Some("electron@31")),
        ("lambda/node22", Some("lambda/nodejs22")),
        ("aws-lambda-nodejs22.x", Some("lambda/nodejs22")),
        // What could be several things, or none.
        ("latest", None),
        ("electron@lts", None),
        ("node@22/x64", None),
        ("node@22/alpine3", None),
        ("node@22/debian12-x64-glibc", None),
        ("lambda/nodejs7", None),
        ("node:22-windowsservercore", None),
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
