//! What was probably meant by a spec that names no runtime: another spelling of its words, other
//! marks between them. Nothing is suggested that isn't the only thing near.

use super::distributions::{self, codenames, ids, near};
use super::lines::words;
use super::names::{arch_names, platforms};
use crate::model::{Libc, Platform, RuntimeName};
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
const DISTRIBUTIONS: [(&str, &str); 9] = [
    ("al", "amazonlinux"),
    ("alma", "almalinux"),
    ("alpinelinux", "alpine"),
    ("amazon", "amazonlinux"),
    ("amzn", "amazonlinux"),
    ("centosstream", "centos"),
    ("musl", "alpine"),
    ("redhat", "rhel"),
    ("rocky", "rockylinux"),
];

/// Longest text that is thought about.
const LONGEST: usize = 80;

/// The spec that `text` was probably meant to be; `is_spec` says whether something is one.
pub(super) fn meant(text: &str, is_spec: impl Fn(&str) -> bool) -> Option<String> {
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    let lower = text.trim().to_ascii_lowercase().replace("x86_64", "x64").replace("x86-64", "x64");
    let whole = [word_alone(&lower), lambda(&lower), long_term(&lower)];
    let of_whole = whole.into_iter().flatten().find(|spec| spec != text && is_spec(spec));
    if of_whole.is_some() {
        return of_whole;
    }
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

/// "lts" and "jod" are of Node.js, the only runtime with such releases.
fn word_alone(text: &str) -> Option<String> {
    let node = RuntimeName::Node;
    let is_of_all = |word: &str| words(RuntimeName::Electron).any(|other| other == word);
    words(node)
        .find(|word| *word == text && !is_of_all(word))
        .map(|word| format!("{}@{word}", node.as_str()))
}

/// "aws-lambda/node22" is lambda/nodejs22.
fn lambda(text: &str) -> Option<String> {
    let (_, behind) = text.split_once("lambda")?;
    let number = behind.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    (end > 0).then(|| format!("lambda/nodejs{}", &number[..end]))
}

/// "node@lts/jodd" is node@lts/jod.
fn long_term(text: &str) -> Option<String> {
    let (before, word) = text.split_once("lts/")?;
    let (word, system) = word.split_once('/').map_or((word, None), |(a, b)| (a, Some(b)));
    let known: Vec<&str> = words(RuntimeName::Node).collect();
    let word = nearest(word, &known, &[])?;
    let system = system.map(|system| format!("/{system}")).unwrap_or_default();
    Some(format!("{before}lts/{word}{system}"))
}

/// "nodejs:22" is node@22.
fn runtime(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let rest = rest.strip_prefix(".js").unwrap_or(rest);
    let version = rest.trim_start_matches(['@', ':', '=', '-', '_', ' ', 'v']);
    let names: Vec<&str> = RuntimeName::ALL.iter().map(|kind| kind.as_str()).collect();
    // A number by itself is taken for a version of Node.js, unless it may be an ABI.
    let is_version = major(version).is_some_and(|major| major < 43);
    let word = match word {
        "" | "v" if is_version => "node",
        "" => return None,
        word => nearest(word, &names, &RUNTIMES)?,
    };
    if version.is_empty() {
        return Some(word.to_owned());
    }
    let known: Vec<&str> = RuntimeName::from_name(word).into_iter().flat_map(words).collect();
    let is_word = version.starts_with(|c: char| c.is_ascii_alphabetic());
    let version = if is_word { nearest(version, &known, &[])? } else { version };
    Some(format!("{word}@{version}"))
}

/// "macos_x86_64" is darwin-x64, "debian:12" debian12.
fn system(text: &str) -> Option<String> {
    tuple(text).or_else(|| distribution(text))
}

/// "ubuntu-22-amd64" is ubuntu22.04-x64, "linux-musl" alpine.
fn distribution(text: &str) -> Option<String> {
    let separators = ['-', '_', '/', ' ', ':'];
    let linux = Platform::Linux;
    let mut parts: Vec<&str> = text
        .split(separators)
        .filter(|part| !part.is_empty() && *part != "slim" && *part != linux.as_str())
        .collect();
    let archs: Vec<&str> = arch_names().collect();
    let arch_of = |word: &str| {
        let other = || PROCESSORS.iter().find(|(name, _)| *name == word).map(|(_, name)| *name);
        archs.iter().find(|name| **name == word).copied().or_else(other)
    };
    let arch = parts.last().and_then(|last| arch_of(last));
    if arch.is_some() {
        parts.pop();
    }
    let word = parts.concat();
    let (id, version) = distributions::split(&word);
    let known: Vec<&str> = ids().chain(codenames()).collect();
    let id = nearest(id, &known, &DISTRIBUTIONS)?;
    let system = near(id, version).unwrap_or_else(|| format!("{id}{version}"));
    Some(arch.map_or_else(|| system.clone(), |arch| format!("{system}-{arch}")))
}

fn tuple(text: &str) -> Option<String> {
    let mut parts = text.split(['-', '_', '/', ' ']).filter(|part| !part.is_empty());
    let platforms: Vec<&str> = platforms().map(Platform::as_str).collect();
    let archs: Vec<&str> = arch_names().collect();
    let platform = nearest(parts.next()?, &platforms, &SYSTEMS)?;
    let arch = nearest(parts.next()?, &archs, &PROCESSORS)?;
    let libc = match parts.next() {
        Some(part) => {
            let libcs: Vec<&str> = Libc::ALL.iter().map(|libc| libc.as_str()).collect();
            let digits = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
            let version = if digits == part.len() {
                parts.next().unwrap_or_default()
            } else {
                &part[digits..]
            };
            format!("-{}{version}", nearest(&part[..digits], &libcs, &LIBCS)?)
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

/// Levenshtein's, with a swap of neighbors as one step.
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
