//! Text that comes from packages is hostile until it has passed here: names and paths may hold escape sequences that rewrite
//! a terminal, or characters that turn the direction of writing.

/// `text` with every control character and every invisible or direction-changing one written out (`\u{1b}`).
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || hidden {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn control_characters_never_reach_a_terminal() {
        assert_eq!(escape("a\u{1b}[31mb\u{7}\n\u{202e}\u{9b}é"), "a\\u{1b}[31mb\\u{7}\\u{a}\\u{202e}\\u{9b}é");
    }
}
