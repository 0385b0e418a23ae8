//! Ranges, compared with hand-written rows and with npm's own answers.

use super::range::Range;
use semver::Version;

#[test]
fn ranges_allow_the_same_versions_as_in_npm() {
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
        ("20.0.0-rc.1", &["20.0.0-rc.1"], &["20.0.0-rc.2", "20.0.0"]),
        (">=22", &["23.0.0-nightly.1", "22.0.0-rc.1"], &["21.9.0"]),
        ("^20.1.0", &["20.2.0-rc.1"], &["20.1.0-rc.1", "21.0.0-rc.1"]),
        ("<20", &["19.9.9"], &["20.0.0-rc.1"]),
        ("<20.0.0", &["20.0.0-rc.1"], &["20.0.0"]),
        ("20.1.0+build", &["20.1.0"], &["20.1.1"]),
        ("  20.1.0  ", &["20.1.0"], &[]),
    ];
    for (text, inside, outside) in rows {
        let range = Range::parse(text);
        if inside.is_empty() && outside.is_empty() {
            assert_eq!(range, None, "{text}");
            continue;
        }
        let range = range.expect(text);
        let allows = |version: &&&str| range.allows(&Version::parse(version).expect("a version"));
        assert_eq!(inside.iter().find(|version| !allows(version)), None, "{text} allows it");
        assert_eq!(outside.iter().find(allows), None, "{text} forbids it");
    }
}

/// npm's own answers: the generator beside the table runs npm's `semver`.
#[test]
fn ranges_are_read_as_npm_reads_them() {
    let table = include_str!("data/npm-ranges.txt");
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let versions: Vec<Version> = lines
        .next()
        .expect("a line of versions")
        .split(' ')
        .map(|text| Version::parse(text).expect("a version"))
        .collect();
    let (mut rows, mut wrong) = (0, Vec::new());
    for line in lines {
        let (text, answer) = line.rsplit_once('\t').expect("two columns");
        #[expect(clippy::disallowed_methods, reason = "our own table")]
        let text: String = serde_json::from_str(text).expect("a JSON string");
        let found = Range::parse(&text).map_or("invalid".to_owned(), |range| {
            versions.iter().map(|version| if range.allows(version) { '1' } else { '0' }).collect()
        });
        rows += 1;
        if found != answer {
            wrong.push(format!("{text:?}\n  npm  {answer}\n  here {found}"));
        }
    }
    assert!(rows * versions.len() >= 10_000, "the table is too small");
    assert!(wrong.is_empty(), "{} of {rows}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn invalid_ranges_are_rejected() {
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
fn ranges_meet_if_both_allow_a_version() {
    let range = |text| Range::parse(text).expect("a range");
    assert!(range("20").meets(&range(">=18")));
    assert!(range("20.11.0").meets(&range("^20")));
    assert!(!range("20.11.0").meets(&range("^20.12")));
    assert!(!range("18").meets(&range("20 || 22")));
    assert!(range("22").meets(&range("20 || 22")));
    // They only have prereleases of 20.0.0 in common.
    assert!(!range("<20.0.0").meets(&range(">=20")));
}

#[test]
fn a_range_has_a_major_version_if_it_allows_only_one() {
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
