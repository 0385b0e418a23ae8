//! Decides by the name alone whether the tables of exports cover it. The rules are those of
//! data/exports/families.mjs, which selected the names.

use memchr::memmem;
use serde::Deserialize;

/// The rules; the tables contain their lists.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Names {
    /// Prefixes of C names. Sorted; none is a prefix of another.
    prefixes: Vec<String>,
    /// Classes and namespaces in `node` that are meant for addons.
    node_scopes: Vec<String>,
}

impl Names {
    /// True if the tables cover a name. If they don't contain it, no release has it.
    pub(super) fn cover(&self, name: &[u8]) -> bool {
        if name.starts_with(b"_Z") {
            return self.is_itanium_covered(name).unwrap_or(false);
        }
        if name.starts_with(b"?") {
            return self.is_msvc_covered(name).unwrap_or(false);
        }
        let after = self.prefixes.partition_point(|prefix| prefix.as_bytes() <= name);
        after.checked_sub(1).is_some_and(|index| name.starts_with(self.prefixes[index].as_bytes()))
    }

    fn is_itanium_covered(&self, name: &[u8]) -> Option<bool> {
        // A function or variable, or a virtual table or similar, with a nested name.
        let rest = name.strip_prefix(b"_Z")?;
        let special =
            [b"TI", b"TS", b"TT", b"TV"].into_iter().find_map(|special| rest.strip_prefix(special));
        let rest = special.unwrap_or(rest).strip_prefix(b"N")?;
        let (root, rest) = component(rest.strip_prefix(b"K").unwrap_or(rest))?;
        let inner = component(rest);
        let is_last = |inner: Option<(&[u8], &[u8])>| {
            inner.is_some_and(|(_, rest)| rest.first() == Some(&b'E'))
        };
        Some(match root {
            b"cppgc" => true,
            b"v8" => {
                inner.is_none_or(|(scope, rest)| scope != b"internal" || is_last(component(rest)))
            }
            b"node" => is_last(inner) || inner.is_some_and(|(scope, _)| self.is_node_scope(scope)),
            _ => false,
        })
    }

    fn is_msvc_covered(&self, name: &[u8]) -> Option<bool> {
        let qualified = name.get(..memmem::find(name, b"@@")?)?;
        // The name of a template contains the names of its arguments.
        if memmem::find(qualified, b"?$").is_some() {
            return None;
        }
        let mut outwards = qualified.rsplit(|byte| *byte == b'@');
        let (root, scope) = (outwards.next()?, outwards.next()?);
        let depth = 2 + outwards.count();
        Some(match root {
            b"cppgc" => true,
            b"v8" => scope != b"internal" || depth == 3,
            b"node" => depth == 2 || self.is_node_scope(scope),
            _ => false,
        })
    }

    fn is_node_scope(&self, scope: &[u8]) -> bool {
        self.node_scopes.iter().any(|known| known.as_bytes() == scope)
    }
}

/// The identifier that a mangled name begins with, written with its length before it, and what
/// follows.
fn component(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let digits = name.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let (length, rest) = name.split_at_checked(digits)?;
    if length.first().is_none_or(|first| *first == b'0') {
        return None;
    }
    let length = length.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn prefixes_and_scopes_decide_which_names_are_covered() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let names =
            Names { prefixes: list(&["SSL_", "napi_", "uv_"]), node_scopes: list(&["Buffer"]) };
        for (name, covered) in [
            ("napi_create_object", true),
            ("uv_", true),
            ("uv", false),
            ("zzz", false),
            ("A", false),
            ("", false),
            ("_ZN2v87Isolate3NewEv", true),
            ("_ZNK2v86String6LengthEv", true),
            ("_ZTVN2v88PlatformE", true),
            ("_ZN2v8lsERi", true),
            ("_ZN2v88internal14GetFrameNumberEv", true),
            ("_ZN2v88internal7Isolate3NewEv", false),
            ("_ZN2v88internalE", false),
            ("_ZN5cppgc8internal12WriteBarrier4MarkEv", true),
            ("_ZN4node6AtExitEv", true),
            ("_ZN4node6Buffer3NewEv", true),
            ("_ZN4node6crypto3NewEv", false),
            ("_ZN4nodeplEv", false),
            ("_ZNSt6vectorIN2v85ValueEE4pushEv", false),
            ("_ZZN2v87Isolate3NewEvE1x", false),
            ("_ZN12v8_inspector9V8Session1xEv", false),
            ("_ZN99v8", false),
            ("_ZN02v8E", false),
            ("_ZN2v", false),
            ("_Z", false),
            ("?New@Isolate@v8@@SAPEAV12@XZ", true),
            ("??_7Platform@v8@@6B@", true),
            ("?Get@internal@v8@@YAXXZ", true),
            ("?New@Isolate@internal@v8@@SAPEAV123@XZ", false),
            ("?AtExit@node@@YAXXZ", true),
            ("?New@Buffer@node@@YAXXZ", true),
            ("?New@crypto@node@@YAXXZ", false),
            ("?Mark@WriteBarrier@internal@cppgc@@SAXXZ", true),
            ("??$make_unique@VPlatform@v8@@@std@@YAXXZ", false),
            ("?x@@3HA", false),
            ("?v8@@", false),
            ("?", false),
        ] {
            assert_eq!(names.cover(name.as_bytes()), covered, "{name}");
        }
    }
}
