//! The exports of known releases, and names and releases that the tables don't cover.

use semver::Version;

use super::Presence::{self, Gone, Missing, Since, There, Unknown};
use super::{generated_at, presence, releases_with};
use crate::model::{Arch, Platform};

const NODE_API: &[u8] = b"napi_create_object";
/// `String::WriteUtf8(Isolate*, char*, int, int*, int) const`, removed in V8 14.
const WRITE_UTF8: &[u8] = b"_ZNK2v86String9WriteUtf8EPNS_7IsolateEPciPii";
const WRITE_UTF8_MSVC: &[u8] = b"?WriteUtf8@String@v8@@QEBAHPEAVIsolate@2@PEADHPEAHH@Z";

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn on(system: &str, release: &str, name: &[u8]) -> Presence {
    let (platform, arch) = system.split_once('-').expect("a system");
    presence(&Platform::from_name(platform), &Arch::from_name(arch), &version(release), name)
}

#[test]
fn the_tables_have_a_date() {
    assert_eq!(generated_at().len(), 10);
}

#[test]
fn the_tables_match_the_exports_of_executables() {
    let key = b"node_api_create_property_key_utf16";
    for (system, release, name, expected) in [
        ("linux-x64", "16.0.0", NODE_API, There),
        ("linux-arm64", "20.20.2", key, There),
        ("linux-s390x", "20.11.0", WRITE_UTF8, There),
        ("linux-x64", "20.0.0", key, Since(version("20.12.0"))),
        ("linux-x64", "18.20.8", key, Missing),
        // Node 18.18.1 went back to libuv 1.46, and 24.13.1 named an experimental function.
        ("linux-x64", "18.18.0", b"uv_clock_gettime", There),
        ("linux-x64", "18.20.8", b"uv_clock_gettime", Gone(version("18.18.1"))),
        ("win32-x64", "24.12.0", b"napi_create_object_with_properties", There),
        ("win32-x64", "24.21.0", b"napi_create_object_with_properties", Gone(version("24.13.1"))),
        ("linux-x64", "25.9.0", WRITE_UTF8, There),
        ("linux-x64", "26.10.0", WRITE_UTF8, Missing),
        ("darwin-arm64", "24.18.1", WRITE_UTF8, There),
        ("darwin-arm64", "26.10.0", WRITE_UTF8, Missing),
        ("win32-x64", "24.21.0", WRITE_UTF8_MSVC, There),
        ("win32-x64", "26.10.0", WRITE_UTF8_MSVC, Missing),
        ("linux-x64", "24.0.0", b"_ZN2v86String26ExternalStringResourceBaseD2Ev", There),
        (
            "linux-x64",
            "24.21.0",
            b"_ZN2v86String26ExternalStringResourceBaseD2Ev",
            Gone(version("24.11.1")),
        ),
        ("linux-x64", "26.10.0", b"uv_no_such_function", Missing),
        ("linux-x64", "26.10.0", b"SSL_new", There),
    ] {
        assert_eq!(
            on(system, release, name),
            expected,
            "{system} {release} {}",
            String::from_utf8_lossy(name)
        );
    }
}

#[test]
fn exports_that_were_not_read_are_unknown() {
    for (system, release, name) in [
        ("linux-x64", "26.10.0", b"malloc".as_slice()),
        ("linux-x64", "26.10.0", b"_ZNSt6vectorIN2v85LocalINS0_5ValueEEESaIS3_EE9push_backEv"),
        (
            "win32-x64",
            "26.10.0",
            b"??$make_unique@VPlatform@v8@@@std@@YA?AV?$unique_ptr@VPlatform@v8@@@0@XZ",
        ),
        // 32 bits, other systems, lines and builds.
        ("linux-arm", "20.0.0", WRITE_UTF8),
        ("linux-s390x", "20.11.0", b"SSL_new"),
        ("win32-ia32", "20.20.2", WRITE_UTF8_MSVC),
        ("freebsd-x64", "20.20.2", WRITE_UTF8),
        ("linux-x64", "14.21.3", WRITE_UTF8),
        ("linux-x64", "27.0.0", NODE_API),
        ("linux-x64", "24.0.0-nightly20250101", NODE_API),
        // There is no package of it, or none that old.
        ("win32-x64", "21.7.3", WRITE_UTF8_MSVC),
        ("win32-x64", "20.0.0", WRITE_UTF8_MSVC),
        // It is newer than all that were read, so it may have been added.
        ("linux-x64", "26.99.0", b"napi_no_such_function"),
    ] {
        assert_eq!(
            on(system, release, name),
            Unknown,
            "{system} {release} {}",
            String::from_utf8_lossy(name)
        );
    }
    assert_eq!(on("linux-x64", "26.99.0", NODE_API), There);
}

#[test]
fn node_api_is_the_same_everywhere() {
    for system in
        ["linux-arm", "win32-ia32", "win32-x64", "darwin-arm64", "freebsd-x64", "aix-ppc64"]
    {
        assert_eq!(on(system, "21.0.0", NODE_API), There);
        assert_eq!(on(system, "21.0.0", b"napi_no_such_function"), Missing);
    }
}

#[test]
fn releases_that_have_all_names_are_listed_by_line() {
    let releases = |system: &str, names: &[&'static [u8]]| -> Option<Vec<String>> {
        let (platform, arch) = system.split_once('-').expect("a system");
        let (platform, arch) = (Platform::from_name(platform), Arch::from_name(arch));
        let found = releases_with(&platform, &arch, names.iter().copied())?;
        Some(found.iter().map(ToString::to_string).collect())
    };
    let all: Vec<String> = (16..=26).map(|line| format!("{line}.0.0")).collect();
    assert_eq!(releases("linux-x64", &[NODE_API, b"malloc"]), Some(all.clone()));
    assert_eq!(releases("linux-x64", &[NODE_API, WRITE_UTF8]), Some(all[..10].to_vec()));
    assert_eq!(releases("linux-x64", &[NODE_API, b"uv_no_such_function"]), Some(Vec::new()));
    let key: &[u8] = b"node_api_create_property_key_utf16";
    let expected =
        ["20.12.0", "21.7.0", "22.0.0", "23.0.0", "24.0.0", "25.0.0", "26.0.0"].map(str::to_owned);
    assert_eq!(releases("win32-x64", &[key]), Some(expected.to_vec()));
    assert_eq!(releases("linux-x64", &[b"malloc"]), None);
    assert_eq!(releases("linux-arm", &[WRITE_UTF8]), None);
}
