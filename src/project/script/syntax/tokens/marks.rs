//! The punctuators of JavaScript.

/// The longest punctuator at the beginning of `rest`.
pub(super) fn mark(rest: &[u8]) -> Option<&'static str> {
    let candidates: &[&'static str] = match rest.first()? {
        b'{' => &["{"],
        b'}' => &["}"],
        b'(' => &["("],
        b')' => &[")"],
        b'[' => &["["],
        b']' => &["]"],
        b';' => &[";"],
        b',' => &[","],
        b':' => &[":"],
        b'~' => &["~"],
        b'@' => &["@"],
        b'#' => &["#"],
        b'.' => &["...", "."],
        b'<' => &["<<=", "<<", "<=", "<"],
        b'>' => &[">>>=", ">>>", ">>=", ">>", ">=", ">"],
        b'=' => &["===", "==", "=>", "="],
        b'!' => &["!==", "!=", "!"],
        b'+' => &["++", "+=", "+"],
        b'-' => &["--", "-=", "-"],
        b'*' => &["**=", "**", "*=", "*"],
        b'/' => &["/=", "/"],
        b'%' => &["%=", "%"],
        b'&' => &["&&=", "&&", "&=", "&"],
        b'|' => &["||=", "||", "|=", "|"],
        b'^' => &["^=", "^"],
        // "a?.5:b" is a conditional expression with the number ".5".
        b'?' if rest.get(2).is_some_and(u8::is_ascii_digit) => &["??", "?"],
        b'?' => &["??=", "??", "?.", "?"],
        _ => return None,
    };
    candidates.iter().find(|mark| rest.starts_with(mark.as_bytes())).copied()
}
