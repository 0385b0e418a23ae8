//! Parts of the files that the doctor saw and couldn't judge.

use std::path::Path;

use super::facts::Facts;
use crate::environment::files::dockerfile::Base;
use crate::environment::files::install;
use crate::environment::files::plans::How;
use crate::model::reports::Unclear;

/// The maximum number of entries.
const MOST: usize = 100;

/// The parts that weren't judged, in the order of their files.
#[must_use]
pub fn unclear(facts: &Facts<'_>) -> Vec<Unclear> {
    let mut all = Vec::new();
    let mut add = |file: &Path, line: u32, reason: &str| {
        let file = file.to_string_lossy().into_owned();
        all.push(Unclear { file, line, reason: reason.to_owned() });
    };
    for docker in &facts.files.dockerfiles {
        for stage in &docker.file.says.stages {
            if matches!(stage.base, Base::Unknown) {
                let reason = "the image depends on variables that no file sets";
                add(&docker.file.path, stage.written.line, reason);
            }
        }
    }
    for plan in &facts.files.plans {
        for spot in &plan.file.says.unclear {
            add(&plan.file.path, spot.line, &spot.text);
        }
        for unit in &plan.file.says.units {
            let Some(node) = &unit.node else { continue };
            let counts =
                unit.runs_app || unit.commands.iter().any(|command| install(command).is_some());
            if counts
                && !matches!(node.how, How::Preinstalled | How::Engines)
                && node.values.is_none()
            {
                let what = if node.how == How::Image { "image" } else { "version of Node.js" };
                let reason = format!("the {what} depends on variables that the file doesn't set");
                add(&plan.file.path, node.written.line, &reason);
            }
        }
    }
    all.sort_by(|a, b| (&a.file, a.line, &a.reason).cmp(&(&b.file, b.line, &b.reason)));
    all.dedup();
    all.truncate(MOST);
    all
}
