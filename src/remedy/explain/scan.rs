//! Finds many words in a text at once (Wu and Manber): looking for each by itself would read a log
//! of 50 MB hundreds of times.

/// Words and what is needed to look for all of them in one pass.
pub(super) struct Scan {
    words: Vec<&'static [u8]>,
    /// Bytes at the start of each word that decide how far the search may go on: the length of the
    /// shortest word.
    width: usize,
    /// By two bytes of the text: how many bytes may be skipped; 0 where words end their first
    /// `width` bytes with these two.
    skips: Vec<u8>,
    /// By two bytes, which of `groups` has the words whose first `width` bytes end with them.
    group_of: Vec<u16>,
    /// Words by their index. The first group is empty.
    groups: Vec<Vec<usize>>,
}

fn pair(a: u8, b: u8) -> u16 {
    u16::from_le_bytes([a, b])
}

impl Scan {
    /// Words of at least four bytes.
    pub fn new(words: impl Iterator<Item = &'static str>) -> Scan {
        let words: Vec<&'static [u8]> = words.map(str::as_bytes).collect();
        let width = words.iter().map(|word| word.len()).min().unwrap_or_default().min(200);
        let farthest = u8::try_from(width.saturating_sub(1)).unwrap_or(u8::MAX);
        let mut skips = vec![farthest; 1 << 16];
        let mut group_of = vec![0u16; 1 << 16];
        let mut groups: Vec<Vec<usize>> = vec![Vec::new()];
        for (index, word) in words.iter().enumerate() {
            for (at, two) in word[..width].windows(2).enumerate() {
                let key = pair(two[0], two[1]);
                let skip = u8::try_from(width - 2 - at).unwrap_or(u8::MAX);
                let known = &mut skips[usize::from(key)];
                *known = (*known).min(skip);
                if skip == 0 {
                    let group = &mut group_of[usize::from(key)];
                    if *group == 0 {
                        *group = u16::try_from(groups.len()).unwrap_or_default();
                        groups.push(Vec::new());
                    }
                    groups[usize::from(*group)].push(index);
                }
            }
        }
        Scan { words, width, skips, group_of, groups }
    }

    /// For each word the first `most` places where it stands.
    pub fn places(&self, text: &str, most: usize, stops: &dyn Fn() -> bool) -> Vec<Vec<usize>> {
        /// Bytes between two looks at `stops`.
        const STRIDE: usize = 1 << 20;
        let mut places = vec![Vec::new(); self.words.len()];
        let text = text.as_bytes();
        let mut end = self.width;
        let mut next_look = STRIDE;
        while self.width > 1 && end <= text.len() {
            let key = pair(text[end - 2], text[end - 1]);
            let skip = self.skips[usize::from(key)];
            if skip > 0 {
                end += usize::from(skip);
                continue;
            }
            let start = end - self.width;
            for index in self.groups[usize::from(self.group_of[usize::from(key)])].iter().copied() {
                if places[index].len() < most && text[start..].starts_with(self.words[index]) {
                    places[index].push(start);
                }
            }
            end += 1;
            if end > next_look {
                next_look = end + STRIDE;
                if stops() {
                    break;
                }
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::Scan;

    #[test]
    fn every_word_is_found_wherever_it_stands() {
        let words = ["abab", "babab", "node", "node_modules", "x.node: "];
        let scan = Scan::new(words.into_iter());
        for text in
            ["abababab", "node_modules/x.node: node", "", "a", "nod", "xx.node: x", "bababab node"]
        {
            let found = scan.places(text, 100, &|| false);
            for (word, found) in words.iter().zip(found) {
                let expected: Vec<usize> =
                    (0..text.len()).filter(|at| text[*at..].starts_with(word)).collect();
                assert_eq!(found, expected, "{word} in {text}");
            }
        }
    }

    #[test]
    fn a_word_is_found_a_number_of_times_only() {
        let scan = Scan::new(["aaaa"].into_iter());
        assert_eq!(scan.places(&"a".repeat(100), 3, &|| false), [[0, 1, 2]]);
    }
}
