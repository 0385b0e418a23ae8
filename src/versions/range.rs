//! Ranges of versions as npm writes them ("^18 || >=20.9 <21"), read as npm's `semver` reads them.
//! Rust's semver has another grammar: it knows no `||`, no hyphen ranges, and no blank between two
//! comparators.
//!
//! A prerelease counts as npm counts it when it checks `engines` (`includePrerelease` in
//! npm-install-checks): it is a version like any other, so a nightly of Node.js 23 satisfies `>=22`
//! and `23.x`. The grammar is that of `classes/range.js` and `internal/re.js` of semver 7.8.6;
//! data/npm-ranges.txt holds the answers of that package, and a test compares this reader with
//! them.

use semver::{BuildMetadata, Prerelease, Version};
use serde::Deserialize;

/// The versions from `from` up to, and not including, `to`. Neither has build metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Interval {
    from: Version,
    to: Option<Version>,
}

/// A set of versions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Range {
    /// A version is in the range if it is in one of these intervals. None of them is empty.
    intervals: Vec<Interval>,
}

/// The maximum number of alternatives ("||") that are read; npm has no limit.
const MOST: usize = 64;

/// `Number.MAX_SAFE_INTEGER`: npm rejects larger numbers in a version.
const LARGEST: u64 = (1 << 53) - 1;

impl Range {
    /// Reads a range; `None` for text that npm calls an invalid range.
    #[must_use]
    pub fn parse(text: &str) -> Option<Range> {
        if text.split("||").count() > MOST {
            return None;
        }
        let mut intervals = Vec::new();
        for part in text.split("||") {
            let words: Vec<&str> = part.split_whitespace().collect();
            intervals.extend(alternative(&words.join(" "))?);
        }
        Some(Range { intervals })
    }

    /// All releases of one major version, and their prereleases.
    #[must_use]
    pub fn line(major: u64) -> Range {
        let from = first(major, 0, 0);
        Range { intervals: vec![Interval { from, to: Some(first(major.saturating_add(1), 0, 0)) }] }
    }

    /// True when `version` is in the range.
    #[must_use]
    pub fn allows(&self, version: &Version) -> bool {
        let version = Version { build: BuildMetadata::EMPTY, ..version.clone() };
        self.intervals.iter().any(|interval| {
            interval.from <= version && interval.to.as_ref().is_none_or(|to| version < *to)
        })
    }

    /// True when both ranges have a release in common; a common prerelease alone doesn't count.
    #[must_use]
    pub fn meets(&self, other: &Range) -> bool {
        let pairs = self.intervals.iter().flat_map(|a| other.intervals.iter().map(move |b| (a, b)));
        pairs.filter_map(|(a, b)| both(a, b)).any(|common| {
            let release = Version { pre: Prerelease::EMPTY, ..common.from };
            common.to.is_none_or(|to| release < to)
        })
    }

    /// The major version, when the range allows only one.
    #[must_use]
    pub fn major(&self) -> Option<u64> {
        let major = self.intervals.first()?.from.major;
        let next = Version::new(major.checked_add(1)?, 0, 0);
        let is_within = |part: &Interval| {
            part.from.major == major && part.to.as_ref().is_some_and(|to| *to <= next)
        };
        self.intervals.iter().all(is_within).then_some(major)
    }
}

impl TryFrom<String> for Range {
    type Error = String;

    fn try_from(text: String) -> Result<Range, String> {
        Range::parse(&text).ok_or_else(|| format!("invalid range of versions: {text}"))
    }
}

/// The first version of three numbers: its lowest prerelease, "-0".
fn first(major: u64, minor: u64, patch: u64) -> Version {
    let zero = Prerelease::new("0").unwrap_or_default();
    Version { pre: zero, ..Version::new(major, minor, patch) }
}

/// The version that follows `version` in semver's order, with nothing between the two.
fn after(version: &Version) -> Version {
    if version.pre.is_empty() {
        return first(version.major, version.minor, version.patch.saturating_add(1));
    }
    // Of two prereleases with a common beginning the longer one is later, and 0 is the lowest
    // identifier.
    let pre = Prerelease::new(&format!("{}.0", version.pre)).unwrap_or_default();
    Version { pre, ..version.clone() }
}

fn any() -> Interval {
    Interval { from: first(0, 0, 0), to: None }
}

/// What two intervals have in common; `None` for nothing.
fn both(a: &Interval, b: &Interval) -> Option<Interval> {
    let to = match (&a.to, &b.to) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one.as_ref(),
    };
    let from = (&a.from).max(&b.from);
    to.is_none_or(|to| from < to).then(|| Interval { from: from.clone(), to: to.cloned() })
}

/// The interval from `from` to `to`, with npm's checks. The outer `None` means that a number is too
/// large for npm, the inner `None` that the interval is empty.
fn interval(from: Version, to: Option<Version>) -> Option<Option<Interval>> {
    let is_valid = |version: &Version| {
        [version.major, version.minor, version.patch].iter().all(|number| *number <= LARGEST)
    };
    if !is_valid(&from) || !to.as_ref().is_none_or(is_valid) {
        return None;
    }
    Some(both(&Interval { from, to }, &any()))
}

/// Reads the text between two "||": comparators that must all hold, or a hyphen range. Blanks are
/// single. An inner `None` is a range without any version, such as "<1 >2".
fn alternative(text: &str) -> Option<Option<Interval>> {
    let text = without_build(text);
    if let Some((low, high)) = text.split_once(" - ") {
        return hyphen(&Partial::parse(low.trim_end())?, &Partial::parse(high.trim_start())?);
    }
    let mut all = Some(any());
    for word in attached(&text).split(' ') {
        let found = comparator(word)?;
        all = all.zip(found).and_then(|(all, found)| both(&all, &found));
    }
    Some(all)
}

/// Attaches operators to the version after them, as npm does before it splits at blanks: ">= 18"
/// is ">=18". A "=" after the blanks is not attached to the version: "> =18" becomes ">=18", but
/// "> = 18" becomes ">= 18", which is two words.
fn attached(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let after_angle = rest.strip_prefix(['<', '>']).unwrap_or(rest);
        let after_operator = after_angle.strip_prefix('=').unwrap_or(after_angle);
        let operator = &rest[..rest.len() - after_operator.len()];
        let unspaced = after_operator.trim_start_matches(' ');
        let version = unspaced.trim_start_matches(['v', '=', ' ']);
        let is_version = version.starts_with(|c: char| c.is_ascii_digit() || "xX*".contains(c));
        if is_version && (next == 'v' || !operator.is_empty()) {
            result.push_str(operator);
            let kept = if operator.is_empty() { rest } else { unspaced };
            result.push_str(&kept[..kept.len() - version.len()]);
            rest = version;
        } else if let Some(behind) = ["~> ", "~ ", "^ "].iter().find_map(|at| rest.strip_prefix(at))
        {
            // "~>" and "~" mean the same.
            result.push(next);
            rest = behind;
        } else {
            result.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    result
}

/// "1.2.3 - 2.3": both ends are included.
fn hyphen(low: &Partial<'_>, high: &Partial<'_>) -> Option<Option<Interval>> {
    let from = match low.numbers() {
        // npm writes ">=" before the text of the lower end. If that text begins with another "=",
        // npm rejects the range.
        (Some(_), Some(_), Some(_)) if !matches!(low.prefix, "" | "v") => return None,
        (Some(_), Some(_), Some(_)) if !low.pre.is_empty() => low.floor(),
        _ => first(low.floor().major, low.floor().minor, low.floor().patch),
    };
    let to = match high.numbers() {
        (Some(_), Some(_), Some(_)) if !high.pre.is_empty() => Some(after(&high.floor())),
        _ => high.end(),
    };
    interval(from, to)
}

/// Reads one comparator, such as ">=18", "^20.1", "18.x", "v20.11.0".
fn comparator(word: &str) -> Option<Option<Interval>> {
    if word.is_empty() {
        return Some(Some(any()));
    }
    if let Some(version) = word.strip_prefix('^') {
        return caret(&Partial::parse(version)?);
    }
    if let Some(version) = word.strip_prefix('~') {
        return tilde(&Partial::parse(version.strip_prefix('>').unwrap_or(version))?);
    }
    let (operator, version) = split_operator(word);
    match Partial::parse(version) {
        Some(version) => compared(operator, &version),
        // npm deletes the first "*" of a word, with the operator before it, and reads on: "1.2.3*"
        // is "1.2.3".
        None => {
            let (before, behind) = word.split_once('*')?;
            let before = before.strip_suffix('=').unwrap_or(before);
            let before = before.strip_suffix(['<', '>']).unwrap_or(before);
            let word = format!("{before}{behind}");
            let (operator, version) = split_operator(&word);
            let version = Partial::parse(version)?;
            version.numbers().2?;
            compared(operator, &version)
        }
    }
}

/// Splits "<", ">", "=", "<=" or ">=" off.
fn split_operator(word: &str) -> (&str, &str) {
    let version = word.strip_prefix(['<', '>']).unwrap_or(word);
    let version = version.strip_prefix('=').unwrap_or(version);
    (&word[..word.len() - version.len()], version)
}

/// The text without build metadata, which npm deletes wherever it stands: "20+build" is "20".
fn without_build(text: &str) -> String {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, build)) = rest.split_once('+') {
        result.push_str(before);
        rest = build.trim_start_matches(is_letter);
        if rest.len() == build.len() {
            result.push('+');
            continue;
        }
        while let Some(more) = rest.strip_prefix('.').filter(|more| more.starts_with(is_letter)) {
            rest = more.trim_start_matches(is_letter);
        }
    }
    result + rest
}

fn caret(version: &Partial<'_>) -> Option<Option<Interval>> {
    let Version { major, minor, patch, .. } = version.floor();
    // The leftmost number that isn't 0 must remain the same.
    let to = match version.numbers() {
        (None, ..) => return Some(Some(any())),
        (_, None, _) => first(major + 1, 0, 0),
        (_, _, None) if major == 0 => first(0, minor + 1, 0),
        (_, _, Some(_)) if major == 0 && minor == 0 => first(0, 0, patch + 1),
        (_, _, Some(_)) if major == 0 => first(0, minor + 1, 0),
        _ => first(major + 1, 0, 0),
    };
    interval(version.start(), Some(to))
}

fn tilde(version: &Partial<'_>) -> Option<Option<Interval>> {
    let Version { major, minor, .. } = version.floor();
    let to = match version.numbers() {
        (None, ..) => return Some(Some(any())),
        (_, None, _) => first(major + 1, 0, 0),
        _ => first(major, minor + 1, 0),
    };
    interval(version.start(), Some(to))
}

fn compared(operator: &str, version: &Partial<'_>) -> Option<Option<Interval>> {
    // "x.1" and "1.x.2" mean nothing.
    let is_whole = match version.numbers() {
        (None, Some(_), _) | (None, _, Some(_)) | (_, None, Some(_)) => return None,
        (_, _, patch) => patch.is_some(),
    };
    // npm expands "==18" and ">=v=18", but rejects them with three numbers.
    if is_whole && !matches!(version.prefix, "" | "v") {
        return None;
    }
    let start = version.start();
    let bottom = first(0, 0, 0);
    match operator {
        ">" | "<" if version.numbers().0.is_none() => Some(None),
        ">=" => interval(start, None),
        "<" => interval(bottom, Some(start)),
        ">" => interval(version.end()?, None),
        "<=" => interval(bottom, version.end()),
        _ => interval(start, version.end()),
    }
}

/// A version of which numbers may be missing: "20", "20.x", "v20.11.0", "*".
struct Partial<'a> {
    /// The "v" and "=" before it.
    prefix: &'a str,
    /// `None` for one that is missing, "x", "X" or "*".
    parts: [Option<u64>; 3],
    pre: Prerelease,
}

impl<'a> Partial<'a> {
    fn parse(text: &'a str) -> Option<Partial<'a>> {
        let bare = text.trim_start_matches(['v', '=', ' ']);
        let prefix = &text[..text.len() - bare.len()];
        let (core, pre) = match bare.split_once('-') {
            Some((core, pre)) => (core, Some(Prerelease::new(pre).ok()?)),
            None => (bare, None),
        };
        let mut parts = [None; 3];
        let mut count = 0;
        for text in core.split('.') {
            *parts.get_mut(count)? = number(text)?;
            count += 1;
        }
        // A prerelease only follows three numbers, and isn't empty.
        if pre.as_ref().is_some_and(|pre| count < 3 || pre.is_empty()) {
            return None;
        }
        Some(Partial { prefix, parts, pre: pre.unwrap_or_default() })
    }

    fn numbers(&self) -> (Option<u64>, Option<u64>, Option<u64>) {
        let [major, minor, patch] = self.parts;
        (major, minor, patch)
    }

    /// The numbers as a version: a missing number and all numbers after it are 0. The prerelease is
    /// kept only if no number is missing.
    fn floor(&self) -> Version {
        let [major, minor, patch] = self.parts;
        let minor = minor.filter(|_| major.is_some());
        let patch = patch.filter(|_| minor.is_some());
        let mut version = Version::new(major.unwrap_or(0), minor.unwrap_or(0), patch.unwrap_or(0));
        if patch.is_some() {
            version.pre = self.pre.clone();
        }
        version
    }

    /// The first version that it matches.
    fn start(&self) -> Version {
        let floor = self.floor();
        match self.parts {
            [Some(_), Some(_), Some(_)] => floor,
            _ => first(floor.major, floor.minor, floor.patch),
        }
    }

    /// The first version after those that it matches; `None` if it matches all.
    fn end(&self) -> Option<Version> {
        let floor = self.floor();
        match self.parts {
            [None, ..] => None,
            [_, None, _] => Some(first(floor.major + 1, 0, 0)),
            [_, _, None] => Some(first(floor.major, floor.minor + 1, 0)),
            _ => Some(after(&floor)),
        }
    }
}

/// A number without leading zeros, or an inner `None` for "x", "X" and "*". A number too large for
/// npm becomes one past [`LARGEST`], so that adding to it can't overflow.
fn number(text: &str) -> Option<Option<u64>> {
    if matches!(text, "x" | "X" | "*") {
        return Some(None);
    }
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.is_empty()
        && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| Some(text.parse().unwrap_or(u64::MAX).min(LARGEST + 1)))
}
