//! Files that every loader rejects, and files that can't be read.

names! {
    /// The contents of a file that isn't an object file.
    pub enum FoundInstead {
        /// 0 bytes.
        Empty => "empty",
        /// A Git LFS pointer.
        GitLfsPointer => "git-lfs-pointer",
        /// A web page, usually an error page of a download.
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
    /// The property that couldn't be judged.
    #[cfg_attr(test, schemars(rename = "UndeterminedSubject"))]
    pub enum Subject {
        /// Libraries or functions weren't searched, because the target isn't the system that
        /// abi-guard runs on.
        Linking => "linking",
        /// The way in which the package finds its file.
        ActiveFile => "active-file",
        /// The ABI of the runtime.
        Abi => "abi",
        /// The registration of the addon.
        Registration => "registration",
        /// The Node-API version that it declares, or that of the runtime.
        NodeApi => "node-api",
        /// Whether it works with the other libc.
        Libc => "libc",
        /// Whether enough static TLS is left for it.
        StaticTls => "static-tls",
        /// The contents contradict each other, and could not be read.
        Contents => "contents",
        /// Its headers are damaged.
        Headers => "headers",
        /// Its segments are damaged.
        Segments => "segments",
        /// Its relocations are damaged.
        Relocations => "relocations",
        /// It is damaged, and abi-guard can't determine the consequence.
        Damaged => "damaged",
        /// Its end is missing.
        Truncated => "truncated",
        /// The processor that it is for.
        Machine => "machine",
        /// Reading it would take more steps than any valid file needs.
        Limits => "limits",
        /// abi-guard failed; please report it.
        Internal => "internal",
        /// The runtime that loads it.
        Target => "target",
        /// The packages in a bundle.
        Bundle => "bundle",
    }
}

facts! {
    /// The file isn't an object file.
    pub struct NotABinary {
        /// Its contents.
        pub found: FoundInstead,
    }

    /// The end of the file is missing.
    pub struct Truncated {
        /// The minimum number of missing bytes; `null` if even its header is incomplete.
        pub missing_bytes: Option<u64>,
    }

    /// An object file whose headers every loader rejects.
    pub struct Malformed {}

    /// A valid object file of a type that can't be loaded at run time.
    pub struct NotOpenable {}

    /// Something that may change the outcome couldn't be judged.
    pub struct Undetermined {
        /// The property that couldn't be judged.
        pub what: Subject,
    }

    /// The file changed while it was read.
    pub struct Changed {}

    /// The file or folder can't be read.
    pub struct Unreadable {
        /// The file or folder.
        pub path: String,
    }

    /// Another release of the named line has another outcome, or only one of them has an error.
    pub struct DependsOnRelease {
        /// The release that it was judged for; `null` if it isn't known.
        pub judged_for: Option<String>,
        /// The releases that differ.
        pub otherwise_in: Vec<String>,
    }
}
