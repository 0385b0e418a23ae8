//! Finds many words in a text in one pass. A pass per word would read a log of 50 MB hundreds of
//! times.

use aho_corasick::Input;
use aho_corasick::automaton::Automaton as _;
use aho_corasick::nfa::contiguous::NFA;

/// The number of bytes that are searched between two calls of `stops`.
const STRIDE: usize = 1 << 20;

/// A compiled list of words.
pub(super) struct Scan {
    words: usize,
    /// `None` if the list can't be compiled.
    search: Option<NFA>,
}

impl Scan {
    pub fn new(words: impl Iterator<Item = &'static str>) -> Scan {
        let words: Vec<&'static str> = words.collect();
        // The automaton type is named explicitly. The type that chooses among all automata would
        // link the code of all of them.
        let search = NFA::new(&words).inspect_err(|error| debug_assert!(false, "{error}"));
        Scan { words: words.len(), search: search.ok() }
    }

    /// For each word, the first `most` places where it occurs.
    pub fn places(&self, text: &str, most: usize, stops: &dyn Fn() -> bool) -> Vec<Vec<usize>> {
        let mut places = vec![Vec::new(); self.words];
        let mut next_look = STRIDE;
        let found = self
            .search
            .as_ref()
            .and_then(|search| search.try_find_overlapping_iter(Input::new(text)).ok());
        for found in found.into_iter().flatten() {
            let places: &mut Vec<usize> = &mut places[found.pattern().as_usize()];
            if places.len() < most {
                places.push(found.start());
            }
            if found.end() > next_look {
                next_look = found.end() + STRIDE;
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
    fn every_occurrence_of_every_word_is_found() {
        let words = ["abab", "babab", "node", "node_modules", "x.node: ", "node"];
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
    fn the_number_of_occurrences_of_a_word_is_limited() {
        let scan = Scan::new(["aaaa"].into_iter());
        assert_eq!(scan.places(&"a".repeat(100), 3, &|| false), [[0, 1, 2]]);
    }
}
