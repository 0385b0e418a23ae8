'use strict'
// Finds the known name that is nearest to a misspelled word, for "did you mean".

/**
 * The nearest of `names`, if it differs from `word` in at most two letters. Otherwise `undefined`.
 */
function nearest(word, names) {
  const [best] = names
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  if (best === undefined) return undefined
  return best.far <= Math.min(2, Math.floor(best.name.length / 2)) ? best.name : undefined
}

/** The Levenshtein distance, with a swap of two neighbors as one step. At most 3. */
function distance(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1)
    }
  }
  return rows[a.length][b.length]
}

module.exports = { nearest }
