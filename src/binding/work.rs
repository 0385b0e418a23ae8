//! The work of a job: one call of the core for each subject.

use std::path::PathBuf;

use serde::de::IgnoredAny;

use super::answer::{Failure, answer};
use super::file::check_file;
use super::guard::{Asking, guard, scan};
use super::request::{Request, parse};
use crate::check::{self, AuditOptions, CheckOptions, ScanOptions};
use crate::control::Control;
use crate::runtime;

/// The work of a job.
pub(super) struct Work {
    pub kind: Subject,
    pub request: String,
    pub control: Control,
}

/// What is checked; the paths are files or folders.
pub(super) enum Subject {
    File(PathBuf),
    Package { name: String, from: PathBuf },
    Scan(PathBuf),
    Guard(PathBuf, Asking),
    Audit(PathBuf),
    Artifact(PathBuf),
    Matrix(PathBuf),
    Doctor(PathBuf),
    Error { texts: Vec<String>, from: PathBuf },
}

impl Work {
    /// Does the work, and returns its answer.
    pub fn run(&self) -> String {
        match &self.kind {
            Subject::File(file) => check_file(file, &self.request),
            Subject::Package { name, from } => answer(|| {
                let request: Request<CheckOptions> = parse(&self.request)?;
                let runtime = request.runtime()?;
                Ok(check::check_package(name, from, &runtime, request.options, &self.control)?)
            }),
            Subject::Audit(directory) => answer(|| {
                let request: Request<AuditOptions> = parse(&self.request)?;
                let host = request.runtime()?;
                Ok(check::audit(directory, &request.options, &host, &self.control)?)
            }),
            Subject::Artifact(path) => answer(|| {
                let Request { host, target, options, .. } = parse(&self.request)?;
                let host = runtime::host(&host);
                let reports =
                    check::check_artifact(path, &host, target.as_ref(), &options, &self.control);
                Ok(reports?)
            }),
            Subject::Matrix(directory) => answer(|| {
                let request: Request<ScanOptions> = parse(&self.request)?;
                let runtimes = request.runtimes()?;
                Ok(check::matrix(directory, &runtimes, &request.options, &self.control)?)
            }),
            Subject::Error { texts, from } => answer(|| {
                let request: Request<IgnoredAny> = parse(&self.request)?;
                let host = runtime::host(&request.host);
                let explanations = check::explain(texts, from, &host, &self.control);
                if self.control.stops() { Err(Failure::aborted()) } else { Ok(explanations) }
            }),
            Subject::Doctor(directory) => answer(|| {
                let request: Request<IgnoredAny> = parse(&self.request)?;
                let mut settings = check::settings(directory);
                let runtime = request.runtime_or(&mut settings)?;
                Ok(check::doctor(directory, &runtime, &settings, &self.control)?)
            }),
            Subject::Guard(directory, how) => guard(directory, &self.request, *how, &self.control),
            Subject::Scan(directory) => answer(|| scan(directory, &self.request, &self.control)),
        }
    }
}
