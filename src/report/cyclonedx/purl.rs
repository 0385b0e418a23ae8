//! Package URLs of npm (github.com/package-url/purl-spec).

use crate::remedy::is_package_name;

/// The purl of a package; `None` if no package on npm can have this name.
pub(super) fn purl(name: &str, version: Option<&str>) -> Option<String> {
    if !is_package_name(name) {
        return None;
    }
    let path = match name.split_once('/') {
        Some((scope, name)) => format!("{}/{}", encoded(scope), encoded(name)),
        None => encoded(name),
    };
    let version = version.map(|version| format!("@{}", encoded(version))).unwrap_or_default();
    Some(format!("pkg:npm/{path}{version}"))
}

/// Percent-encodes everything except the characters that purls never encode.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => {
                encoded.push(byte.into());
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::purl;

    #[test]
    fn purls_are_those_of_npm() {
        for (name, version, expected) in [
            ("sharp", Some("0.34.1"), Some("pkg:npm/sharp@0.34.1")),
            ("@img/sharp-linux-x64", Some("1.0.0"), Some("pkg:npm/%40img/sharp-linux-x64@1.0.0")),
            ("JSONStream", None, Some("pkg:npm/JSONStream")),
            ("a", Some("1.0.0-rc.1+b@?#/é"), Some("pkg:npm/a@1.0.0-rc.1%2Bb%40%3F%23%2F%C3%A9")),
            ("../a", Some("1.0.0"), None),
            ("a b", None, None),
            ("@a", None, None),
            ("", None, None),
        ] {
            assert_eq!(purl(name, version).as_deref(), expected, "{name}");
        }
    }
}
