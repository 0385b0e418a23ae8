//! Damaged texts for tests: the same ones in every run.

/// Pieces that have a meaning in one of the formats.
const PIECES: &str = "\n|\\\n|\t|  |: |- |[|]|{|}|&a |*a|\"|'|\\|${|${{|}}|$(|<<|>>|<<EOF|#|!|%|\
    ?|,|.|=|/*|//|RUN|FROM|\u{feff}|é|\r|||&&|(|`|---|...|>|~|'''|\u{0}";

/// `count` texts, each with up to five changes: removed characters, inserted pieces, a lost end.
pub(super) fn damaged(original: &str, count: usize) -> Vec<String> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap_or(0)
    };
    let pieces: Vec<&str> = PIECES.split('|').collect();
    let mut damage = || {
        let mut text: Vec<char> = original.chars().collect();
        for _ in 0..=next(4) {
            let at = next(text.len());
            match next(3) {
                0 => {
                    let end = (at + next(12)).min(text.len());
                    text.drain(at..end);
                }
                1 => drop(text.splice(at..at, pieces[next(pieces.len())].chars())),
                _ => text.truncate(at.max(1)),
            }
        }
        text.into_iter().collect()
    };
    (0..count).map(|_| damage()).collect()
}
