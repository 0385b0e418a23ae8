//! The part of the text report with the commands that fix something.

use std::path::Path;

use super::escape::escape;
use super::page::Page;
use super::shell::shell;
use crate::model::Fix;

impl Page {
    /// The commands, or the advice if there is no command; `root` is the scanned folder.
    pub fn fixes(&mut self, fixes: &[Fix], root: &str) {
        for fix in fixes {
            let is_elsewhere = |directory: &&String| match &self.style.from {
                // Package managers search the project upwards from the folder in which they are
                // called.
                Some(from) => !Path::new(from).starts_with(directory),
                None => !root.is_empty() && *directory != root,
            };
            let elsewhere = fix.directory.as_ref().filter(is_elsewhere);
            let place = elsewhere
                .map(|directory| format!(" (in {})", escape(directory)))
                .unwrap_or_default();
            let is_whole = fix.commands.is_empty() && fix.snippet.is_none();
            let end = if is_whole { "." } else { ":" };
            self.paragraph(&format!("{}{place}{end}", escape(&fix.summary)), 0);
            for line in fix.snippet.iter().flat_map(|snippet| snippet.lines()) {
                self.line(&format!("  {}", escape(line)));
            }
            for command in &fix.commands {
                self.line(&format!("  {}", escape(&shell(command))));
            }
        }
    }
}
