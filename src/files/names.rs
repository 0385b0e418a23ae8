//! Paths as texts. On Unix, a name may have any bytes, and reports and messages are texts: a byte
//! that isn't UTF-8 is written as `\xFF`. Such a text still identifies its file: every function
//! that opens, lists or examines a path accepts it ([`meant`]).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A path or a name as a text.
#[must_use]
pub fn shown(path: impl AsRef<OsStr>) -> String {
    let path = path.as_ref();
    match path.to_str() {
        // A name that contains an escape literally would mean another file.
        Some(text) if cfg!(unix) && text.contains(r"\x") => escaped(path),
        Some(text) => text.to_owned(),
        None if cfg!(unix) => escaped(path),
        None => path.to_string_lossy().into_owned(),
    }
}

fn escaped(path: &OsStr) -> String {
    let mut text = String::new();
    for chunk in path.as_encoded_bytes().utf8_chunks() {
        let valid = chunk.valid();
        for (at, letter) in valid.char_indices() {
            match byte_at(&valid.as_bytes()[at..]) {
                Some(_) => text.push_str(r"\x5C"),
                None => text.push(letter),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!(r"\x{byte:02X}"));
        }
    }
    text
}

/// The path that [`shown`] has written with escapes; `None` for a text without them. An escape is
/// never decoded to a separator, a dot or a letter, so it can't lead to another folder.
#[cfg(unix)]
pub(super) fn meant(text: &Path) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;

    let mut rest = text.as_os_str().as_encoded_bytes();
    memchr::memmem::find(rest, br"\x")?;
    let mut bytes = Vec::new();
    while let Some((first, others)) = rest.split_first() {
        let escape = byte_at(rest).filter(|byte| *byte >= 0x80 || *byte == b'\\');
        bytes.push(escape.unwrap_or(*first));
        rest = if escape.is_some() { &rest[4..] } else { others };
    }
    (bytes != text.as_os_str().as_encoded_bytes())
        .then(|| PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
pub(super) fn meant(_text: &Path) -> Option<PathBuf> {
    None
}

/// The byte of an escape at the beginning of `text`: `\x` and two digits, with capital letters.
fn byte_at(text: &[u8]) -> Option<u8> {
    let [b'\\', b'x', high, low, ..] = text else { return None };
    let digit = |letter: &u8| match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'A'..=b'F' => Some(letter - b'A' + 10),
        _ => None,
    };
    Some(digit(high)? * 16 + digit(low)?)
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    use super::{meant, shown};

    #[test]
    fn each_name_has_a_text_that_is_decoded_to_the_same_name() {
        for (name, text) in [
            (&b"/app/a.node"[..], "/app/a.node"),
            (b"/app/\xff.node", r"/app/\xFF.node"),
            (b"\xc3\xa9\xc3", r"é\xC3"),
            (br"\xFF", r"\x5CxFF"),
            (br"\x5CxFF", r"\x5Cx5CxFF"),
            (br"a\xfg\x4", r"a\xfg\x4"),
            (b"\\x\xff", r"\x\xFF"),
            (b"\\xF\xff", r"\xF\xFF"),
            (br"\\x41", r"\\x5Cx41"),
        ] {
            let path = Path::new(OsStr::from_bytes(name));
            assert_eq!(shown(path), text, "{path:?}");
            let found = meant(Path::new(text)).unwrap_or_else(|| text.into());
            assert_eq!(found, path, "{text}");
        }
    }

    #[test]
    fn an_escape_is_not_decoded_to_a_separator_a_dot_or_a_letter() {
        for text in [r"a\x2Fb", r"\x2E\x2E", r"\x00", r"\x41", "a"] {
            assert_eq!(meant(Path::new(text)), None, "{text}");
        }
    }
}
