//! Runtime specs, and the table of releases.

use napi_derive::napi;
use serde::de::IgnoredAny;

use super::answer::{Failure, answer};
use super::request::{Request, parse};
use crate::runtime::{self, registry};

/// Resolves a runtime spec: fills in what it leaves open, and adds what the table of releases
/// knows.
#[napi]
pub fn resolve_runtime(request: String) -> String {
    answer(|| {
        let request: Request<IgnoredAny> = parse(&request)?;
        runtime::resolve(request.target.as_ref(), &runtime::host(&request.host))
            .map(|runtime| runtime.report())
            .map_err(|error| Failure::spec("spec", &error))
    })
}

/// The table of releases, with the ABI of each.
#[napi]
pub fn list_runtimes() -> String {
    answer(|| Ok(registry::table()))
}
