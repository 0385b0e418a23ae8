//! Ranges of versions as npm writes them ("^18 || >=20.9 <21"), which is another grammar than that
//! of Rust's semver.
//!
//! Prerelease tags are left out of account on both sides: npm, too, lets a nightly of Node.js 23
//! pass for `>=23`.

use semver::Version;

/// Major, minor, patch.
type Triple = (u64, u64, u64);

/// The versions from `from` up to, and not including, `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interval {
    from: Triple,
    to: Option<Triple>,
}

/// Which versions are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Any of these.
    intervals: Vec<Interval>,
}

/// Most alternatives ("||") that are read.
const MOST: usize = 64;

impl Range {
    /// Reads a range; `None` for what npm would not understand.
    #[must_use]
    pub fn parse(text: &str) -> Option<Range> {
        if text.split("||").count() > MOST {
            return None;
        }
        let intervals = text.split("||").map(alternative).collect::<Option<Vec<_>>>()?;
        Some(Range { intervals: intervals.into_iter().flatten().collect() })
    }

    /// All releases of one major version.
    #[must_use]
    pub fn line(major: u64) -> Range {
        Range {
            intervals: vec![Interval {
                from: (major, 0, 0),
                to: Some((major.saturating_add(1), 0, 0)),
            }],
        }
    }

    /// True when `version` is among them.
    #[must_use]
    pub fn allows(&self, version: &Version) -> bool {
        let version = (version.major, version.minor, version.patch);
        self.intervals
            .iter()
            .any(|interval| interval.from <= version && interval.to.is_none_or(|to| version < to))
    }

    /// True when some version is in both.
    #[must_use]
    pub fn meets(&self, other: &Range) -> bool {
        self.intervals.iter().any(|a| other.intervals.iter().any(|b| both(*a, *b).is_some()))
    }

    /// The major version, where only one is allowed.
    #[must_use]
    pub fn major(&self) -> Option<u64> {
        let major = self.intervals.first()?.from.0;
        let next = (major.checked_add(1)?, 0, 0);
        self.intervals
            .iter()
            .all(|part| part.from.0 == major && part.to.is_some_and(|to| to <= next))
            .then_some(major)
    }
}

fn both(a: Interval, b: Interval) -> Option<Interval> {
    let to = match (a.to, b.to) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    };
    let from = a.from.max(b.from);
    to.is_none_or(|to| from < to).then_some(Interval { from, to })
}

/// What stands between two "||": comparators that hold together, or a hyphen range. An inner `None`
/// holds for no version.
fn alternative(text: &str) -> Option<Option<Interval>> {
    if let Some((low, high)) = text.split_once(" - ") {
        let (low, high) = (Partial::parse(low)?, Partial::parse(high)?);
        return Some(both(
            Interval { from: low.floor(), to: None },
            Interval { from: (0, 0, 0), to: high.after() },
        ));
    }
    let mut all = Some(Interval { from: (0, 0, 0), to: None });
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let split = word.find(|c| !"<>=~^".contains(c)).unwrap_or(word.len());
        let (operator, version) = word.split_at(split);
        // ">= 18": the version may stand apart.
        let version = if version.is_empty() { words.next().unwrap_or_default() } else { version };
        let found = comparator(operator, Partial::parse(version)?)?;
        all = all.zip(found).and_then(|(all, found)| both(all, found));
    }
    Some(all)
}

fn comparator(operator: &str, version: Partial) -> Option<Option<Interval>> {
    let (floor, after) = (version.floor(), version.after());
    let from = |from| Some(Interval { from, to: None });
    let until = |to| Some(Interval { from: (0, 0, 0), to: Some(to) });
    let next_major = (floor.0.saturating_add(1), 0, 0);
    let next_minor = (floor.0, floor.1.saturating_add(1), 0);
    Some(match operator {
        "" | "=" => Some(Interval { from: floor, to: after }),
        ">=" => from(floor),
        // Above all versions, or below all, there is none.
        ">" => after.and_then(from),
        "<" if version.major.is_none() => None,
        "<" => until(floor),
        "<=" => Some(Interval { from: (0, 0, 0), to: after }),
        "~" | "~>" if version.minor.is_some() => {
            Some(Interval { from: floor, to: Some(next_minor) })
        }
        "~" | "~>" => Some(Interval { from: floor, to: after }),
        "^" if version.major.is_none() => from(floor),
        "^" => {
            // The leftmost number that isn't 0 stays.
            let to = match floor {
                (0, 0, _) if version.patch.is_some() => after.unwrap_or(next_minor),
                (0, minor, _)
                    if version.minor.is_some() && (minor > 0 || version.patch.is_none()) =>
                {
                    next_minor
                }
                _ => next_major,
            };
            Some(Interval { from: floor, to: Some(to) })
        }
        _ => return None,
    })
}

/// A version of which the end may be left open: "20", "20.x", "v20.11.0", "*".
#[derive(Clone, Copy)]
struct Partial {
    major: Option<u64>,
    minor: Option<u64>,
    patch: Option<u64>,
}

impl Partial {
    fn parse(text: &str) -> Option<Partial> {
        let text = text.trim().trim_start_matches(['v', 'V', '=']);
        // Build and prerelease only after three numbers.
        let core = text.split(['-', '+']).next().unwrap_or_default();
        let parts: Vec<&str> = core.split('.').collect();
        if text.is_empty() || parts.len() > 3 || (core != text && parts.len() < 3) {
            return None;
        }
        let mut numbers = [None; 3];
        let mut is_open = false;
        for (number, part) in numbers.iter_mut().zip(parts) {
            if matches!(part, "x" | "X" | "*") {
                is_open = true;
            } else {
                let digits = part.bytes().all(|byte| byte.is_ascii_digit());
                let value = part.parse().ok().filter(|_| digits)?;
                *number = (!is_open).then_some(value);
            }
        }
        let [major, minor, patch] = numbers;
        Some(Partial { major, minor, patch })
    }

    /// The first version it stands for.
    fn floor(self) -> Triple {
        (self.major.unwrap_or(0), self.minor.unwrap_or(0), self.patch.unwrap_or(0))
    }

    /// The first version after those it stands for.
    fn after(self) -> Option<Triple> {
        let (major, minor, patch) = self.floor();
        match (self.major, self.minor, self.patch) {
            (None, ..) => None,
            (_, None, _) => Some((major.saturating_add(1), 0, 0)),
            (_, _, None) => Some((major, minor.saturating_add(1), 0)),
            _ => Some((major, minor, patch.saturating_add(1))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Range;
    use semver::Version;

    #[test]
    fn ranges_allow_what_npm_says_they_do() {
        #[rustfmt::skip]
        let rows: &[(&str, &[&str], &[&str])] = &[
            ("", &["0.10.0", "26.0.0"], &[]),
            ("*", &["0.10.0", "26.0.0"], &[]),
            ("x", &["26.0.0"], &[]),
            ("18", &["18.0.0", "18.20.8"], &["17.9.9", "19.0.0"]),
            ("v18", &["18.20.8"], &["19.0.0"]),
            ("18.x", &["18.0.0", "18.20.8"], &["19.0.0"]),
            ("18.x.x", &["18.20.8"], &["19.0.0"]),
            ("18.20", &["18.20.0", "18.20.8"], &["18.19.0", "18.21.0"]),
            ("=18.20.8", &["18.20.8"], &["18.20.7", "18.20.9"]),
            (">=18", &["18.0.0", "26.0.0"], &["17.9.9"]),
            (">= 18", &["18.0.0", "26.0.0"], &["17.9.9"]),
            (">18", &["19.0.0"], &["18.20.8"]),
            (">18.20", &["18.21.0"], &["18.20.8"]),
            (">18.20.1", &["18.20.2"], &["18.20.1"]),
            ("<20", &["19.9.9", "0.1.0"], &["20.0.0"]),
            ("<=20", &["20.99.0"], &["21.0.0"]),
            ("<=20.9", &["20.9.5"], &["20.10.0"]),
            (">=18 <21", &["18.0.0", "20.99.0"], &["21.0.0", "17.0.0"]),
            (">=18<21", &[], &[]),
            ("18 || 20 || >=22", &["18.1.0", "20.1.0", "24.0.0"], &["19.0.0", "21.0.0"]),
            (
                "^18.17.0 || ^20.3.0 || >=21.0.0",
                &["18.17.0", "20.3.0", "21.0.0"],
                &["18.16.9", "19.0.0", "20.2.0"],
            ),
            ("^0.10.3", &["0.10.3", "0.10.48"], &["0.11.0", "0.10.2"]),
            ("^0.0.3", &["0.0.3"], &["0.0.4"]),
            ("^0.0", &["0.0.9"], &["0.1.0"]),
            ("^0", &["0.12.0"], &["1.0.0"]),
            ("~20.9.1", &["20.9.1", "20.9.9"], &["20.10.0", "20.9.0"]),
            ("~20", &["20.0.0", "20.99.0"], &["21.0.0"]),
            ("~>20.9", &["20.9.0"], &["20.10.0"]),
            ("18 - 20", &["18.0.0", "20.99.0"], &["21.0.0", "17.0.0"]),
            ("18.2.0 - 20.1.0", &["18.2.0", "20.1.0"], &["18.1.0", "20.1.1"]),
            (">*", &[], &["1.0.0"]),
            ("<*", &[], &["1.0.0"]),
            (">=20 <18", &[], &["19.0.0", "20.0.0"]),
            ("20.0.0-rc.1", &["20.0.0"], &["20.0.1"]),
            ("  20.1.0  ", &["20.1.0"], &[]),
        ];
        for (text, inside, outside) in rows {
            let range = Range::parse(text);
            if inside.is_empty() && outside.is_empty() {
                assert_eq!(range, None, "{text}");
                continue;
            }
            let range = range.expect(text);
            let allows =
                |version: &&&str| range.allows(&Version::parse(version).expect("a version"));
            assert_eq!(inside.iter().find(|version| !allows(version)), None, "{text} allows it");
            assert_eq!(outside.iter().find(allows), None, "{text} forbids it");
        }
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in [
            "lts/*",
            "node",
            "1.2.3.4",
            ">=a",
            "20-rc",
            "^",
            ">=",
            "1..2",
            "-1",
            "99999999999999999999999",
            "é",
        ] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_meet_where_a_version_is_in_both() {
        let range = |text| Range::parse(text).expect("a range");
        assert!(range("20").meets(&range(">=18")));
        assert!(range("20.11.0").meets(&range("^20")));
        assert!(!range("20.11.0").meets(&range("^20.12")));
        assert!(!range("18").meets(&range("20 || 22")));
        assert!(range("22").meets(&range("20 || 22")));
    }

    #[test]
    fn one_major_version_is_told_from_several() {
        let major = |text| Range::parse(text).expect("a range").major();
        for text in
            ["20", "v20.11.0", "^20.3", "20.x", "~20", ">=20 <21", "20.1 || 20.3", ">=20.1.0 <=20"]
        {
            assert_eq!(major(text), Some(20), "{text}");
        }
        for text in [">=20", "20 || 22", "*", "20 - 22", ">=20 <22", ">20 <18"] {
            assert_eq!(major(text), None, "{text}");
        }
    }
}
