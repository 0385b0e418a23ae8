//! Decodes the bytes of a log.

/// The text of a log.
#[must_use]
pub fn decoded(log: &[u8]) -> String {
    match str::from_utf8(log) {
        Ok(text) => text.to_owned(),
        Err(_) => without_binary(log),
    }
}

/// The text of a log with binary data. `String::from_utf8_lossy` would make a text of 110 MB of a
/// log of 50 MB, with a U+FFFD for each byte that isn't UTF-8. Here a run of such bytes is one
/// U+FFFD, and a line of binary data is empty.
fn without_binary(log: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = log;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        if is_binary(line) {
            text.push('\n');
        } else {
            push_decoded(&mut text, line);
        }
        rest = after;
    }
    text
}

/// True for a line that can't contain an error: it has characters that no text has, and no words.
fn is_binary(line: &[u8]) -> bool {
    /// The shortest run of ASCII letters, digits and signs that counts as words. Random bytes have
    /// one in eight million places.
    const WORDS: usize = 16;
    // Null bytes and escapes are in texts, too: UTF-16, and the colors of a terminal.
    let is_of_no_text = |byte: &&u8| matches!(byte, 1..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    line.iter().filter(is_of_no_text).count() > line.len() / 32
        && !line.split(|byte| !matches!(byte, b' '..=b'~')).any(|run| run.len() >= WORDS)
}

fn push_decoded(text: &mut String, line: &[u8]) {
    let mut rest = line;
    while let Some(chunk) = rest.utf8_chunks().next() {
        text.push_str(chunk.valid());
        if chunk.invalid().is_empty() {
            break;
        }
        if !chunk.valid().is_empty() || rest.len() == line.len() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        rest = &rest[chunk.valid().len() + chunk.invalid().len()..];
        // No character starts with one of these bytes.
        let starts = |byte: &u8| !matches!(byte, 0x80..=0xc1 | 0xf5..=0xff);
        rest = &rest[rest.iter().position(starts).unwrap_or(rest.len())..];
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn bytes_that_are_no_text_become_one_character() {
        for (log, expected) in [
            (&b"a\xff\xfe\x80b"[..], "a\u{fffd}b"),
            (b"\xff\xfea", "\u{fffd}a"),
            (b"\xe6\xe6\xe6a\xe6", "\u{fffd}a\u{fffd}"),
            (b"gel\xf6scht", "gel\u{fffd}scht"),
            ("漢字 ok\n".as_bytes(), "漢字 ok\n"),
            (b"\x01\x02\xff\x03q\nError: \xff\n", "\nError: \u{fffd}\n"),
            (
                b"\x01\x02\x03\x04\xffError: a module is gone",
                "\u{1}\u{2}\u{3}\u{4}\u{fffd}Error: a module is gone",
            ),
            (b"E\0r\0\xff\x1b[31mr\0\n", "E\0r\0\u{fffd}\u{1b}[31mr\0\n"),
            (b"", ""),
        ] {
            assert_eq!(decoded(log), expected, "{log:?}");
        }
    }
}
