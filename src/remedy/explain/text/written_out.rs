//! Texts inside of strings, in which a line end is written as `\n`: JSON and output of
//! `util.inspect`.

use std::borrow::Cow;

/// The maximum nesting: a log line in a log line in a log line.
const DEEPEST: usize = 3;

/// Replaces the lines that contain a text in a string by that text; all other lines are unchanged.
pub(super) fn undo(text: Cow<'_, str>) -> Cow<'_, str> {
    if !may_be(&text) {
        return text;
    }
    let mut whole = String::with_capacity(text.len());
    // `util.inspect` splits long texts: 'first line\n' +   'second line'
    let mut open: Option<char> = None;
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        // Each line has the quotes that need the fewest escapes.
        let body = match open.and_then(|_| body.trim_start().strip_prefix(['\'', '"', '`'])) {
            Some(rest) => rest,
            None => body,
        };
        open = body
            .strip_suffix(" +")
            .and_then(|rest| rest.chars().next_back())
            .filter(|quote| "'\"`".contains(*quote));
        let joined = open
            .is_some()
            .then(|| &body[..body.len() - "' +".len()])
            .filter(|rest| rest.ends_with("\\n"));
        open = open.filter(|_| joined.is_some());
        let line = joined.unwrap_or_else(|| docker(body).unwrap_or(body));
        let plain = (0..DEEPEST).try_fold(Cow::Borrowed(line), |line, _| match unescaped(&line) {
            Some(plain) => Ok(Cow::Owned(plain)),
            None => Err(line),
        });
        whole.push_str(&plain.unwrap_or_else(|line| line));
        whole.push_str(if joined.is_some() { "" } else { end });
    }
    whole.into()
}

/// The line in a file of docker's json-file driver: `{"log":"a line\\n","stream":"stderr",…}`.
fn docker(line: &str) -> Option<&str> {
    let value = line.strip_prefix("{\"log\":")?.trim_start().strip_prefix('"')?;
    let end = value.rfind("\"stream\"")?;
    value[..end].trim_end().strip_suffix(',')?.trim_end().strip_suffix("\\n\"")
}

/// Quotes and drive letters show it if a text has one line only.
fn may_be(text: &str) -> bool {
    // The cheapest test comes first: most lines have no backslash.
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return false;
    }
    [r"\n", r#"\""#, r":\\"]
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
}

/// The text that a line contains as a string; `None` for any other line, because `C:\new` is a
/// path.
fn unescaped(line: &str) -> Option<String> {
    if !may_be(line) {
        return None;
    }
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        let after_drive = is_drive(&plain);
        rest = &rest[at + 1..];
        let escaped = rest.chars().next()?;
        rest = &rest[escaped.len_utf8()..];
        match escaped {
            '\\' | '"' | '\'' | '/' | '`' => plain.push(escaped),
            _ if after_drive => return None,
            // The middle of a Windows path that a terminal wrapped.
            'n' if rest.starts_with("ode_modules") => return None,
            'n' => plain.push('\n'),
            't' => plain.push('\t'),
            'r' | 'b' | 'f' => {}
            'u' | 'x' => {
                let digits = if escaped == 'u' { 4 } else { 2 };
                let number = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
                rest = &rest[digits..];
                plain.extend(char::from_u32(number));
            }
            _ => return None,
        }
    }
    plain.push_str(rest);
    Some(plain)
}

/// True for "C:" that isn't the end of a word with a colon.
fn is_drive(text: &str) -> bool {
    let mut ends = text.chars().rev();
    ends.next() == Some(':')
        && ends.next().is_some_and(|c| c.is_ascii_alphabetic())
        && !ends.next().is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::undo;

    #[test]
    fn escaped_line_breaks_become_line_breaks() {
        for (text, expected) in [
            (
                r#"{"msg":"a\nb \"c\"","p":"C:\\new\\x"}"#,
                "{\"msg\":\"a\nb \"c\"\",\"p\":\"C:\\new\\x\"}",
            ),
            (r#"{"log": "a 'b'\n", "stream": "stderr", "time": "t"}"#, "a 'b'"),
            (r#"{"log":"{\"msg\":\"a\\nb\"}\n"}"#, "{\"log\":\"{\"msg\":\"a\nb\"}\n\"}"),
            ("  'first\\n' +\n    'second',\n", "  'first\nsecond',\n"),
            ("  'first\\n' +\n    `'second'`,\n", "  'first\n'second'`,\n"),
            (r"C:\app\node_modules\x.node", r"C:\app\node_modules\x.node"),
            (r"C:\new\bin", r"C:\new\bin"),
            (r"ocal\node_modules\buffertools\build", r"ocal\node_modules\buffertools\build"),
            (r#"{"msg":"a\nnode_modules"}"#, "{\"msg\":\"a\nnode_modules\"}"),
            (r#"{"msg":"no \"x\" in C:\\new"}"#, r#"{"msg":"no "x" in C:\new"}"#),
            (r"\\nas\build\x.node", r"\\nas\build\x.node"),
            (r"stack:\n- a", "stack:\n- a"),
            ("plain\n", "plain\n"),
            (r"a\n\u00e9\x41\", r"a\n\u00e9\x41\"),
            (r"a\n\u00e9\x41", "a\néA"),
        ] {
            assert_eq!(undo(text.into()), expected, "{text}");
        }
    }
}
