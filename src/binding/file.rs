//! The check of one file, without a job.

use std::path::Path;

use napi_derive::napi;

use super::answer::{Failure, answer};
use super::request::{Request, parse};
use crate::check::{self, CheckOptions};

/// Checks a file and returns its report.
pub(super) fn check_file(file: &Path, request: &str) -> String {
    answer(|| {
        let request: Request<CheckOptions> = parse(request)?;
        let runtime = request.runtime()?;
        let inspected = check::inspect(file).map_err(|error| Failure::io("open", file, &error))?;
        Ok(inspected.judge(&runtime, request.options))
    })
}

/// Checks a file on the calling thread: the same as `Job.file` and `run`, without an object between
/// them.
#[napi]
pub fn check(file: String, request: String) -> String {
    check_file(Path::new(&file), &request)
}
