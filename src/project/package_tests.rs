//! Fields of package.json, as Node and package managers read them.

use super::package::Manifest;

#[test]
fn names_of_imports_have_the_target_of_node() {
    let manifest = Manifest::from_json(
        r##"{"imports":{"#realm.node":{"default":"./stub.js","node":"./prebuilds/realm.node"},
            "#dep":"dep-native","#lib/*":"./lib/*.node","#lib/inner/*":"./inner/*.node",
            "#out":"./../x.node"}}"##,
    );
    let target = |name: &str| manifest.import(name);
    assert_eq!(target("#realm.node").as_deref(), Some("./prebuilds/realm.node"));
    assert_eq!(target("#dep").as_deref(), Some("dep-native"));
    assert_eq!(target("#lib/a").as_deref(), Some("./lib/a.node"));
    assert_eq!(target("#lib/inner/a").as_deref(), Some("./inner/a.node"));
    assert_eq!(target("#out"), None);
    assert_eq!(target("#missing"), None);
}

#[test]
fn platform_lists_are_read_as_npm_reads_them() {
    let manifest =
        Manifest::from_json(r#"{"os":["darwin","linux"],"cpu":["!ia32"],"libc":"glibc"}"#);
    assert!(manifest.supports("os", "linux"));
    assert!(!manifest.supports("os", "win32"));
    assert!(manifest.supports("cpu", "x64"));
    assert!(!manifest.supports("cpu", "ia32"));
    assert!(manifest.supports("libc", "glibc"));
    assert!(!manifest.supports("libc", "musl"));
    assert!(Manifest::from_json("{}").supports("os", "linux"));
}
