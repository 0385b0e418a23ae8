//! Specs of runtimes, and the runtimes that they name.

use semver::Version;

use super::super::fields::RuntimeSpec;
use super::super::registry::{lts, newest};
use super::resolve;
use crate::model::{Arch, Libc, Platform, RuntimeName};
use crate::runtime::facts::{Runtime, test_host};

fn of(text: &str) -> Result<Runtime, String> {
    resolve(Some(&RuntimeSpec::Text(text.to_owned())), &test_host())
        .map_err(|error| error.to_string())
}

fn fields(json: &str) -> Runtime {
    let spec: RuntimeSpec = crate::files::json(json).expect("a spec");
    resolve(Some(&spec), &test_host()).expect("a runtime")
}

#[test]
fn a_partial_version_is_the_newest_release_of_its_line() {
    let runtime = of("node@22").expect("a runtime");
    assert_eq!(
        (runtime.kind, runtime.abi, runtime.node_api),
        (RuntimeName::Node, Some(127), Some(10))
    );
    assert!(runtime.version.expect("a version").minor >= 23);
    assert!(!runtime.alternatives.is_empty());
    assert!(of("node@22.11.0").expect("a runtime").alternatives.is_empty());
}

#[test]
fn a_spec_without_a_system_means_the_system_of_the_host() {
    let runtime = of("electron@31").expect("a runtime");
    assert_eq!(
        (runtime.platform, runtime.arch, runtime.libc),
        (Platform::Linux, Arch::X64, Some(Libc::Glibc))
    );
    assert!(runtime.root.is_some());
    let runtime = of("node@22/linux-arm64-musl").expect("a runtime");
    assert_eq!(
        (runtime.arch, runtime.libc, runtime.libc_version),
        (Arch::Arm64, Some(Libc::Musl), None)
    );
    let runtime = of("node@22/linux-x64-glibc2.28").expect("a runtime");
    assert_eq!((runtime.libc_version.as_deref(), runtime.root), (Some("2.28"), None));
    let runtime = of("node@22/win32-x64").expect("a runtime");
    assert_eq!((runtime.platform, runtime.libc), (Platform::Win32, None));
    assert_eq!(of("node@22/linux-ppc64le").expect("a runtime").arch, Arch::Ppc64);
}

#[test]
fn unknown_versions_resolve_and_unknown_words_are_errors() {
    let runtime = of("node@99").expect("a runtime");
    assert_eq!((runtime.abi, runtime.node_api), (None, None));
    for (text, part) in [
        ("nodejs@22", "unknown runtime \"nodejs\""),
        ("node@newest", "\"newest\" is not a version"),
        ("electron@lts", "\"lts\" is not a version"),
        ("node@lts/gone", "\"gone\" is not a system"),
        ("node@22/lunix", "\"lunix\" is not a system"),
        ("node@22/macos-x64", "\"macos-x64\" is not a system"),
        ("node@22/debian12-pdp11", "\"linux-pdp11\" is not a system"),
        ("node@22/debian12-x64-musl", "\"debian12-x64-musl\" is not a system"),
        ("node@22/ubuntu22", "\"ubuntu22\" is not a system"),
        ("node@22/linux-x64-uclibc", "unknown libc \"uclibc\""),
        ("node@22/linux-x64-glibc2.x", "\"2.x\" is not a version"),
        ("node:22-windowsservercore", "\"windowsservercore\" is not a system"),
        ("node:mine", "\"mine\" is not a version"),
        (
            "lambda/nodejs7",
            "\"lambda/nodejs7\" is not a known runtime of AWS Lambda: use nodejs12.x",
        ),
        ("lambda/nodejs22-vax", "\"vax\" is not a system"),
    ] {
        let error = of(text).expect_err(text);
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn fields_of_a_spec_override_the_table() {
    let runtime = fields(r#"{"abi":108}"#);
    assert_eq!((runtime.abi, runtime.version.map(|version| version.major)), (Some(108), Some(18)));
    let runtime = fields(r#"{"version":"22.11.0","abi":1234,"nodeApi":7}"#);
    assert_eq!((runtime.abi, runtime.node_api), (Some(1234), Some(7)));
    assert!(crate::files::json::<RuntimeSpec>(r#"{"nonsense":1}"#).is_err());
}

/// The fields in a report of `runtime`, without those that are null, as JavaScript passes them
/// back.
fn passed_back(runtime: &Runtime, host: &Runtime) -> Runtime {
    let mut report = serde_json::to_value(runtime.report()).expect("JSON");
    let fields = report.as_object_mut().expect("an object");
    fields.retain(|_, value| !value.is_null());
    let spec: RuntimeSpec = serde_json::from_value(report).expect("a spec");
    resolve(Some(&spec), host).expect("a runtime")
}

#[test]
fn the_report_of_a_runtime_names_that_runtime() {
    let host = test_host();
    let mut hosts = vec![host.clone()];
    // A release that the table doesn't have, such as a nightly, and a libc without a version.
    let nightly = Version::parse("99.0.0-nightly.20260101").ok();
    hosts.push(Runtime { kind: RuntimeName::Electron, version: nightly, ..host.clone() });
    let musl = Some(Libc::Musl);
    hosts.push(Runtime { libc: musl, libc_version: None, ..host.clone() });
    hosts.push(Runtime { platform: Platform::Darwin, libc: None, ..host });
    for host in &hosts {
        for spec in [
            r#""node""#,
            r#""node@22""#,
            r#""node@22.12""#,
            r#""node@22.11.0""#,
            r#""node@99""#,
            r#""electron@31""#,
            r#""bun""#,
            r#""deno@2""#,
            r#""node@22/linux-x64""#,
            r#""node@22/linux-x64-glibc""#,
            r#""node@22/linux-x64-glibc2.28""#,
            r#""node@22/linux-x64-glibc2.36""#,
            r#""node@22/linux-x64-musl""#,
            r#""node@22/linux-ppc64le""#,
            r#""node@22/win32-arm64""#,
            r#""node@lts""#,
            r#""nw@latest""#,
            r#""node@22/alpine""#,
            r#""node@22/alpine3.20""#,
            r#""node@22/alpine3.99""#,
            r#""node@22/debian""#,
            r#""node@22/debian12-arm64""#,
            r#""node:22-bookworm-slim""#,
            r#""lambda/nodejs22""#,
            r#"{"distribution":"rhel8","libcVersion":"2.29"}"#,
            r#"{"execPath":"/usr/bin/node","distribution":"debian12"}"#,
            r#"{"abi":108}"#,
            r#"{"abi":9999}"#,
            r#"{"runtime":"nw","abi":120}"#,
            r#"{"platform":"win32"}"#,
            r#"{"version":"22","abi":1234,"nodeApi":7}"#,
            r#"{"version":"22","abi":1234}"#,
            r#"{"execPath":"/usr/bin/node"}"#,
            r#"{"execPath":"/usr/bin/node","platform":"win32"}"#,
            r#"{"execPath":"/usr/bin/node","version":"18"}"#,
        ] {
            let spec: RuntimeSpec = crate::files::json(spec).expect("a spec");
            let first = resolve(Some(&spec), host).expect("a runtime");
            let second = passed_back(&first, host);
            assert_eq!(format!("{first:?}"), format!("{second:?}"), "{spec:?} on {host:?}");
        }
        assert_eq!(format!("{host:?}"), format!("{:?}", passed_back(host, host)));
        assert!(passed_back(host, host).is_host);
    }
}

#[test]
fn a_line_must_contain_the_given_release() {
    let runtime = fields(r#"{"version":"22.10.0","line":"22"}"#);
    assert_eq!(runtime.line.as_deref(), Some("22"));
    assert!(runtime.alternatives.iter().all(|release| release.version.minor < 10));
    let spec: RuntimeSpec =
        crate::files::json(r#"{"version":"22.10.0","line":"23"}"#).expect("a spec");
    assert!(resolve(Some(&spec), &test_host()).is_err());
}

/// The runtime that a spec names, in one line: line, system, distribution, libc.
fn shown(text: &str) -> String {
    let runtime = of(text).expect(text);
    let part = |part: Option<String>| part.map(|part| format!(" {part}")).unwrap_or_default();
    format!(
        "{}@{} {}-{}{}{}{}",
        runtime.kind.as_str(),
        runtime.line.clone().unwrap_or_else(|| "exactly".to_owned()),
        runtime.platform,
        runtime.arch,
        part(runtime.distribution.map(|system| system.id)),
        part(runtime.libc.map(|libc| libc.to_string())),
        part(runtime.libc_version)
    )
}

#[test]
fn common_names_of_targets_are_resolved() {
    let newest = |kind| {
        let version = newest(kind, None, None).expect("a release");
        format!("{}@{} linux-x64 glibc 2.36", kind.as_str(), version.major)
    };
    let lts = *lts().values().max().expect("a line");
    for (texts, expected) in [
        (&["node@latest", "node@current"][..], newest(RuntimeName::Node)),
        (&["electron@latest"], newest(RuntimeName::Electron)),
        (&["bun@latest"], newest(RuntimeName::Bun)),
        (&["deno@latest"], newest(RuntimeName::Deno)),
        (&["nw@latest"], "nw@0.117 linux-x64 glibc 2.36".to_owned()),
        (&["node@lts", "node@lts/*", "lts/*"], format!("node@{lts} linux-x64 glibc 2.36")),
        (&["node@jod", "node@lts/jod", "lts/jod"], "node@22 linux-x64 glibc 2.36".to_owned()),
        (&["lts/jod/win32-arm64", "node@jod/win32-arm64"], "node@22 win32-arm64".to_owned()),
        (&["node@22/linux", "node@22"], "node@22 linux-x64 glibc 2.36".to_owned()),
        (&["node@22/darwin"], "node@22 darwin-x64".to_owned()),
        (
            &["node@22/alpine", "node@jod/linux-x64-musl", "node:22-alpine", "node:jod-alpine"],
            "node@22 linux-x64 musl".to_owned(),
        ),
        (
            &["node@22/alpine3.20", "node:22-alpine3.20", "docker.io/library/node:22-alpine3.20"],
            "node@22 linux-x64 alpine3.20 musl 1.2.5".to_owned(),
        ),
        (
            &["node@20.11/alpine3.19", "node:20.11-alpine3.19"],
            "node@20.11 linux-x64 alpine3.19 musl 1.2.4".to_owned(),
        ),
        (
            &[
                "node@22/debian12",
                "node@22/bookworm",
                "node:22",
                "node:22-slim",
                "node:22-bookworm-slim",
                "node:jod",
                "node@lts/jod/debian12",
                "gcr.io/distroless/nodejs22-debian12",
                "gcr.io/distroless/nodejs22-debian12:nonroot",
            ],
            "node@22 linux-x64 debian12 glibc 2.36".to_owned(),
        ),
        (&["node:26", "node:26-trixie"], "node@26 linux-x64 debian13 glibc 2.41".to_owned()),
        (
            &["arm64v8/node:22", "node@22/debian12-arm64"],
            "node@22 linux-arm64 debian12 glibc 2.36".to_owned(),
        ),
        (&["node@22/debian"], "node@22 linux-x64 debian glibc".to_owned()),
        (
            &["node@22/rhel8", "node@22/rockylinux8"],
            "node@22 linux-x64 rhel8 glibc 2.28".to_owned(),
        ),
        (&["node@22/ubuntu22.04"], "node@22 linux-x64 ubuntu22.04 glibc 2.35".to_owned()),
        (
            &[
                "lambda/nodejs22",
                "lambda/nodejs22.x",
                "nodejs22.x",
                "public.ecr.aws/lambda/nodejs:22",
                "node@22/amazonlinux2023",
            ],
            "node@22 linux-x64 amazonlinux2023 glibc 2.34".to_owned(),
        ),
        (
            &["nodejs22.x-arm64", "public.ecr.aws/lambda/nodejs:22-arm64"],
            "node@22 linux-arm64 amazonlinux2023 glibc 2.34".to_owned(),
        ),
        (&["nodejs18.x"], "node@18 linux-x64 amazonlinux2 glibc 2.26".to_owned()),
        (
            &["mcr.microsoft.com/azure-functions/node:4-node20"],
            "node@20 linux-x64 debian glibc".to_owned(),
        ),
    ] {
        for text in texts {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
    assert!(of("node@22/debian12").expect("a runtime").root.is_none());
}

#[test]
fn a_distribution_has_its_own_libc() {
    for json in [
        r#"{"distribution":"alpine3.20","libc":"glibc"}"#,
        r#"{"distribution":"debian12","platform":"win32"}"#,
        r#"{"distribution":"windows"}"#,
    ] {
        let spec: RuntimeSpec = crate::files::json(json).expect("a spec");
        assert!(resolve(Some(&spec), &test_host()).is_err(), "{json}");
    }
}
