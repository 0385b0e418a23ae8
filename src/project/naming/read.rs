//! Reads the claims of a name, word by word.

use super::fit::{Claims, Release};
use super::words::{ARCHS, LIBCS, PLATFORMS, in_one_word, look_up};
use crate::model::Arch;
use crate::versions::numbers;

/// The first `NODE_MODULE_VERSION` that can't be a major version. Lower ones belong to releases
/// before Node.js 4.
const FIRST_ABI: u64 = 43;

/// The maximum number of folders of a path, from its end, that are read for claims.
const MOST_FOLDERS: usize = 24;

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

/// The name of a `.node` file without its folder and the words that are claims: "a" of
/// `prebuilds/a.linux-x64-gnu.node`. Files of one addon have the same.
#[must_use]
pub fn bare_name(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    let name = name.strip_suffix(".node").unwrap_or(name);
    let name = name.replace("x86_64", "x64").replace("x86-64", "x64");
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_claim = |word: &str| {
        matches!(word, "electron" | "msvc" | "napi" | "node" | "universal")
            || look_up(&PLATFORMS, word).is_some()
            || look_up(&ARCHS, word).is_some()
            || look_up(&LIBCS, word).is_some()
            || in_one_word(word).is_some()
            || ["abi", "armv", "uv"].iter().any(|tag| word.strip_prefix(tag).is_some_and(is_number))
    };
    words(&name).into_iter().filter(|word| !is_claim(word)).collect::<Vec<_>>().join("-")
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

/// The release that a word names; `before` is the word before it.
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
