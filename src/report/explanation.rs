//! The explanation of an error as text.

use super::escape::escape;
use super::page::{Mark, Page};
use crate::model::reports::Explanation;

impl Page {
    pub fn explanation(&mut self, explanation: &Explanation) {
        self.mark(if explanation.certain { Mark::Bad } else { Mark::Doubtful });
        let subject = explanation
            .package
            .as_ref()
            .map(|package| format!("{}: ", escape(package)))
            .unwrap_or_default();
        let subject = self.bold(&subject);
        self.paragraph(&format!("{subject}{}", escape(&explanation.summary)), 2);
        let likely = if explanation.certain { "why" } else { "likely" };
        self.paragraph(&format!("{likely}: {}", escape(&explanation.why)), 2);
        if let Some(file) = &explanation.file {
            self.path(file, "");
        }
        if let Some(fix) = &explanation.fix {
            self.text.push('\n');
            self.fixes(std::slice::from_ref(fix), "");
        }
    }
}
