//! The table of packages and runtimes.

use super::escape::escape;
use super::page::{Page, count};
use super::target::target;
use crate::model::reports::{Cell, MatrixReport, MatrixRow, RuntimeReport, State};
use crate::versions::major;

/// The longest name beside the columns, in characters.
const WIDEST: usize = 40;

impl Page {
    pub fn matrix(&mut self, matrix: &MatrixReport) {
        if matrix.rows.is_empty() {
            return self
                .paragraph(&format!("No native packages in {}.", escape(&matrix.directory)), 0);
        }
        let name = |row: &MatrixRow| {
            let version =
                row.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
            let dev = if row.dev { " (dev)" } else { "" };
            escape(&format!("{}{version}{dev}", row.name))
        };
        let titles = titles(&matrix.targets);
        let first =
            matrix.rows.iter().map(|row| name(row).chars().count()).max().unwrap_or(0).min(WIDEST);
        let mut head = " ".repeat(first);
        for title in &titles {
            head.push_str(&format!("  {title}"));
        }
        let head = self.bold(head.trim_end());
        self.line(&head);
        for row in &matrix.rows {
            // A longer name has a line of its own, so that the columns stay aligned.
            let mut named = name(row);
            if named.chars().count() > first {
                self.line(&std::mem::take(&mut named));
            }
            let mut line = format!("{named:first$}");
            for (cell, title) in row.cells.iter().zip(&titles) {
                let width = title.chars().count().max(word(cell).chars().count());
                line.push_str("  ");
                line.push_str(&self.colored(cell, width));
            }
            self.line(line.trim_end());
        }
        self.text.push('\n');
        self.summary(matrix, &titles);
        let targets: Vec<_> = matrix.targets.iter().collect();
        self.newer(&targets);
    }

    /// A word padded to the width of its column, in the color of its meaning.
    fn colored(&self, cell: &Cell, width: usize) -> String {
        let text = format!("{:width$}", word(cell));
        let color = match cell.state {
            State::Loads => "32",
            State::NotNeeded => "2",
            State::Rebuild | State::Unknown => "33",
            State::NoPrebuild | State::Breaks => "31",
        };
        if self.style.color { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text }
    }

    /// The cost of each runtime as a sentence, with the reason if rebuilding isn't enough.
    fn summary(&mut self, matrix: &MatrixReport, titles: &[String]) {
        for (index, title) in titles.iter().enumerate() {
            let of = |states: &[State]| {
                matrix.rows.iter().filter(|row| states.contains(&row.cells[index].state)).count()
            };
            let (rebuilds, broken, unknown) = (
                of(&[State::Rebuild]),
                of(&[State::NoPrebuild, State::Breaks]),
                of(&[State::Unknown]),
            );
            let mut parts = Vec::new();
            if rebuilds > 0 {
                parts.push(format!("{} to rebuild", count(rebuilds, "package")));
            }
            if broken > 0 {
                parts.push(format!("{} without a file that loads", count(broken, "package")));
            }
            if unknown > 0 {
                parts.push(format!("{} not judged", count(unknown, "package")));
            }
            let cost = if parts.is_empty() {
                "every file loads, no rebuild is needed".to_owned()
            } else {
                parts.join(", ")
            };
            self.paragraph(&format!("{title}: {cost}."), 2);
            for row in matrix.rows.iter().filter(|row| needs_a_reason(row.cells[index].state)) {
                if let Some(message) = &row.cells[index].message {
                    self.text.push_str(&format!("  {}: ", escape(&row.name)));
                    self.paragraph(&escape(message), 4);
                }
            }
        }
    }
}

/// "Node.js 22"; the whole version and the system, if the short form isn't unique.
pub(super) fn titles(targets: &[RuntimeReport]) -> Vec<String> {
    let short = |runtime: &RuntimeReport| {
        let line = runtime.version.as_deref().and_then(major);
        let title = runtime.runtime.title();
        line.map(|line| escape(&format!("{title} {line}")))
    };
    let all: Vec<Option<String>> = targets.iter().map(short).collect();
    let is_unique =
        |title: &Option<String>| all.iter().filter(|other| *other == title).count() == 1;
    targets
        .iter()
        .zip(&all)
        .map(|(runtime, title)| {
            title.clone().filter(|_| is_unique(title)).unwrap_or_else(|| target(runtime))
        })
        .collect()
}

/// True for a result that a rebuild doesn't change, or that isn't one.
pub(super) fn needs_a_reason(state: State) -> bool {
    matches!(state, State::NoPrebuild | State::Breaks | State::Unknown)
}

pub(super) fn word(cell: &Cell) -> &'static str {
    match cell.state {
        State::Loads => "loads",
        State::NotNeeded => "–",
        State::Rebuild => "rebuild",
        State::NoPrebuild => "no prebuild",
        State::Breaks => "breaks",
        State::Unknown => "?",
    }
}
