//! Merges the fixes of several packages, so that one command repairs all of them.

use crate::model::{Fix, Stage};

/// The fixes of all packages, in the order in which they have to run: "npm rebuild a" and "npm
/// rebuild b" become "npm rebuild a b".
#[must_use]
pub fn merge(fixes: impl Iterator<Item = Fix>) -> Vec<Fix> {
    let mut merged: Vec<Fix> = Vec::new();
    for fix in fixes {
        // Without commands, the summary says what to do.
        let is_known = |known: &Fix| {
            (!fix.commands.is_empty() || known.summary == fix.summary)
                && known.commands == fix.commands
                && known.directory == fix.directory
        };
        if merged.contains(&fix) || merged.iter().any(is_known) {
            continue;
        }
        match merged.iter_mut().find(|known| are_alike(known, &fix)) {
            Some(known) => add_packages(known, &fix),
            None => merged.push(fix),
        }
    }
    merged.sort_by_key(|fix| fix.stage);
    merged
}

/// Commands that accept several packages.
const TAKE_PACKAGES: [&[&str]; 11] = [
    &["npm", "rebuild"],
    &["pnpm", "rebuild"],
    &["yarn", "rebuild"],
    &["npm", "approve-scripts"],
    &["npm", "pkg", "set"],
    &["pnpm", "approve-builds"],
    &["bun", "pm", "trust"],
    &["apt-get", "install"],
    &["apk", "add"],
    &["dnf", "install"],
    &["brew", "install"],
];

/// The number of words before the packages, in a command that accepts several packages and has one;
/// `None` for any other command.
fn words_before_packages(command: &[String]) -> Option<usize> {
    // Words that precede a command: `env name=value`, `sudo`.
    let is_in_front =
        |word: &&String| matches!(word.as_str(), "env" | "sudo") || word.contains('=');
    let start = command.iter().take_while(is_in_front).count();
    let known = TAKE_PACKAGES.iter().find(|known| {
        command[start..].iter().map(String::as_str).take(known.len()).eq(known.iter().copied())
    })?;
    let options =
        command[start + known.len()..].iter().take_while(|word| word.starts_with('-')).count();
    let words = start + known.len() + options;
    (words < command.len()).then_some(words)
}

/// A command up to its packages, and true if it has packages.
fn split(command: &[String]) -> (&[String], bool) {
    words_before_packages(command).map_or((command, false), |words| (&command[..words], true))
}

/// True if both do the same for different packages: the commands are equal up to the packages, and
/// the last command has packages.
fn are_alike(a: &Fix, b: &Fix) -> bool {
    let same_place =
        a.directory == b.directory && a.stage == b.stage && a.commands.len() == b.commands.len();
    let ends_with_packages = a.commands.last().is_some_and(|last| split(last).1);
    same_place
        && ends_with_packages
        && a.commands.iter().zip(&b.commands).all(|(a, b)| split(a) == split(b))
}

fn add_packages(known: &mut Fix, fix: &Fix) {
    for (command, more) in known.commands.iter_mut().zip(&fix.commands) {
        let Some(words) = words_before_packages(command) else { continue };
        for package in &more[words..] {
            if !command.contains(package) {
                command.push(package.clone());
            }
        }
    }
    let Some(last) = known.commands.last() else { return };
    let packages =
        words_before_packages(last).map(|words| last[words..].join(", ")).unwrap_or_default();
    known.summary = match known.stage {
        Stage::System => format!("Install {packages}"),
        _ if known.summary.starts_with("Rebuild") => format!("Rebuild {packages}"),
        _ => format!("Let the install scripts of {packages} run"),
    };
    if !known.why.contains(&fix.why) {
        known.why = format!("{}; {}", known.why, fix.why);
    }
}

#[cfg(test)]
mod tests {
    use super::{Fix, Stage, merge};

    fn fix(commands: &[&str], stage: Stage) -> Fix {
        let words = |command: &&str| command.split(' ').map(str::to_owned).collect();
        Fix {
            summary: "Rebuild it".to_owned(),
            commands: commands.iter().map(words).collect(),
            stage,
            ..Fix::default()
        }
    }

    fn merged(fixes: &[Fix]) -> Vec<Vec<String>> {
        let all = merge(fixes.iter().cloned());
        all.iter()
            .map(|fix| fix.commands.iter().map(|command| command.join(" ")).collect())
            .collect()
    }

    #[test]
    fn an_advice_is_given_once() {
        let advice = |summary: &str, why: &str| Fix {
            summary: summary.to_owned(),
            why: why.to_owned(),
            ..fix(&[], Stage::Advice)
        };
        let all = [advice("Use x", "a"), advice("Use x", "b"), advice("Use y", "a")];
        let summaries: Vec<String> =
            merge(all.into_iter()).into_iter().map(|fix| fix.summary).collect();
        assert_eq!(summaries, ["Use x", "Use y"]);
    }

    #[test]
    fn one_command_fixes_several_packages() {
        let rebuilds = ["npm rebuild a", "npm rebuild b", "npm rebuild a"]
            .map(|command| fix(&[command], Stage::Build));
        assert_eq!(merged(&rebuilds), [["npm rebuild a b"]]);
        let approvals = ["a", "b"].map(|name| {
            fix(
                &[
                    &format!("npm approve-scripts {name}"),
                    &format!("npm rebuild --ignore-scripts=false {name}"),
                ],
                Stage::Build,
            )
        });
        assert_eq!(
            merged(&approvals),
            [["npm approve-scripts a b", "npm rebuild --ignore-scripts=false a b"]]
        );
        let settings = ["a", "b"].map(|name| {
            let set = format!("npm pkg set --json allowScripts[{name}]=true");
            fix(&[&set, &format!("npm rebuild {name}")], Stage::Build)
        });
        assert_eq!(
            merged(&settings),
            [["npm pkg set --json allowScripts[a]=true allowScripts[b]=true", "npm rebuild a b"]]
        );
        let apart =
            [fix(&["npm rebuild a"], Stage::Build), fix(&["env x=1 npm rebuild b"], Stage::Build)];
        assert_eq!(merged(&apart).len(), 2);
        let asked = [
            fix(&["pnpm approve-builds"], Stage::Build),
            fix(&["pnpm approve-builds"], Stage::Build),
        ];
        assert_eq!(merged(&asked), [["pnpm approve-builds"]]);
    }

    #[test]
    fn installations_come_before_builds() {
        let fixes = [
            fix(&["npm rebuild a"], Stage::Build),
            fix(&["npm install"], Stage::Install),
            fix(&["apk add x"], Stage::System),
        ];
        assert_eq!(merged(&fixes).concat(), ["apk add x", "npm install", "npm rebuild a"]);
    }
}
