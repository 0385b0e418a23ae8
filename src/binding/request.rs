//! The request of a call: the process that asks, the runtimes that it asks for, and options.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::answer::Failure;
use crate::model::reports::Report;
use crate::project::Settings;
use crate::runtime::{self, HostFacts, Runtime, RuntimeSpec};

/// A request; `Options` are the options of its call.
#[derive(Deserialize)]
pub(super) struct Request<Options> {
    /// The process that asks.
    pub host: HostFacts,
    /// The runtime to check for; by default the process that asks.
    pub target: Option<RuntimeSpec>,
    /// The runtimes of a matrix.
    #[serde(default)]
    pub targets: Vec<RuntimeSpec>,
    #[serde(default)]
    pub options: Options,
}

impl<Options> Request<Options> {
    /// The runtime of `target`; by default the process that asks.
    pub fn runtime(&self) -> Result<Runtime, Failure> {
        runtime::resolve(self.target.as_ref(), &runtime::host(&self.host))
            .map_err(|error| Failure::spec("options.target", &error))
    }

    /// The runtimes of `targets`; if it is empty, the releases to which this process can be
    /// upgraded.
    pub fn runtimes(&self) -> Result<Vec<Runtime>, Failure> {
        let host = runtime::host(&self.host);
        if self.targets.is_empty() {
            return Ok(runtime::followers(&host));
        }
        let resolve = |(index, spec)| {
            runtime::resolve(Some(spec), &host)
                .map_err(|error| Failure::spec(&format!("options.targets[{index}]"), &error))
        };
        self.targets.iter().enumerate().map(resolve).collect()
    }

    /// The runtime of `target`; if it is not set, the target in the project's settings. A setting
    /// that names no runtime is added to `settings.mistakes`, and the running process is the
    /// target.
    pub fn runtime_or(&self, settings: &mut Settings) -> Result<Runtime, Failure> {
        settings.packaged_for_unknown_electron &= self.target.is_none();
        let Some(target) = settings.target.take().filter(|_| self.target.is_none()) else {
            return self.runtime();
        };
        let spec = serde_json::from_value::<RuntimeSpec>(target).map_err(|error| error.to_string());
        let host = runtime::host(&self.host);
        match spec.and_then(|spec| {
            runtime::resolve(Some(&spec), &host).map_err(|error| error.to_string())
        }) {
            Ok(runtime) => Ok(runtime),
            Err(error) => {
                settings.mistakes.push(format!("\"abi-guard\".target: {error}"));
                self.runtime()
            }
        }
    }
}

/// Parses a JSON text from JavaScript, which has validated the options before. Only a report that a
/// caller passes can be invalid here.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    crate::files::json(text).map_err(|error| Failure::argument("options", &error.to_string()))
}

/// The report in a JSON value.
///
/// # Errors
/// The failure names the field that is wrong.
pub(super) fn read_report(value: &serde_json::Value) -> Result<Report, Failure> {
    Report::read(value).map_err(|wrong| Failure::argument(&wrong.path("report"), wrong.reason()))
}
