//! The real type of a file that has the name of an addon but isn't an object file.

/// A file that isn't an object file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impostor {
    /// The file has no bytes, after a failed download or a full disk.
    Empty,
    /// The beginning of an object file, truncated before its header ends. Contains the format's
    /// name.
    Truncated(&'static str),
    /// A Git LFS pointer: the checkout or the package was created without `git lfs pull`.
    LfsPointer,
    /// An HTML or XML page: a download that returned an error page.
    WebPage,
    /// A compressed or plain archive that was never unpacked.
    Archive,
    /// `._name`, the resource fork that macOS tar adds.
    AppleDouble,
    /// WebAssembly.
    WebAssembly,
    /// A script or other text.
    Text,
    /// Binary data of an unknown type.
    Unknown,
}

impl Impostor {
    /// A stable name for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Impostor::Empty => "empty",
            Impostor::Truncated(_) => "truncated",
            Impostor::LfsPointer => "git-lfs-pointer",
            Impostor::WebPage => "web-page",
            Impostor::Archive => "archive",
            Impostor::AppleDouble => "apple-double",
            Impostor::WebAssembly => "webassembly",
            Impostor::Text => "text",
            Impostor::Unknown => "unknown",
        }
    }

    /// The description, as a phrase after "is".
    #[must_use]
    pub fn description(self) -> String {
        match self {
            Impostor::Empty => "empty (0 bytes)".to_owned(),
            Impostor::Truncated(format) => format!("only the beginning of an {format} file"),
            Impostor::LfsPointer => "a Git LFS pointer, not the file itself".to_owned(),
            Impostor::WebPage => "a web page, not a binary".to_owned(),
            Impostor::Archive => "an archive that was not unpacked".to_owned(),
            Impostor::AppleDouble => {
                "a macOS resource fork (\"._\" file), not the binary itself".to_owned()
            }
            Impostor::WebAssembly => "a WebAssembly module, not a native addon".to_owned(),
            Impostor::Text => "text, not a binary".to_owned(),
            Impostor::Unknown => "no ELF, Mach-O or PE file".to_owned(),
        }
    }
}

/// Archive magics: zip, gzip, xz, bzip2, zstd, 7-zip, `ar`.
const ARCHIVES: [&[u8]; 7] = [
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\xfd7zXZ\0",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"!<arch>\n",
];

/// Recognizes a file by its first bytes (`head`, up to 4 KiB) and its size.
pub(super) fn recognize(head: &[u8], size: u64) -> Impostor {
    if size == 0 {
        return Impostor::Empty;
    }
    for (magic, format) in [
        (&b"\x7fELF"[..], "ELF"),
        (b"MZ", "PE"),
        (b"\xcf\xfa\xed\xfe", "Mach-O"),
        (b"\xce\xfa\xed\xfe", "Mach-O"),
        (b"\xca\xfe\xba\xbe", "Mach-O"),
        (b"\xca\xfe\xba\xbf", "Mach-O"),
    ] {
        if head.starts_with(magic) {
            return Impostor::Truncated(format);
        }
    }
    if ARCHIVES.iter().any(|magic| head.starts_with(magic)) || head.get(257..262) == Some(b"ustar")
    {
        return Impostor::Archive;
    }
    if head.starts_with(b"\x00\x05\x16\x07") {
        return Impostor::AppleDouble;
    }
    if head.starts_with(b"\0asm") {
        return Impostor::WebAssembly;
    }
    if head.starts_with(b"version https://git-lfs") {
        return Impostor::LfsPointer;
    }
    if head.contains(&0) {
        return Impostor::Unknown;
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The 4 KiB may end inside of a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return Impostor::Unknown,
    };
    let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if ["<!doctype", "<html", "<?xml", "<head", "<body"].iter().any(|tag| start.starts_with(tag)) {
        return Impostor::WebPage;
    }
    let printable = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).count();
    if printable * 20 >= text.chars().count() * 19 { Impostor::Text } else { Impostor::Unknown }
}

#[cfg(test)]
mod tests {
    use super::{Impostor, recognize};

    #[test]
    fn every_kind_of_impostor_is_named() {
        for (head, expected) in [
            (&b""[..], Impostor::Empty),
            (b"\x7fELF\x02\x01", Impostor::Truncated("ELF")),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
                Impostor::LfsPointer,
            ),
            (b"\n <!DOCTYPE html><title>404</title>", Impostor::WebPage),
            (b"PK\x03\x04rest", Impostor::Archive),
            (b"\x1f\x8b\x08", Impostor::Archive),
            (b"\x00\x05\x16\x07", Impostor::AppleDouble),
            (b"\0asm\x01\0\0\0", Impostor::WebAssembly),
            (b"module.exports = 1\n", Impostor::Text),
            ("h\u{e9}llo".as_bytes(), Impostor::Text),
            (b"\x01\x02\x03\x04\0", Impostor::Unknown),
            (b"\xff\xfe\xfd", Impostor::Unknown),
        ] {
            assert_eq!(recognize(head, head.len() as u64), expected, "{head:?}");
        }
    }
}
