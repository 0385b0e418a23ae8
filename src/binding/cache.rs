//! The key for a cache of a project's node_modules.

use std::path::Path;

use napi_derive::napi;
use serde::de::IgnoredAny;

use super::answer::{Failure, answer};
use super::request::{Request, parse};
use crate::check;

/// The key for a cache of a project's node_modules.
#[napi]
pub fn cache_key(directory: String, request: String) -> String {
    answer(|| {
        let runtime = parse::<Request<IgnoredAny>>(&request)?.runtime()?;
        check::cache_key(Path::new(&directory), &runtime)
            .map_err(|error| Failure::io("scandir", Path::new(&directory), &error))
    })
}
