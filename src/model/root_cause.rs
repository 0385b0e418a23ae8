//! Root causes: what changed in a project.

use serde::{Deserialize, Serialize};

names! {
    /// Codes of root causes; new ones may come with any release.
    #[cfg_attr(test, schemars(rename = "KnownRootCauseCode"))]
    pub enum RootCauseCode {
        /// Another version of Node.js installed or built the packages.
        NodeChanged => "node-changed",
        /// Built for Electron and run by Node.js, or the other way round.
        ElectronFlip => "electron-flip",
        /// The project requires another Node.js than the one that runs.
        PinDiffers => "pin-differs",
        /// `node_modules` is mounted from another system.
        Mounted => "mounted",
        /// `node_modules` was installed on another system.
        OtherSystem => "other-system",
        /// A CI service may have restored `node_modules` from a cache.
        RestoredCache => "restored-cache",
        /// Install scripts were not run.
        ScriptsBlocked => "scripts-blocked",
        /// An installation didn't finish.
        PartialInstall => "partial-install",
    }
}

/// Why packages are broken, with the evidence. Nothing is guessed: without evidence there is no
/// root cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RootCause {
    /// The type of cause; stable, meant for programs.
    pub code: RootCauseCode,
    /// One sentence for people; its wording may change with any release.
    pub message: String,
    /// The file that shows it, absolute; `null` if no single file does.
    pub file: Option<String>,
    /// The line in that file, from 1; `null` for the file as a whole.
    pub line: Option<u32>,
}
