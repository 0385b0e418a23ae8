//! Markdown as GitHub and GitLab show it, for pull requests and for the summary of a CI job.
//!
//! Words with characters that mean something in Markdown become code: names are untrusted, and
//! "@scope/name" would notify the owner of an account.

use super::entries::{Entry, entries};
use super::escape::escape;
use super::matrix::{needs_a_reason, titles, word};
use super::page::Style;
use super::text::text;
use crate::check::Places;
use crate::model::FindingSeverity;
use crate::model::reports::{MatrixReport, Report};

/// The maximum number of problems of one report; a summary of GitHub has at most 1 MiB.
const MOST: usize = 200;

/// One section for each report.
#[must_use]
pub fn markdown(reports: &[(Report, Places)]) -> String {
    let sections: Vec<String> = reports.iter().map(section).collect();
    sections.join("\n")
}

fn section(pair: &(Report, Places)) -> String {
    let (report, _) = pair;
    let mut out = format!("### {}\n", headline(report));
    if let Report::Matrix(matrix) = report {
        table(&mut out, matrix);
        return out;
    }
    let all = entries(std::slice::from_ref(pair));
    for entry in all.iter().take(MOST) {
        item(&mut out, entry);
    }
    if let Some(more @ 1..) = all.len().checked_sub(MOST) {
        out.push_str(&format!("\nAnd {more} more.\n"));
    }
    out
}

/// The first sentence of the text for people.
fn headline(report: &Report) -> String {
    if let Report::Matrix(matrix) = report {
        let packages = matrix.rows.len();
        return format!("{packages} native packages in {} runtimes", matrix.targets.len());
    }
    let whole = text(report, Style { width: 200, ..Style::default() });
    let first = whole.split("\n\n").next().unwrap_or_default();
    let line = first.lines().next().unwrap_or_default();
    inline(line.trim_start_matches(['\u{2716}', '\u{2714}', '!', ' ']))
}

fn item(out: &mut String, entry: &Entry) {
    let sign = match entry.level {
        FindingSeverity::Error => "\u{2716}",
        FindingSeverity::Warning => "!",
        FindingSeverity::Note => "i",
    };
    let mut lines = entry.lines.iter();
    let head = inline(lines.next().map_or("", String::as_str));
    let place = inline(&format!("({}:{})", escape(&entry.place.file), entry.place.line));
    out.push_str(&format!("\n- {sign} {head} {place}\n"));
    let mut commands: Vec<&str> = Vec::new();
    for line in lines {
        if let Some(command) = line.strip_prefix("  ") {
            commands.push(command);
            continue;
        }
        code(out, &mut commands);
        out.push_str(&format!("\n  {}\n", inline(line)));
    }
    code(out, &mut commands);
}

/// Commands, or corrected lines of a file, as a block of code.
fn code(out: &mut String, lines: &mut Vec<&str>) {
    if lines.is_empty() {
        return;
    }
    let longest = lines.iter().map(|line| ticks(line)).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    out.push_str(&format!("\n  {fence}\n"));
    for line in lines.drain(..) {
        out.push_str(&format!("  {line}\n"));
    }
    out.push_str(&format!("  {fence}\n"));
}

fn table(out: &mut String, matrix: &MatrixReport) {
    let titles = titles(&matrix.targets);
    let row = |out: &mut String, cells: &mut dyn Iterator<Item = String>| {
        out.push('|');
        for cell in cells {
            out.push_str(&format!(" {} |", cell.replace('|', "\\|")));
        }
        out.push('\n');
    };
    out.push('\n');
    let mut head = std::iter::once("package".to_owned()).chain(titles.iter().map(|it| inline(it)));
    row(out, &mut head);
    row(out, &mut (0..=titles.len()).map(|_| "---".to_owned()));
    let name = |name: &str, version: Option<&str>| {
        inline(&escape(&version.map_or_else(|| name.to_owned(), |it| format!("{name} {it}"))))
    };
    for one in &matrix.rows {
        let first = name(&one.name, one.version.as_deref());
        let cells = one.cells.iter().map(|cell| word(cell).to_owned());
        row(out, &mut std::iter::once(first).chain(cells));
    }
    let mut is_first = true;
    for one in &matrix.rows {
        for (cell, title) in one.cells.iter().zip(&titles) {
            let is_told = |_: &&String| needs_a_reason(cell.state);
            let Some(message) = cell.message.as_ref().filter(is_told) else { continue };
            if std::mem::take(&mut is_first) {
                out.push('\n');
            }
            let message = inline(&escape(message));
            out.push_str(&format!("- {}, {}: {message}\n", name(&one.name, None), inline(title)));
        }
    }
}

/// Text in which no word can be Markdown.
fn inline(text: &str) -> String {
    let words = text.split(' ').filter(|word| !word.is_empty()).enumerate();
    let shown = words.map(|(at, word)| match (at, word) {
        // Only at the beginning of a line this is a quotation.
        (1.., ">") => word.to_owned(),
        _ => plain_or_code(word),
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn plain_or_code(word: &str) -> String {
    const SAFE: &str = ".,:;'\"()?!%";
    let is_plain = |c: char| c.is_alphanumeric() || SAFE.contains(c) || !c.is_ascii();
    // "-" and "=" in a word with letters mean nothing.
    let has_only = word.chars().all(|c| is_plain(c) || "-=".contains(c));
    if has_only && word.chars().any(char::is_alphanumeric) {
        return word.to_owned();
    }
    let start = word.find(|c: char| !"(\"'".contains(c)).unwrap_or_default();
    let end = word.trim_end_matches(['.', ',', ':', ';', ')', '"', '\'']).len().max(start);
    let (before, rest) = word.split_at(start);
    let (inside, after) = rest.split_at(end - start);
    let fence = "`".repeat(ticks(inside) + 1);
    let pad = if inside.starts_with('`') || inside.ends_with('`') { " " } else { "" };
    match inside {
        "" => word.chars().filter(|c| is_plain(*c)).collect(),
        _ => format!("{before}{fence}{pad}{inside}{pad}{fence}{after}"),
    }
}

/// The length of the longest run of backticks.
fn ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn names_become_code_and_words_stay() {
        for (text, expected) in [
            ("it needs glibc 2.38, this is 2.36.", "it needs glibc 2.38, this is 2.36."),
            ("@scope/name is not installed", "`@scope/name` is not installed"),
            ("(see node_modules/a)", "(see `node_modules/a`)"),
            ("linux-x64 (musl)", "linux-x64 (musl)"),
            ("install --os=linux", "install --os=linux"),
            ("a > b", "a > b"),
            ("> b --- ===", "`>` b `---` `===`"),
            ("a <img src=x> b", "a `<img` `src=x>` b"),
            ("- [x](y) *z*", "`-` `[x](y`) `*z*`"),
            ("``` ` a`b", "```` ``` ```` `` ` `` ``a`b``"),
            ("#1 | &lt; ~~a~~", "`#1` `|` `&lt`; `~~a~~`"),
        ] {
            assert_eq!(inline(text), expected, "{text}");
        }
    }
}
