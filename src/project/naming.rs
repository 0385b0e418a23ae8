//! The claims in the path of a `.node` file, or in the name of a platform package, about the
//! runtime that it is for. Loaders choose files by these claims; the contents of a file may differ.

use crate::model::{Arch, Libc, Platform, RuntimeName};
use crate::runtime::Runtime;
use crate::versions::numbers;

/// The claims of a name; empty if it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// As `process.platform`.
    pub platforms: Vec<Platform>,
    /// As `process.arch`.
    pub archs: Vec<Arch>,
    /// The libc.
    pub libc: Option<Libc>,
    /// True if the name claims that it was built for Electron.
    pub electron: bool,
    /// True if the name claims Node-API, which is independent of the ABI.
    pub node_api: bool,
    /// A `NODE_MODULE_VERSION`, or the number of a release line (`20`, `0.12`), as it is written.
    pub release: Option<Release>,
}

/// A number that identifies a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// `NODE_MODULE_VERSION`
    Abi(u32),
    /// Major version, and minor version if it is written.
    Line(u64, Option<u64>),
}

/// The first `NODE_MODULE_VERSION` that can't be a major version. Lower ones belong to releases
/// before Node.js 4.
const FIRST_ABI: u64 = 43;

/// The maximum number of folders of a path, from its end, that are read for claims.
const MOST_FOLDERS: usize = 24;

static PLATFORMS: [(&str, Platform); 17] = [
    ("aix", Platform::Aix),
    ("android", Platform::Android),
    ("darwin", Platform::Darwin),
    ("freebsd", Platform::FreeBsd),
    ("linux", Platform::Linux),
    ("linuxglibc", Platform::Linux),
    ("linuxmusl", Platform::Linux),
    ("mac", Platform::Darwin),
    ("macos", Platform::Darwin),
    ("macosx", Platform::Darwin),
    ("ohos", Platform::OpenHarmony),
    ("openbsd", Platform::OpenBsd),
    ("openharmony", Platform::OpenHarmony),
    ("osx", Platform::Darwin),
    ("win", Platform::Win32),
    ("win32", Platform::Win32),
    ("windows", Platform::Win32),
];

static ARCHS: [(&str, Arch); 19] = [
    ("aarch64", Arch::Arm64),
    ("amd64", Arch::X64),
    ("arm", Arch::Arm),
    ("arm64", Arch::Arm64),
    ("armhf", Arch::Arm),
    ("armv6", Arch::Arm),
    ("armv7", Arch::Arm),
    ("armv7l", Arch::Arm),
    ("i686", Arch::Ia32),
    ("ia32", Arch::Ia32),
    ("loong64", Arch::Loong64),
    ("mips64el", Arch::Mips64El),
    ("ppc64", Arch::Ppc64),
    ("ppc64le", Arch::Ppc64),
    ("riscv64", Arch::RiscV64),
    ("s390x", Arch::S390x),
    ("x64", Arch::X64),
    ("x86", Arch::Ia32),
    ("x86_64", Arch::X64),
];

static LIBCS: [(&str, Libc); 10] = [
    ("alpine", Libc::Musl),
    ("glibc", Libc::Glibc),
    ("gnu", Libc::Glibc),
    ("gnueabihf", Libc::Glibc),
    ("gnueabi", Libc::Glibc),
    ("linuxglibc", Libc::Glibc),
    ("linuxmusl", Libc::Musl),
    ("musl", Libc::Musl),
    ("musleabi", Libc::Musl),
    ("musleabihf", Libc::Musl),
];

fn look_up<T: Clone>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
}

/// "linux64", "darwinarm64", "ntamd64"
fn in_one_word(word: &str) -> Option<(Platform, Arch)> {
    static ONLY_HERE: [(&str, Arch); 3] =
        [("32", Arch::Ia32), ("64", Arch::X64), ("intel64", Arch::X64)];
    static NT: (&str, Platform) = ("nt", Platform::Win32);
    let platforms = PLATFORMS.iter().chain([&NT]);
    let mut pairs = platforms.filter_map(|(name, platform)| {
        let arch = word.strip_prefix(name)?;
        Some((platform.clone(), look_up(&ARCHS, arch).or_else(|| look_up(&ONLY_HERE, arch))?))
    });
    pairs.next()
}

/// Reads the claims of a path (with `/`) or of a package's name.
#[must_use]
pub fn claims(path: &str) -> Claims {
    let mut claims = Claims::default();
    let of_file = path.ends_with(".node");
    let path = path
        .strip_suffix(".node")
        .unwrap_or(path)
        .replace("x86_64", "x64")
        .replace("x86-64", "x64");
    let mut segments: Vec<&str> = path.rsplit('/').take(MOST_FOLDERS).collect();
    segments.reverse();
    for segment in segments {
        let words = words(segment);
        // Claims of an inner folder override those of an outer one.
        let mut of_segment = Claims::default();
        for (index, word) in words.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| words.get(index)).copied();
            of_segment.add(word, before, of_file);
        }
        claims.take(of_segment, words.len() == 1);
    }
    claims
}

impl Claims {
    fn add(&mut self, word: &str, before: Option<&str>, of_file: bool) {
        let (platform, arch) = match (look_up(&PLATFORMS, word), look_up(&ARCHS, word)) {
            (None, None) => in_one_word(word).unzip(),
            known => known,
        };
        self.platforms.extend(platform);
        self.archs.extend(arch);
        if let Some(libc) = look_up(&LIBCS, word) {
            self.libc = Some(libc);
        }
        match word {
            "universal" => self.archs.extend([Arch::X64, Arch::Arm64]),
            // "turbo-linux-64"; in a file name 64 is the ABI of Node.js 10.
            "64" if !of_file && before.is_some_and(|word| look_up(&PLATFORMS, word).is_some()) => {
                self.archs.push(Arch::X64);
            }
            "electron" => self.electron = true,
            "napi" => self.node_api = true,
            _ => {}
        }
        self.release = release(word, before, of_file).or(self.release.take());
    }

    /// Adds the claims of one folder or file; `alone`: it is a single word, as in `linux/x64/`.
    fn take(&mut self, inner: Claims, alone: bool) {
        let says_nothing = inner.platforms.is_empty() && inner.archs.is_empty();
        if !inner.platforms.is_empty() {
            self.platforms = inner.platforms;
        }
        if !inner.archs.is_empty() {
            self.archs = inner.archs;
        }
        self.libc = inner.libc.or(self.libc);
        self.electron |= inner.electron;
        self.node_api |= inner.node_api;
        // "14.3.0/" below a processor's folder is a release of the runtime; "1.2.3/" anywhere else
        // is a version of the package.
        let bare_number = alone && says_nothing && matches!(inner.release, Some(Release::Line(..)));
        if !bare_number || !self.archs.is_empty() {
            self.release = inner.release.or(self.release.take());
        }
    }

    /// The number of claims that are true for `runtime`; `None` if one is false.
    #[must_use]
    pub fn fit(&self, runtime: &Runtime) -> Option<usize> {
        let mut matching = 0;
        let mut must = |says: bool, holds: bool| {
            matching += usize::from(says);
            (!says || holds).then_some(())
        };
        must(!self.platforms.is_empty(), self.platforms.contains(&runtime.platform))?;
        must(!self.archs.is_empty(), self.archs.contains(&runtime.arch))?;
        match (self.libc, runtime.libc) {
            (Some(libc), Some(own)) => must(true, libc == own)?,
            // "musl_x64" is for Linux only; "gnu" is used on Windows too.
            (Some(Libc::Musl), None) if self.platforms.is_empty() => return None,
            _ => {}
        }
        must(self.electron, runtime.kind == RuntimeName::Electron)?;
        if let Some(release) = self.release.as_ref().filter(|_| !self.node_api) {
            must(true, release.is(runtime, self.electron))?;
        }
        Some(matching)
    }

    /// The system that it is for, in words, if that isn't the system of `runtime`.
    #[must_use]
    pub fn misfit(&self, runtime: &Runtime) -> Option<String> {
        if self.fit(runtime).is_some() {
            return None;
        }
        if is_for_others(&self.platforms, &runtime.platform)
            || is_for_others(&self.archs, &runtime.arch)
        {
            let mut archs: Vec<&str> = self.archs.iter().map(Arch::as_str).collect();
            archs.dedup();
            let platform = self.platforms.first().map_or("", Platform::as_str);
            let system = [platform, &archs.join(" or ")].join("-");
            return Some(system.trim_matches('-').to_owned());
        }
        match (self.libc, &self.release) {
            (Some(libc), _) if runtime.libc != Some(libc) => Some(libc.to_string()),
            _ if self.electron && runtime.kind != RuntimeName::Electron => {
                Some("Electron".to_owned())
            }
            (_, Some(Release::Abi(abi))) => Some(format!("ABI {abi}")),
            (_, Some(Release::Line(major, minor))) => {
                let minor = minor.map(|minor| format!(".{minor}")).unwrap_or_default();
                Some(format!(
                    "{} {major}{minor}",
                    if self.electron { "Electron" } else { "Node.js" }
                ))
            }
            _ => None,
        }
    }

    /// True if it names a platform or a processor.
    #[must_use]
    pub fn name_a_system(&self) -> bool {
        !self.platforms.is_empty() || !self.archs.is_empty()
    }
}

/// True for a list without the runtime's own name; an empty list makes no claim.
fn is_for_others<T: PartialEq>(names: &[T], own: &T) -> bool {
    !names.is_empty() && !names.contains(own)
}

impl Release {
    fn is(&self, runtime: &Runtime, of_electron: bool) -> bool {
        // The version of the contained Node.js, unless the name mentions Electron.
        let version = if of_electron { runtime.version.as_ref() } else { runtime.node.as_ref() };
        match self {
            // A release whose ABI isn't known may match.
            Release::Abi(abi) => {
                i32::try_from(*abi).is_ok_and(|abi| runtime.has_abi(abi) != Some(false))
            }
            Release::Line(major, minor) => version.is_some_and(|version| {
                version.major == *major && minor.is_none_or(|minor| version.minor == minor)
            }),
        }
    }
}

/// The words of one path segment: split at `-`, `_`, `+`, and at dots outside of numbers.
fn words(segment: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for part in segment.split(['-', '_', '+']).filter(|part| !part.is_empty()) {
        match version(part) {
            Some(_) => words.push(part),
            None => words.extend(part.split('.').filter(|part| !part.is_empty())),
        }
    }
    words
}

/// The numbers of "20", "v20.1" or "0.12".
fn version(word: &str) -> Option<Vec<u64>> {
    let word = word.strip_prefix('v').unwrap_or(word);
    if word.starts_with(|start: char| start.is_ascii_digit()) { numbers(word) } else { None }
}

fn release(word: &str, before: Option<&str>, of_file: bool) -> Option<Release> {
    if let Some(abi) = word.strip_prefix("abi").and_then(|abi| abi.parse().ok()) {
        return Some(Release::Abi(abi));
    }
    // "v8-10.2" is the version of the engine, not of a release.
    let numbers = version(word).filter(|_| word != "v8")?;
    // A number is a claim only after a word that says what it counts.
    let counts = match before {
        None => true,
        Some(before) => {
            matches!(before, "node" | "electron" | "abi" | "msvc" | "libc")
                || look_up(&PLATFORMS, before).is_some()
                || look_up(&ARCHS, before).is_some()
                || look_up(&LIBCS, before).is_some()
        }
    };
    match numbers.as_slice() {
        _ if !counts => None,
        // "linux-64", "win-32"
        [32 | 64] if !of_file && before.is_some_and(|word| look_up(&PLATFORMS, word).is_some()) => {
            None
        }
        [number] if *number >= FIRST_ABI => u32::try_from(*number).ok().map(Release::Abi),
        [major] if *major >= 4 => Some(Release::Line(*major, None)),
        // In other places two numbers are a version of the package.
        [major, minor] if *major == 0 || matches!(before, None | Some("node" | "electron")) => {
            Some(Release::Line(*major, Some(*minor)))
        }
        // After a system's name three numbers are the package's own version.
        [major, _, _] if before.is_none() || before == Some("node") => {
            Some(Release::Line(*major, None))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::claims;
    use crate::runtime::{resolve, test_host};

    #[test]
    fn names_say_whom_they_are_for() {
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
            (
                "build/Release/node_sqlite3.node",
                &["node@22/linux-x64", "electron@31/win32-x64"],
                &[],
            ),
            (
                "turbo-linux-64",
                &["node@22/linux-x64"],
                &["node@22/linux-arm64", "node@22/darwin-x64"],
            ),
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
}
