//! The meaning of each code, read from the documents, so that it is written in one place only.

use std::sync::OnceLock;

const PROBLEMS: &str = include_str!("../../docs/problems.md");
const FINDINGS: &str = include_str!("../../docs/doctor.md");

/// The address of the documents.
const HOME: &str = "https://github.com/abi-guard/abi-guard/blob/main/docs";

/// A section of a document.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub code: &'static str,
    /// The first sentence of the cause.
    pub short: String,
    /// The cause.
    pub full: String,
    /// How to fix it.
    pub help: String,
    /// The whole section as Markdown.
    pub markdown: &'static str,
    /// The address of the section.
    pub link: String,
}

/// The rule of a code; `None` if no document describes it.
pub(super) fn rule(code: &str) -> Option<&'static Rule> {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let of = |document: &'static str, name: &str| sections(document, &format!("{HOME}/{name}"));
        [of(PROBLEMS, "problems.md"), of(FINDINGS, "doctor.md")].concat()
    });
    rules.iter().find(|rule| rule.code == code)
}

fn sections(document: &'static str, link: &str) -> Vec<Rule> {
    let sections = document.split("\n## ").skip(1).filter_map(|section| section.split_once('\n'));
    sections
        .map(|(code, body)| {
            let body = body.split("\n# ").next().unwrap_or(body).trim();
            let full = paragraph(body, &["Cause", "Why"]).unwrap_or_else(|| first_paragraph(body));
            let help = paragraph(body, &["Fix"]).unwrap_or_else(|| full.clone());
            Rule {
                code,
                short: first_sentence(&full),
                full,
                help,
                markdown: body,
                link: format!("{link}#{code}"),
            }
        })
        .collect()
}

/// The paragraph that begins with `**Name**: `, with the paragraphs that continue it, in one line
/// and without Markdown.
fn paragraph(body: &str, names: &[&str]) -> Option<String> {
    let start = names.iter().find_map(|name| body.split_once(&format!("**{name}**: ")))?.1;
    let text = start.split("\n\n").next().unwrap_or(start);
    Some(capital(&plain(text)))
}

fn first_paragraph(body: &str) -> String {
    plain(body.split("\n\n").find(|paragraph| !paragraph.starts_with("```")).unwrap_or(body))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(['`', '*'], "")
}

fn first_sentence(text: &str) -> String {
    text.split_once(". ").map_or_else(|| text.to_owned(), |(first, _)| format!("{first}."))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::rule;
    use crate::model::Code;

    #[test]
    fn every_code_has_a_rule_with_valid_texts() {
        let others = ["addons-disabled", "scripts-blocked", "pins-contradict", "file-not-read"];
        for code in Code::ALL.iter().map(|code| code.as_str()).chain(others) {
            let rule = rule(code).unwrap_or_else(|| unreachable!("{code}"));
            for text in [&rule.short, &rule.full, &rule.help] {
                assert!(
                    text.len() > 10 && text.len() <= 1024 && !text.contains('\n'),
                    "{code}: {text}"
                );
            }
            // Without a fix in its section, the rule would show the cause in its place, without an
            // error.
            assert!(code == "undetermined" || rule.help != rule.full, "{code} has no fix");
            assert!(
                rule.short.ends_with('.') || rule.short.ends_with(':'),
                "{code}: {}",
                rule.short
            );
        }
        assert!(rule("no-such-code").is_none());
    }
}
