//! The systems that a package promises to run on, by its package.json.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::project::Manifest;

/// One system: "linux-x64-musl".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct System {
    pub platform: String,
    pub arch: String,
    /// Where the promise says which.
    pub libc: Option<&'static str>,
}

impl System {
    pub fn new(platform: &str, arch: &str, libc: Option<&'static str>) -> System {
        System { platform: platform.to_owned(), arch: arch.to_owned(), libc }
    }

    /// As it stands in a runtime spec.
    pub fn name(&self) -> String {
        let libc = self.libc.map(|libc| format!("-{libc}")).unwrap_or_default();
        format!("{}-{}{libc}", self.platform, self.arch)
    }
}

/// What `napi.targets` promises (`napi.triples` before @napi-rs/cli 3).
pub(super) fn of_napi(manifest: &Manifest) -> BTreeSet<System> {
    const DEFAULTS: [&str; 3] =
        ["x86_64-pc-windows-msvc", "x86_64-apple-darwin", "x86_64-unknown-linux-gnu"];
    let Some(napi) = manifest.object("napi") else { return BTreeSet::new() };
    let list = |value: Option<&Value>| -> Vec<String> {
        value
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let mut triples = list(napi.get("targets"));
    if let Some(older) = napi.get("triples").and_then(Value::as_object) {
        if older.get("defaults").and_then(Value::as_bool) != Some(false) {
            triples.extend(DEFAULTS.map(str::to_owned));
        }
        triples.extend(list(older.get("additional")));
    }
    triples.iter().flat_map(|triple| of_triple(triple)).collect()
}

/// What the product of `os` and `cpu` promises; nothing where one of them isn't a list of names.
pub(super) fn of_lists(manifest: &Manifest) -> BTreeSet<System> {
    let names = |field: &str| -> Vec<String> {
        let list = manifest.field(field).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str)
            .filter(|name| !name.starts_with('!') && *name != "any")
            .map(str::to_owned)
            .collect()
    };
    let (platforms, archs, libcs) = (names("os"), names("cpu"), names("libc"));
    let mut systems = BTreeSet::new();
    for platform in &platforms {
        for arch in archs.iter().filter(|arch| *arch != "wasm32") {
            let named = |libc: &str| libcs.iter().any(|name| name == libc);
            match (platform.as_str(), named("glibc"), named("musl")) {
                ("linux", glibc, musl) if glibc || musl => {
                    let libcs =
                        [("glibc", glibc), ("musl", musl)].into_iter().filter(|(_, named)| *named);
                    systems.extend(libcs.map(|(libc, _)| System::new(platform, arch, Some(libc))));
                }
                // Without a word of the libc most mean glibc.
                ("linux", ..) => drop(systems.insert(System::new(platform, arch, Some("glibc")))),
                _ => drop(systems.insert(System::new(platform, arch, None))),
            }
        }
    }
    systems
}

/// The systems of a target triple of Rust; none for WebAssembly and what Node.js doesn't run on.
fn of_triple(triple: &str) -> Vec<System> {
    let arch = match triple.split('-').next().unwrap_or_default() {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "i686" | "i586" => "ia32",
        "armv7" | "arm" => "arm",
        "riscv64gc" => "riscv64",
        "powerpc64le" => "ppc64",
        "loongarch64" => "loong64",
        "s390x" => "s390x",
        "universal" => {
            return vec![System::new("darwin", "x64", None), System::new("darwin", "arm64", None)];
        }
        _ => return Vec::new(),
    };
    let has = |part: &str| triple.contains(part);
    let system = match () {
        () if has("apple-darwin") => System::new("darwin", arch, None),
        () if has("windows") => System::new("win32", arch, None),
        () if has("ohos") => System::new("openharmony", arch, None),
        () if has("android") => System::new("android", arch, None),
        () if has("freebsd") => System::new("freebsd", arch, None),
        () if has("linux-musl") => System::new("linux", arch, Some("musl")),
        () if has("linux-gnu") => System::new("linux", arch, Some("glibc")),
        () => return Vec::new(),
    };
    vec![system]
}

#[cfg(test)]
mod tests {
    use super::{of_lists, of_napi};
    use crate::project::Manifest;

    fn names(systems: impl IntoIterator<Item = super::System>) -> Vec<String> {
        systems.into_iter().map(|system| system.name()).collect()
    }

    #[test]
    fn promises_are_read_from_every_field() {
        let manifest = Manifest::from_json(
            r#"{"napi":{"targets":["aarch64-apple-darwin","x86_64-unknown-linux-musl",
                "armv7-unknown-linux-gnueabihf","wasm32-wasip1-threads"]}}"#,
        );
        assert_eq!(
            names(of_napi(&manifest)),
            ["darwin-arm64", "linux-arm-glibc", "linux-x64-musl"]
        );
        let manifest =
            Manifest::from_json(r#"{"napi":{"triples":{"additional":["i686-pc-windows-msvc"]}}}"#);
        assert_eq!(
            names(of_napi(&manifest)),
            ["darwin-x64", "linux-x64-glibc", "win32-ia32", "win32-x64"]
        );
        let manifest = Manifest::from_json(
            r#"{"os":["linux","darwin"],"cpu":["x64","arm64"],"libc":["musl"]}"#,
        );
        assert_eq!(
            names(of_lists(&manifest)),
            ["darwin-arm64", "darwin-x64", "linux-arm64-musl", "linux-x64-musl"]
        );
        assert!(of_lists(&Manifest::from_json(r#"{"os":["!win32"],"cpu":["x64"]}"#)).is_empty());
    }
}
