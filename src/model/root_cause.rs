//! What happened to a project.

use serde::{Deserialize, Serialize};

names! {
    /// Codes of root causes; new ones may come with any release.
    #[cfg_attr(test, schemars(rename = "KnownRootCauseCode"))]
    pub enum RootCauseCode {
        /// Another Node.js installed or built the packages.
        NodeChanged => "node-changed",
        /// Built for Electron and run by Node.js, or the other way round.
        ElectronFlip => "electron-flip",
        /// The project asks for another Node.js than runs.
        PinDiffers => "pin-differs",
        /// `node_modules` is mounted from another system.
        Mounted => "mounted",
        /// `node_modules` comes from another system.
        OtherSystem => "other-system",
        /// A CI service may have brought `node_modules` back from a cache.
        RestoredCache => "restored-cache",
        /// Install scripts were kept from running.
        ScriptsBlocked => "scripts-blocked",
        /// An installation didn't finish.
        PartialInstall => "partial-install",
    }
}

/// Why something is broken, with what shows it. Nothing is guessed: without evidence there is no
/// root cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RootCause {
    /// What kind of cause; stable, made for programs.
    pub code: RootCauseCode,
    /// One sentence for people; its words may change with any release.
    pub message: String,
    /// The file that shows it, absolute; `null` when it is no single file.
    pub file: Option<String>,
    /// The line in that file, from 1; `null` when it is the file as a whole.
    pub line: Option<u32>,
}
