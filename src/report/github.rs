//! Annotations in the format of GitHub Actions' workflow commands. The runner reads a line that
//! begins with `::` as a command, so only our own lines may begin with it: characters that end a
//! command or separate its properties are escaped by the runner's rules (actions/toolkit,
//! packages/core/src/command.ts).

use super::entries::{Entry, entries};
use super::escape::escape;
use crate::check::Places;
use crate::model::FindingSeverity;
use crate::model::reports::Report;

/// One command, in one line, for each problem; empty if there is none.
#[must_use]
pub fn github(reports: &[(Report, Places)]) -> String {
    entries(reports).iter().map(command).collect()
}

fn command(entry: &Entry) -> String {
    let level = match entry.level {
        FindingSeverity::Error => "error",
        FindingSeverity::Warning => "warning",
        FindingSeverity::Note => "notice",
    };
    let title = match entry.subject.as_str() {
        "" => entry.code.clone(),
        subject => format!("{subject}: {}", entry.code),
    };
    let file = property(&escape(&entry.place.file));
    let message = data(&entry.lines.join("\n"));
    format!(
        "::{level} file={file},line={},title={}::{message}\n",
        entry.place.line,
        property(&escape(&title))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Entry, FindingSeverity, command};
    use crate::environment::Place;

    #[test]
    fn nothing_in_a_name_becomes_a_command_or_a_property() {
        let entry = Entry {
            code: "x".to_owned(),
            level: FindingSeverity::Warning,
            subject: "a,line=9::b\n::stop-commands::t".to_owned(),
            key: String::new(),
            lines: vec!["50% ::error::".to_owned(), "two".to_owned()],
            place: Place { file: "a,b:c\r%.json".to_owned(), line: 3 },
        };
        assert_eq!(
            command(&entry),
            "::warning \
                file=a%2Cb%3Ac\\u{d}%25.json,line=3,\
                title=a%2Cline=9%3A%3Ab\\u{a}\\u{3a}%3Astop-commands%3A%3At%3A x\
             ::50%25 ::error::%0Atwo\n"
        );
    }
}
