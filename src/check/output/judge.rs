//! Checks an output as it will be deployed: nothing around it is there.

use std::path::Path;

use super::advice::advise;
use super::bundle::judge::{Bundled, add, bundled};
use super::entries::{has_code, require_entries};
use super::found::Output;
use super::left_out;
use super::lists::{List, traced};
use super::recognize::output_at;
use super::vercel;
use crate::check::scan::{ScanError, ScanOptions, Wanted, scan_as_project, settings, target_of};
use crate::control::Control;
use crate::files::{Shipped, shown};
use crate::model::reports::ScanReport;
use crate::runtime::{Runtime, RuntimeSpec, SpecError, resolve};

/// An output that can't be checked.
pub(in crate::check) enum OutputError {
    Scan(ScanError),
    Target(SpecError),
}

impl From<ScanError> for OutputError {
    fn from(error: ScanError) -> OutputError {
        OutputError::Scan(error)
    }
}

/// Scans the output at `path`, without what lies around it on this disk; `None` if it isn't one.
/// A function is judged for its own runtime, unless `target` names another.
///
/// # Errors
/// As for [`scan`], and an error for a target that names no runtime.
pub(in crate::check) fn check_output(
    path: &Path,
    host: &Runtime,
    target: Option<&RuntimeSpec>,
    options: &ScanOptions,
    control: &Control,
) -> Result<Option<Vec<ScanReport>>, OutputError> {
    let judge = Judge { options, control, left_out: left_out::Search::default() };
    if let Some(output) = output_at(path) {
        let set = target_of(&settings(&output.root), host).filter(|_| target.is_none());
        let runtime = set.map_or_else(|| resolve(target, host), Ok).map_err(OutputError::Target)?;
        let report = judge.report(&output, &runtime, &|| Shipped::folder(&output.root))?;
        return Ok(Some(vec![report]));
    }
    let lists = traced(path, control).chain(vercel::functions(path, control));
    let mut reports = Vec::new();
    for List { name, output, files, runtime } in lists {
        let own = runtime.as_ref().filter(|_| target.is_none());
        // A function may name a runtime that doesn't exist yet.
        let own = own.and_then(|spec| resolve(Some(spec), host).ok());
        let runtime = match own {
            Some(runtime) => runtime,
            None => resolve(target, host).map_err(OutputError::Target)?,
        };
        let mount = || Shipped::files(&output.root, files.iter().cloned());
        let mut report = judge.report(&output, &runtime, &mount)?;
        report.directory = shown(&name);
        reports.push(report);
    }
    if reports.is_empty()
        && let Some(output) = bundled(path, false, control)
    {
        let set = target_of(&settings(&output.root), host).filter(|_| target.is_none());
        let runtime = set.map_or_else(|| resolve(target, host), Ok).map_err(OutputError::Target)?;
        return Ok(Some(vec![judge.bundles(&output, &runtime)?]));
    }
    // Most routes need no native package.
    if reports.iter().any(|report| !report.packages.is_empty()) {
        reports.retain(|report| !report.packages.is_empty());
    } else {
        reports.truncate(1);
    }
    Ok((!reports.is_empty()).then_some(reports))
}

struct Judge<'a> {
    options: &'a ScanOptions,
    control: &'a Control,
    left_out: left_out::Search,
}

impl Judge<'_> {
    fn bundles(&self, output: &Bundled, runtime: &Runtime) -> Result<ScanReport, ScanError> {
        let _view = Shipped::folder(&output.root);
        let settings = settings(&output.root);
        let (options, control) = (self.options, self.control);
        let (mut report, _) = scan_as_project(&output.root, runtime, options, &settings, control)?;
        add(output, &mut report, runtime, options, &settings, control);
        Ok(report)
    }

    fn report(
        &self,
        output: &Output,
        runtime: &Runtime,
        mount: &dyn Fn() -> Shipped,
    ) -> Result<ScanReport, ScanError> {
        let view = mount();
        let settings = settings(&output.root);
        let (options, control) = (self.options, self.control);
        let (mut report, project) =
            scan_as_project(&output.root, runtime, options, &settings, control)?;
        report.packages.retain(|package| package.ok || has_code(package));
        report.packages.iter_mut().for_each(|package| require_entries(package, runtime));
        let unknown = left_out::Search::unknown(output, &report, &project);
        drop(project);
        // The project is outside of the view.
        drop(view);
        let wanted = Wanted::of(options, &settings);
        let suspects = self.left_out.suspects(output, unknown, runtime, control);
        if !suspects.is_empty() {
            let _view = mount();
            let reports =
                suspects.iter().filter_map(|one| one.report(runtime, options.check, control));
            report.packages.extend(reports.filter(|one| wanted.includes_one_of(&[&one.name])));
        }
        report.complete =
            report.problems.is_empty() && report.packages.iter().all(|package| package.complete);
        report.ok = report.packages.iter().all(|package| package.ok)
            && (report.complete || !self.options.check.strict);
        if report.ok {
            report.fixes.clear();
            report.causes.clear();
        } else {
            advise(output, &mut report, runtime, control);
        }
        Ok(report)
    }
}
