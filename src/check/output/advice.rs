//! What to do about files that an output lacks: the lines for the configuration of its tool.

use std::path::{Component, Path, PathBuf};

use super::found::{Output, Tool};
use super::needs::{Need, needs};
use super::next::quoted;
use super::{next, nitro, vercel};
use crate::control::Control;
use crate::files::{self, shown};
use crate::model::reports::ScanReport;
use crate::model::{Fix, Stage};
use crate::remedy::merge;
use crate::runtime::Runtime;

/// Replaces the fixes in the report on an output. A command in the output itself would help only
/// until the next build.
pub(in crate::check) fn advise(
    output: &Output,
    report: &mut ScanReport,
    runtime: &Runtime,
    control: &Control,
) {
    let mut all: Vec<Need> = Vec::new();
    let mut others: Vec<Fix> = Vec::new();
    for package in report.packages.iter_mut().filter(|package| !package.ok) {
        let needs = needs(output, package, runtime, control);
        if let Some(fix) = lines(output, &needs) {
            package.fix = Some(fix);
            needs.into_iter().for_each(|need| need.add_to(&mut all));
        } else {
            package.fix = package.fix.take().map(in_project);
            others.extend(package.fix.clone());
        }
    }
    report.fixes = merge(others.into_iter().chain(lines(output, &all)));
}

/// A fix of the project, after which the output must be built again.
fn in_project(fix: Fix) -> Fix {
    if fix.commands.is_empty() || fix.stage == Stage::System {
        return fix;
    }
    Fix::advice(format!("{} in the project, and build again", fix.summary), fix.why)
}

const WHY: &str =
    "the build copies only the files that it finds in the code, and no code names these";

/// The lines that add files to an output.
fn lines(output: &Output, needs: &[Need]) -> Option<Fix> {
    let folders: Vec<String> = needs.iter().map(|need| written(output, &need.folder)).collect();
    let of_need = |(need, folder): (&Need, &String)| -> Vec<String> {
        need.files.iter().map(|file| format!("{folder}/{file}")).collect()
    };
    let files: Vec<String> = needs.iter().zip(&folders).flat_map(of_need).collect();
    if folders.is_empty() {
        return None;
    }
    let (names, snippet): (&[&str], String) = match output.tool {
        Tool::Next => (&next::CONFIGURATIONS, next::lines(&folders, false)),
        Tool::OlderNext => (&next::CONFIGURATIONS, next::lines(&folders, true)),
        Tool::Vercel => (&["vercel.json"], vercel::lines(&folders)),
        // Its `traceInclude` rejects some of the files (3.0.0: "Unexpected character").
        Tool::NewerNitro => {
            let summary = format!("Copy {} to the output", folders.join(", "));
            return Some(Fix::advice(summary, WHY));
        }
        // These tools copy single files, so their names must be known.
        Tool::Nitro | Tool::Nuxt | Tool::Tracer if files.is_empty() => return None,
        Tool::Nitro => (&nitro::CONFIGURATIONS, nitro::lines(&files, false)),
        Tool::Nuxt => (&nitro::OF_NUXT, nitro::lines(&files, true)),
        Tool::Tracer => (&[], files.iter().map(|file| format!("{},\n", quoted(file))).collect()),
    };
    let is_there = |name: &&str| {
        output.source.as_ref().is_some_and(|source| files::is_file(source.folder.join(name)))
    };
    let name = names.iter().copied().find(is_there).or_else(|| names.first().copied());
    let summary = match name {
        Some(name) => format!("Add these lines to {name}, and build again"),
        None => "Add these files to the entries of nodeFileTrace, and build again".to_owned(),
    };
    Some(Fix {
        summary,
        why: WHY.to_owned(),
        snippet: Some(snippet),
        stage: Stage::Advice,
        ..Fix::default()
    })
}

/// A path as it is written in a configuration: relative to the project, with `/`.
fn written(output: &Output, folder: &Path) -> String {
    let base = output.source.as_ref().map(|source| source.folder.as_path());
    let relative = base.map_or_else(|| folder.to_path_buf(), |base| relative_to(base, folder));
    let text = shown(&relative).replace('\\', "/");
    if text.starts_with("..") { text } else { format!("./{text}") }
}

/// The path of `target` as seen from `base`.
fn relative_to(base: &Path, target: &Path) -> PathBuf {
    let (base, target): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (base.components().collect(), target.components().collect());
    let common = base.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let up = base.iter().skip(common).map(|_| Component::ParentDir);
    up.chain(target.iter().skip(common).copied()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::relative_to;

    #[test]
    fn a_path_is_relative_to_the_project() {
        for (base, target, expected) in [
            ("/a/b", "/a/b/node_modules/c", "node_modules/c"),
            ("/a/apps/web", "/a/node_modules/c", "../../node_modules/c"),
        ] {
            assert_eq!(relative_to(Path::new(base), Path::new(target)), Path::new(expected));
        }
    }
}
