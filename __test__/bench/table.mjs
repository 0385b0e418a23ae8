// The rows of the report: what is measured, what it is compared with, and the target.

const PAIRS = 9

/** `text` is printed; `isMet` tells whether a row's result reaches the target. */
export const atMost = (limit) => ({ text: `<= ${limit}`, isMet: (result) => result <= limit })
export const atLeast = (limit) => ({ text: `>= ${limit}`, isMet: (result) => result >= limit })
export const within = (low, high) => ({
  text: `${low} to ${high}`,
  isMet: (result) => result >= low && result <= high,
})
const none = { text: '-', isMet: () => true }

/** The results that a row may compare with its target, from the two values of a pair. */
const results = {
  ratio: { of: (measured, other) => measured / other, show: (result) => result.toFixed(2) },
  timesFaster: {
    of: (measured, other) => other / measured,
    show: (result) => `${result.toFixed(1)} x`,
  },
  difference: {
    of: (measured, other) => measured - other,
    show: (result, unit) => `${result.toFixed(1)} ${unit}`,
  },
}

/** A number with a comma between thousands. */
export const grouped = (number) => number.toLocaleString('en')

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

const columns = (cells) => {
  const [what, value, beside, other, result, ...rest] = cells
  return [
    what.padEnd(46),
    value.padStart(10),
    ` ${beside.padEnd(38)}`,
    other.padStart(10),
    result.padStart(12),
    ` ${rest.join(' ')}`,
  ]
    .join(' ')
    .trimEnd()
}

export class Table {
  /** Begins a group of rows. */
  group(title) {
    console.log(`\n${title}`)
    console.log(columns(['', 'median', 'beside', 'median', 'result', 'target']))
  }

  /**
   * Measures a row in pairs: one value of each side in turn, so that a change of the machine's load
   * reaches both sides. The result is the median of the pairs' results. The first pair isn't
   * counted: it fills the disk cache.
   * @param {{ what: string, measure: () => number, beside: string, other: () => number,
   *   unit?: string, as?: keyof typeof results, target?: typeof none }} row `unit` is that of both
   *   values, and of a difference
   */
  row({ what, measure, beside, other, unit = 'ms', as = 'ratio', target = none }) {
    const pairs = Array.from({ length: PAIRS + 1 }, () => [measure(), other()]).slice(1)
    const side = (index) => `${median(pairs.map((pair) => pair[index])).toFixed(1)} ${unit}`
    const { of, show } = results[as]
    const result = median(pairs.map((pair) => of(...pair)))
    const verdict = target.isMet(result) ? '' : 'missed'
    const cells = [what, side(0), beside, side(1), show(result, unit), target.text, verdict]
    console.log(columns(cells))
  }

  /** A row with one exact value, which needs no second measurement. */
  value({ what, value, unit, target }) {
    const verdict = target.isMet(value) ? '' : 'missed'
    const shown = `${value.toFixed(1)} ${unit}`
    console.log(columns([what, shown, '-', '', shown, target.text, verdict]))
  }

  /** A row whose other program couldn't be had. */
  notMeasured({ what, beside }, reason) {
    console.log(columns([what, '', beside, '', `not measured: ${reason}`]))
  }
}
