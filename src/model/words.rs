//! Small closed sets of names.

names! {
    /// `error`: loading fails or may end the process. `warning`: worth knowing, loading works.
    pub enum Severity {
        /// Loading fails, or may fail in a way that ends the process.
        Error => "error",
        /// Worth knowing; loading works.
        Warning => "warning",
    }
}

names! {
    /// `error`: it will break; `warning`: it is likely to; `note`: worth knowing.
    pub enum FindingSeverity {
        /// It will break.
        Error => "error",
        /// It is likely to.
        Warning => "warning",
        /// Worth knowing.
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
    /// What loading would do: `loads`; `throws` an Error that can be caught; `crashes`, so that the
    /// process dies; `unknown` with an `undetermined` problem that says why.
    pub enum Outcome {
        /// It works.
        Loads => "loads",
        /// An Error, which JavaScript can catch.
        Throws => "throws",
        /// The process dies.
        Crashes => "crashes",
        /// Can't be told; an `undetermined` problem says why.
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
    /// The interface an addon registers through. `hybrid`: Node-API, but it uses V8 too. `none`: it
    /// doesn't register at all.
    pub enum AddonApi {
        /// Node-API only: stable over Node.js versions.
        NodeApi => "node-api",
        /// V8 and Node.js's C++ interface: tied to one ABI.
        V8 => "v8",
        /// Registers through Node-API and imports V8's or Node.js's C++ symbols: Node.js checks no
        /// ABI, and the addon is tied to one V8 all the same.
        Hybrid => "hybrid",
        /// Registers with neither.
        None => "none",
    }
}

names! {
    /// The runtimes that are known. NW.js registers no ABI since 0.27, so it is best named with an
    /// explicit `abi`.
    pub enum RuntimeName {
        /// Node.js.
        Node => "node",
        /// Electron.
        Electron => "electron",
        /// Bun.
        Bun => "bun",
        /// Deno.
        Deno => "deno",
        /// NW.js: its newer releases register no ABI anywhere, so it takes an explicit one.
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
