//! Mach-O: the trie with the names of exports. It has its own reader, because a malicious trie has
//! an unlimited number of paths and names as long as memory, and `object`'s iterator follows them
//! all.

use crate::files::Limits;

/// Calls `found` with the name and the address of every export, relative to the mach header; 0 for
/// exports with an address elsewhere. Returns false if the trie contradicts itself or exceeds
/// [`Limits`].
pub(super) fn each(trie: &[u8], mut found: impl FnMut(&[u8], u64)) -> bool {
    walk(trie, &mut found).is_some()
}

fn walk(trie: &[u8], found: &mut impl FnMut(&[u8], u64)) -> Option<()> {
    // In a valid trie every node but the root has one parent, so each is visited once. A node has
    // at least two bytes (its size and the number of its edges), and no trie has more nodes
    // than twice its exports.
    let mut left = (trie.len() / 2).min(2 * Limits::SYMBOLS);
    let mut name: Vec<u8> = Vec::new();
    // For every node on the path: its remaining edges, their number, and the length of the name up
    // to it.
    let mut way: Vec<(&[u8], u8, usize)> = Vec::new();
    let mut next = Some(0);
    loop {
        if let Some(offset) = next.take() {
            left = left.checked_sub(1)?;
            let mut node = trie.get(offset..)?;
            let size = usize::try_from(uleb128(&mut node)?).ok()?;
            let (mut export, rest) = node.split_at_checked(size)?;
            if size > 0 {
                let flags = uleb128(&mut export)?;
                let elsewhere = flags & REEXPORT != 0;
                found(&name, if elsewhere { 0 } else { uleb128(&mut export)? });
            }
            let (&count, edges) = rest.split_first()?;
            way.push((edges, count, name.len()));
        }
        let Some((edges, count, length)) = way.last_mut() else { return Some(()) };
        name.truncate(*length);
        if *count == 0 {
            way.pop();
            continue;
        }
        *count -= 1;
        let end = memchr::memchr(0, edges)?;
        if name.len() + end > Limits::NAME {
            return None;
        }
        name.extend_from_slice(&edges[..end]);
        *edges = &edges[end + 1..];
        next = Some(usize::try_from(uleb128(edges)?).ok()?);
    }
}

/// `EXPORT_SYMBOL_FLAGS_REEXPORT`
const REEXPORT: u64 = 8;

fn uleb128(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn a_trie_is_followed_to_its_end_or_not_at_all() {
        let names = |trie: &[u8]| {
            let mut names = Vec::new();
            each(trie, |name, address| {
                names.push((String::from_utf8_lossy(name).into_owned(), address));
            })
            .then_some(names)
        };
        let both = b"\0\x01_a\0\x06\x02\0\x10\x01b\0\x0d\x03\x08\x01\0\0";
        assert_eq!(names(both), Some(vec![("_a".to_owned(), 16), ("_ab".to_owned(), 0)]));
        // A node that is its own child. The name grows until it is too long.
        assert_eq!(names(b"\0\x01a\0\0"), None);
        assert_eq!(names(b""), None);
    }
}
