//! SARIF 2.1.0, with the properties that code scanning requires: every result has a line in the
//! repository, no path of this computer, and a fingerprint that doesn't change when lines move.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::entries::{Entry, entries};
use super::escape::escape;
use super::rules::rule;
use crate::check::Places;
use crate::model::reports::Report;
use crate::model::{Code, FindingSeverity};

/// The maximum number of results that code scanning accepts in one run; the least severe ones are
/// omitted.
const MOST: usize = 25_000;

/// A whole document, also without results.
#[must_use]
pub fn sarif(reports: &[(Report, Places)]) -> String {
    let mut entries = entries(reports);
    entries.truncate(MOST);
    let codes: Vec<&str> = entries
        .iter()
        .map(|entry| entry.code.as_str())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let prints = Prints::of(&entries);
    let results: Vec<Value> = entries
        .iter()
        .enumerate()
        .map(|(number, entry)| {
            json!({
                "ruleId": entry.code,
                "ruleIndex": codes.binary_search(&entry.code.as_str()).unwrap_or_default(),
                "level": level(entry.level),
                "message": { "text": message(entry) },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri(&entry.place.file), "uriBaseId": "%SRCROOT%" },
                    "region": { "startLine": entry.place.line },
                } }],
                "partialFingerprints": prints.all[number],
            })
        })
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "abi-guard",
                "version": version,
                "semanticVersion": version,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": codes.iter().map(|code| described(code, &entries)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    super::json::written(&document) + "\n"
}

/// A rule with its texts.
fn described(code: &str, entries: &[Entry]) -> Value {
    let heaviest =
        || entries.iter().filter(|entry| entry.code == code).map(|entry| entry.level).min();
    let of_problem = Code::ALL.iter().find(|known| known.as_str() == code);
    let usual = of_problem.map(|code| code.severities().usual.into());
    let usual = level(usual.or_else(heaviest).unwrap_or(FindingSeverity::Warning));
    match rule(code) {
        Some(rule) => json!({
            "id": rule.code,
            "shortDescription": { "text": rule.short },
            "fullDescription": { "text": rule.full },
            "helpUri": rule.link,
            "help": { "text": rule.help, "markdown": rule.markdown },
            "defaultConfiguration": { "level": usual },
        }),
        None => json!({
            "id": code,
            "shortDescription": { "text": code },
            "fullDescription": { "text": code },
            "help": { "text": code },
            "defaultConfiguration": { "level": usual },
        }),
    }
}

fn level(weight: FindingSeverity) -> &'static str {
    match weight {
        FindingSeverity::Error => "error",
        FindingSeverity::Warning => "warning",
        FindingSeverity::Note => "note",
    }
}

/// The diagnosis. Brackets that a viewer could read as a link are escaped by SARIF's rules
/// (§3.11.6).
fn message(entry: &Entry) -> String {
    let text = entry.lines.join("\n");
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text }
}

/// A relative path as a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in escape(path).bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'@'
            | b'+'
            | b',' => {
                uri.push(byte.into());
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// Identifies results across runs by rule, subject and file, never by line. The hash of the line's
/// text, which the upload adds, can't distinguish results in one line, so each has its own
/// fingerprint.
struct Prints {
    all: Vec<Value>,
}

impl Prints {
    fn of(entries: &[Entry]) -> Prints {
        let mut equals: HashMap<String, usize> = HashMap::new();
        let mut lines: HashMap<(&str, &str, u32), usize> = HashMap::new();
        for entry in entries {
            *lines.entry((&entry.code, &entry.place.file, entry.place.line)).or_default() += 1;
        }
        let mut print = |entry: &Entry| {
            let key = [entry.code.as_str(), &entry.key, &entry.place.file].join("\0");
            let number = equals.entry(key.clone()).and_modify(|number| *number += 1).or_insert(1);
            let digest = Sha256::digest(key.as_bytes());
            let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let value = format!("{hash}:{number}");
            let crowded = lines
                .get(&(entry.code.as_str(), entry.place.file.as_str(), entry.place.line))
                .is_some_and(|all| *all > 1);
            match crowded {
                true => json!({ "abiGuard/v1": value, "primaryLocationLineHash": value }),
                false => json!({ "abiGuard/v1": value }),
            }
        };
        Prints { all: entries.iter().map(&mut print).collect() }
    }
}
