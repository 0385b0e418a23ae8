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

/// The text with the characters in place of the entities.
pub(super) fn undo(text: Cow<'_, str>) -> Cow<'_, str> {
    if !["&#", "&quot;", "&apos;", "&lt;", "&gt;"]
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)) {
            Some((entity, character)) => {
                plain.push_str(character);
                rest = &rest[entity.len()..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain.into()
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
        ] {
            assert_eq!(undo(text.into()), expected);
        }
    }
}
