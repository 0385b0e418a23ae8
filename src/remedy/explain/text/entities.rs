//! Texts that were copied from the source of a web page, in which a quote is `&#39;`.

use std::borrow::Cow;

/// The characters in error texts for which HTML uses entities.
const ENTITIES: [(&str, &str); 12] = [
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&#96;", "`"),
    ("&#x60;", "`"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#x2F;", "/"),
    ("&#x2f;", "/"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
];

/// The length of the longest of them, in bytes.
const LONGEST: usize = 6;

/// The text with the characters in place of the entities.
pub(super) fn undo(text: Cow<'_, str>) -> Cow<'_, str> {
    if !["&#", "&quot;", "&apos;", "&lt;", "&gt;"]
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut copied = 0;
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let Some((entity, character)) = entity_at(&text[at..]) else { continue };
        plain.push_str(&text[copied..at]);
        plain.push_str(character);
        copied = at + entity.len();
    }
    plain.push_str(&text[copied..]);
    plain.into()
}

/// The entity at the start of a text. A log may have an `&` at every second byte, so most are
/// sorted out by a look at where the `;` is.
fn entity_at(text: &str) -> Option<&'static (&'static str, &'static str)> {
    let length = text.bytes().take(LONGEST).position(|byte| byte == b';')? + 1;
    ENTITIES.iter().find(|(entity, _)| entity.len() == length && text.starts_with(entity))
}

#[cfg(test)]
mod tests {
    use super::undo;

    #[test]
    fn entities_are_decoded() {
        for (text, expected) in [
            ("module &#39;/a/x.node&#39;", "module '/a/x.node'"),
            ("version &#x60;GLIBC_2.29&#x27; &amp; a", "version `GLIBC_2.29' & a"),
            ("a && b &", "a && b &"),
            ("&#39", "&#39"),
            ("&&quot;&amp;quot;", "&\"&quot;"),
        ] {
            assert_eq!(undo(text.into()), expected);
        }
    }
}
