//! Loader texts in releases of Node.js that decode them as Latin-1.
//!
//! Node.js 0.12 to 20.18.0, 21, and 22.0 to 22.9 convert each byte of an error text to one
//! character (nodejs/node#55024), so `/home/josé` is printed as `/home/josÃ©`.

/// The text as such a release prints it: each UTF-8 byte as one character.
pub(super) fn garbled(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// The original text of a garbled one; `None` if the text is not garbled UTF-8.
#[must_use]
pub fn restored(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes =
        text.chars().map(|letter| u8::try_from(letter).ok()).collect::<Option<Vec<u8>>>()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{garbled, restored};

    #[test]
    fn only_garbled_text_is_restored() {
        assert_eq!(garbled("/home/josé/a.node"), "/home/josÃ©/a.node");
        for text in ["/home/josé/a.node", "/ユーザー/a.node", "C:\\Users\\Gaëtan"] {
            assert_eq!(restored(&garbled(text)).as_deref(), Some(text));
            assert_eq!(restored(text), None);
        }
        assert_eq!(restored("/home/jose/a.node"), None);
    }
}
