//! Text from packages is untrusted until it is escaped here: names and paths may contain escape
//! sequences that rewrite a terminal, characters that change the writing direction, or commands to
//! the CI service that shows a log.

/// `text` with every control character and every invisible or direction-changing character escaped
/// (`\u{1b}`), and without commands to CI services: `::` at the beginning of a word, which may
/// become the beginning of a line, and `##[` anywhere (actions/runner, `ActionCommand.cs`).
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut begins_word = true;
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        if is_hidden(c) || (begins_word && rest.starts_with("::")) {
            safe.extend(c.escape_unicode());
        } else if rest.starts_with("#[") && text[..at].ends_with('#') {
            safe.push_str("\\u{23}");
        } else {
            safe.push(c);
        }
        begins_word = c.is_whitespace();
    }
    safe
}

/// Control characters, those of the category Cf, and the default-ignorable ones of Unicode 16, with
/// the blank Braille pattern. `lib/escape.js` selects the same ones by their properties, and a test
/// compares the two.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn control_characters_never_reach_a_terminal() {
        assert_eq!(
            escape("a\u{1b}[31mb\u{7}\n\u{202e}\u{9b}é"),
            "a\\u{1b}[31mb\\u{7}\\u{a}\\u{202e}\\u{9b}é"
        );
        assert_eq!(
            escape("a\u{61c}\u{ad}\u{3164}\u{e0041}b"),
            "a\\u{61c}\\u{ad}\\u{3164}\\u{e0041}b"
        );
    }

    #[test]
    fn nothing_is_a_command_to_a_ci_service() {
        for (text, expected) in [
            ("::error::x", "\\u{3a}:error::x"),
            ("a ::error::x", "a \\u{3a}:error::x"),
            ("a::b node::ObjectWrap", "a::b node::ObjectWrap"),
            ("##[error]x", "#\\u{23}[error]x"),
            ("a##[b]###[", "a#\\u{23}[b]##\\u{23}["),
            ("# a [b] #[c]", "# a [b] #[c]"),
        ] {
            assert_eq!(escape(text), expected, "{text}");
        }
    }
}
