//! Files that no loader accepts, and files that can't be read.

names! {
    /// What lies in the place of an object file.
    pub enum FoundInstead {
        /// 0 bytes.
        Empty => "empty",
        /// A pointer of Git LFS.
        GitLfsPointer => "git-lfs-pointer",
        /// A page that says why a download failed.
        WebPage => "web-page",
        /// An archive that was not unpacked.
        Archive => "archive",
        /// A resource fork of macOS ("._x.node").
        AppleDouble => "apple-double",
        /// WebAssembly.
        WebAssembly => "webassembly",
        /// Other text.
        Text => "text",
        /// Anything else.
        Unknown => "unknown",
    }
}

names! {
    /// What couldn't be judged.
    #[cfg_attr(test, schemars(rename = "UndeterminedSubject"))]
    pub enum Subject {
        /// Libraries or functions weren't looked for, because the target isn't the system that
        /// abi-guard runs on.
        Linking => "linking",
        /// How the package finds its file isn't known.
        ActiveFile => "active-file",
        /// The ABI of the runtime isn't known.
        Abi => "abi",
        /// How the addon registers can't be read.
        Registration => "registration",
        /// The Node-API version that it declares, or that the runtime has.
        NodeApi => "node-api",
        /// Whether it works with the other libc.
        Libc => "libc",
        /// Whether static TLS has room for it.
        StaticTls => "static-tls",
        /// The file contradicts itself, and could not be read.
        Contents => "contents",
        /// Its headers are damaged.
        Headers => "headers",
        /// Its segments are damaged.
        Segments => "segments",
        /// Its relocations are damaged.
        Relocations => "relocations",
        /// It is damaged, and what comes of that can't be told.
        Damaged => "damaged",
        /// Its end is missing.
        Truncated => "truncated",
        /// Its processor isn't known.
        Machine => "machine",
        /// Reading it costs more than any sound file does.
        Limits => "limits",
        /// abi-guard failed; please report it.
        Internal => "internal",
        /// The runtime that loads it isn't known.
        Target => "target",
    }
}

facts! {
    /// No object file at all.
    pub struct NotABinary {
        /// What it is.
        pub found: FoundInstead,
    }

    /// The end of the file is missing.
    pub struct Truncated {
        /// How many bytes are missing at least; `null` when even its header isn't whole.
        pub missing_bytes: Option<u64>,
    }

    /// An object file whose headers no loader accepts.
    pub struct Malformed {}

    /// A sound object file of a kind that can't be loaded at run time.
    pub struct NotOpenable {}

    /// Something that may matter couldn't be judged.
    pub struct Undetermined {
        /// What.
        pub what: Subject,
    }

    /// The file changed while it was read.
    pub struct Changed {}

    /// The file or folder can't be read.
    pub struct Unreadable {
        /// The file or folder.
        pub path: String,
    }

    /// Another release of the named line would decide otherwise.
    pub struct DependsOnRelease {
        /// The release that it was judged for; `null` when it isn't known.
        pub judged_for: Option<String>,
        /// Releases in which the outcome is another.
        pub otherwise_in: Vec<String>,
    }
}
