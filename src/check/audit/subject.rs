//! The package under audit, and the file that its loader chooses in a runtime.

use crate::check::choices::Choices;
use crate::control::Control;
use crate::model::Convention;
use crate::project::Folders;
use crate::project::loader::{Active, Installed};
use crate::runtime::{Runtime, RuntimeSpec, resolve};

/// A package under audit.
pub(super) struct Audit<'a> {
    pub(super) installed: Installed,
    /// Fills in what specs of runtimes leave open.
    pub(super) host: &'a Runtime,
    pub(super) disk: Folders<'a>,
    pub(super) choices: Choices,
    pub(super) control: &'a Control,
}

impl Audit<'_> {
    /// The runtime that a spec names; `None` if the spec can't be resolved.
    pub(super) fn runtime(&self, spec: &str) -> Option<Runtime> {
        resolve(Some(&RuntimeSpec::Text(spec.to_owned())), self.host).ok()
    }

    /// What the package's loader chooses in the runtime that `spec` names, and the name of that
    /// loader.
    pub(super) fn chosen(&self, spec: &str) -> (Convention, Active) {
        // Hundreds of runtimes may be tried; once the job is to stop, its report isn't used.
        match self.runtime(spec).filter(|_| !self.control.stops()) {
            Some(runtime) => self.choices.of(&self.installed, &runtime, &self.disk),
            None => (Convention::Unknown, Active::Nothing),
        }
    }
}
