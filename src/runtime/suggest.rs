//! What was probably meant by a spec that names no runtime: another spelling of its words, other
//! marks between them. Nothing is suggested that isn't the only thing near.

use super::Kind;
use super::spec::{ARCHS, PLATFORMS};
use crate::versions::major;

/// Other names that people have for runtimes, systems and processors.
const RUNTIMES: [(&str, &str); 2] = [("nodejs", "node"), ("nwjs", "nw")];
const SYSTEMS: [(&str, &str); 6] = [
    ("macos", "darwin"),
    ("mac", "darwin"),
    ("osx", "darwin"),
    ("windows", "win32"),
    ("win", "win32"),
    ("win64", "win32"),
];
const PROCESSORS: [(&str, &str); 7] = [
    ("amd64", "x64"),
    ("x86", "ia32"),
    ("i386", "ia32"),
    ("i686", "ia32"),
    ("aarch64", "arm64"),
    ("armv7", "arm"),
    ("armv7l", "arm"),
];
const LIBCS: [(&str, &str); 2] = [("gnu", "glibc"), ("alpine", "musl")];

/// Longest text that is thought about.
const LONGEST: usize = 80;

/// The spec that `text` was probably meant to be; `is_spec` says whether something is one.
pub(super) fn meant(text: &str, is_spec: impl Fn(&str) -> bool) -> Option<String> {
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    let lower = text.trim().to_ascii_lowercase().replace("x86_64", "x64").replace("x86-64", "x64");
    let (name, rest) = lower.split_once('/').unwrap_or((&lower, ""));
    let mut candidates = vec![(name, rest)];
    // "node@22-linux-x64"
    if rest.is_empty()
        && let Some((at, _)) = name
            .match_indices('-')
            .find(|(at, _)| name[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()))
    {
        candidates.push((&name[..at], &name[at + 1..]));
    }
    let spec = |(name, rest): (&str, &str)| {
        let named = runtime(name)?;
        let spec = if rest.is_empty() { named } else { format!("{named}/{}", system(rest)?) };
        (spec != text && is_spec(&spec)).then_some(spec)
    };
    candidates.into_iter().find_map(spec)
}

/// "nodejs:22" is node@22.
fn runtime(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.strip_prefix(".js").unwrap_or(rest);
    let version = rest.trim_start_matches(['@', ':', '=', '-', '_', ' ', 'v']);
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    // A number by itself is taken for a version of Node.js, unless it may be an ABI.
    let is_version = major(version).is_some_and(|major| major < 43);
    let word = match word {
        "" | "v" if is_version => "node",
        "" => return None,
        word => nearest(word, &names, &RUNTIMES)?,
    };
    Some(if version.is_empty() { word.to_owned() } else { format!("{word}@{version}") })
}

/// "macos_x86_64" is darwin-x64.
fn system(text: &str) -> Option<String> {
    let mut parts = text.split(['-', '_', '/', ' ']).filter(|part| !part.is_empty());
    let platform = nearest(parts.next()?, &PLATFORMS, &SYSTEMS)?;
    let arch = nearest(parts.next()?, &ARCHS, &PROCESSORS)?;
    let libc = match parts.next() {
        Some(part) => {
            let digits = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
            let version = if digits == part.len() {
                parts.next().unwrap_or_default()
            } else {
                &part[digits..]
            };
            format!("-{}{version}", nearest(&part[..digits], &["glibc", "musl"], &LIBCS)?)
        }
        None => String::new(),
    };
    parts.next().is_none().then(|| format!("{platform}-{arch}{libc}"))
}

/// The word itself, what it is another name for, or the one word that differs from it in a letter,
/// of long ones in two.
fn nearest<'w>(word: &str, known: &[&'w str], others: &[(&str, &'w str)]) -> Option<&'w str> {
    let same = known.iter().find(|name| **name == word).copied();
    let other = || others.iter().find(|(name, _)| *name == word).map(|(_, name)| *name);
    let near = || {
        let far = |name: &str| distance(word.as_bytes(), name.as_bytes());
        let most = |name: &str| if name.len() > 4 { 2 } else { usize::from(name.len() > 2) };
        let best = known.iter().map(|name| far(name)).min()?;
        let mut nearest = known.iter().filter(|name| far(name) == best && best <= most(name));
        let first = nearest.next()?;
        nearest.next().is_none().then_some(*first)
    };
    same.or_else(other).or_else(near)
}

/// Levenshtein's, with a swap of neighbours as one step.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use crate::runtime::{RuntimeSpec, resolve, test_host};

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
}
