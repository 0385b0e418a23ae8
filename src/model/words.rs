//! Small closed sets of names.

names! {
    /// `error`: loading fails or may end the process. `warning`: loading works, but there is
    /// something to know.
    pub enum Severity {
        /// Loading fails, or may end the process.
        Error => "error",
        /// Loading works, but there is something to know.
        Warning => "warning",
    }
}

names! {
    /// `error`: it will break; `warning`: it will probably break; `note`: for information.
    pub enum FindingSeverity {
        /// It will break.
        Error => "error",
        /// It will probably break.
        Warning => "warning",
        /// For information.
        Note => "note",
    }
}

impl From<Severity> for FindingSeverity {
    fn from(severity: Severity) -> FindingSeverity {
        match severity {
            Severity::Error => FindingSeverity::Error,
            Severity::Warning => FindingSeverity::Warning,
        }
    }
}

names! {
    /// The outcome of loading: `loads`; `throws` an Error that can be caught; `crashes`, so that
    /// the process dies; `unknown`, with an `undetermined` problem that gives the reason.
    pub enum Outcome {
        /// It works.
        Loads => "loads",
        /// An Error, which JavaScript can catch.
        Throws => "throws",
        /// The process dies.
        Crashes => "crashes",
        /// abi-guard can't determine it; an `undetermined` problem gives the reason.
        Unknown => "unknown",
    }
}

names! {
    /// Format of an object file.
    pub enum FileFormat {
        /// Linux, Android, the BSDs.
        Elf => "elf",
        /// macOS, iOS.
        MachO => "mach-o",
        /// Windows.
        Pe => "pe",
    }
}

names! {
    /// The interface through which an addon registers. `hybrid`: Node-API, but it uses V8 too.
    /// `none`: it doesn't register at all.
    pub enum AddonApi {
        /// Node-API only: stable over Node.js versions.
        NodeApi => "node-api",
        /// V8 and Node.js's C++ interface: tied to one ABI.
        V8 => "v8",
        /// It registers through Node-API and imports C++ symbols of V8 or Node.js: Node.js does no
        /// ABI check, but the addon is tied to one V8.
        Hybrid => "hybrid",
        /// It registers with neither interface.
        None => "none",
    }
}

names! {
    /// The known runtimes. NW.js publishes no ABI since 0.27, so it is best named with an explicit
    /// `abi`.
    pub enum RuntimeName {
        /// Node.js.
        Node => "node",
        /// Electron.
        Electron => "electron",
        /// Bun.
        Bun => "bun",
        /// Deno.
        Deno => "deno",
        /// NW.js: its newer releases publish no ABI anywhere, so that it needs an explicit one.
        Nw => "nw",
    }
}

impl RuntimeName {
    /// The name in sentences.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            RuntimeName::Node => "Node.js",
            RuntimeName::Electron => "Electron",
            RuntimeName::Bun => "Bun",
            RuntimeName::Deno => "Deno",
            RuntimeName::Nw => "NW.js",
        }
    }
}
