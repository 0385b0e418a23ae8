//! The systems that package.json lists as supported.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Arch, Libc, Platform};
use crate::project::Manifest;

/// One system: "linux-x64-musl".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct System {
    pub platform: Platform,
    pub arch: Arch,
    /// The libc, if the list has it.
    pub libc: Option<Libc>,
}

impl System {
    pub fn new(platform: Platform, arch: Arch, libc: Option<Libc>) -> System {
        System { platform, arch, libc }
    }

    /// The system with this name, as in "linux-x64-musl". Without a libc, Linux is one with glibc,
    /// as for a package that doesn't list the libc.
    pub fn from_name(name: &str) -> Option<System> {
        let mut parts = name.split('-');
        let platform = Platform::from_name(parts.next()?);
        let arch = Arch::from_name(parts.next()?);
        let libc = match parts.next() {
            Some(libc) => Some(Libc::from_name(libc)?),
            None => (platform == Platform::Linux).then_some(Libc::Glibc),
        };
        Some(System { platform, arch, libc })
    }

    /// True if a package manager installs a package with this manifest there.
    pub fn is_supported_by(&self, manifest: &Manifest) -> bool {
        manifest.supports("os", self.platform.as_str())
            && manifest.supports("cpu", self.arch.as_str())
            && self.libc.is_none_or(|libc| manifest.supports("libc", libc.as_str()))
    }

    /// Its name in the format of a runtime spec.
    pub fn name(&self) -> String {
        let libc = self.libc.map(|libc| format!("-{libc}")).unwrap_or_default();
        format!("{}-{}{libc}", self.platform, self.arch)
    }
}

/// The systems in `napi.targets` (`napi.triples` before @napi-rs/cli 3).
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

/// The maximum number of systems, apart from the libc, that a package promises in lists with names
/// of unknown platforms and processors. Beyond it those names are left out.
const MOST_SYSTEMS: usize = 400;

/// The product of `os` and `cpu`; empty if one of them isn't a list of names.
pub(super) fn of_lists(manifest: &Manifest) -> BTreeSet<System> {
    let names = manifest.names_in("libc");
    let mut libcs: BTreeSet<Option<Libc>> =
        names.into_iter().filter_map(Libc::from_name).map(Some).collect();
    if libcs.is_empty() {
        // Most packages that don't state the libc mean glibc.
        libcs.insert(Some(Libc::Glibc));
    }
    products(manifest, &libcs)
}

/// The product of `os` and `cpu`, on Linux with each of the `libcs`, or without one if there are
/// none.
pub(super) fn products(manifest: &Manifest, libcs: &BTreeSet<Option<Libc>>) -> BTreeSet<System> {
    let names = |field: &str| manifest.names_in(field).into_iter().filter(|name| *name != "any");
    let mut platforms: BTreeSet<Platform> = names("os").map(Platform::from_name).collect();
    let mut archs: BTreeSet<Arch> =
        names("cpu").filter(|name| *name != "wasm32").map(Arch::from_name).collect();
    if platforms.len() * archs.len() > MOST_SYSTEMS {
        platforms.retain(|platform| !matches!(platform, Platform::Other(_)));
        archs.retain(|arch| !matches!(arch, Arch::Other(_)));
    }
    let mut systems = BTreeSet::new();
    for platform in platforms {
        for arch in &archs {
            let named = |libc| System::new(platform.clone(), arch.clone(), libc);
            if platform == Platform::Linux && !libcs.is_empty() {
                systems.extend(libcs.iter().map(|libc| named(*libc)));
            } else {
                systems.insert(named(None));
            }
        }
    }
    systems
}

/// The systems of a Rust target triple; empty for WebAssembly and for systems without Node.js.
fn of_triple(triple: &str) -> Vec<System> {
    let arch = match triple.split('-').next().unwrap_or_default() {
        "x86_64" => Arch::X64,
        "aarch64" => Arch::Arm64,
        "i686" | "i586" => Arch::Ia32,
        "armv7" | "arm" => Arch::Arm,
        "riscv64gc" => Arch::RiscV64,
        "powerpc64le" => Arch::Ppc64,
        "loongarch64" => Arch::Loong64,
        "s390x" => Arch::S390x,
        "universal" => {
            return [Arch::X64, Arch::Arm64]
                .map(|arch| System::new(Platform::Darwin, arch, None))
                .to_vec();
        }
        _ => return Vec::new(),
    };
    let has = |part: &str| triple.contains(part);
    let system = match () {
        () if has("apple-darwin") => System::new(Platform::Darwin, arch, None),
        () if has("windows") => System::new(Platform::Win32, arch, None),
        () if has("ohos") => System::new(Platform::OpenHarmony, arch, None),
        () if has("android") => System::new(Platform::Android, arch, None),
        () if has("freebsd") => System::new(Platform::FreeBsd, arch, None),
        () if has("linux-musl") => System::new(Platform::Linux, arch, Some(Libc::Musl)),
        () if has("linux-gnu") => System::new(Platform::Linux, arch, Some(Libc::Glibc)),
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
