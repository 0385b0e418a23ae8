// The parts of semver that the table needs: the order of versions, and the row for a version.

/** Splits '15.0.0-beta.7' into its numbers and its pre-release parts (null for a release). */
export function parse(version) {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/.exec(version)
  if (!match) throw new Error(`Not a semver version: '${version}'`)
  return { major: +match[1], minor: +match[2], patch: +match[3], pre: match[4]?.split('.') ?? null }
}

/** True for a release: a valid version without a pre-release part. */
export const isStable = (version) => /^\d+\.\d+\.\d+$/.test(version)

/** Semver precedence (semver.org, rule 11). */
export function compare(left, right) {
  const a = parse(left)
  const b = parse(right)
  const numbers = a.major - b.major || a.minor - b.minor || a.patch - b.patch
  if (numbers) return numbers
  if (!a.pre || !b.pre) return (a.pre ? 0 : 1) - (b.pre ? 0 : 1)
  for (let i = 0; i < Math.max(a.pre.length, b.pre.length); i++) {
    const order = comparePart(a.pre[i], b.pre[i])
    if (order) return order
  }
  return 0
}

function comparePart(x, y) {
  if (x === y) return 0
  if (x === undefined || y === undefined) return x === undefined ? -1 : 1
  const numeric = [x, y].map((part) => /^\d+$/.test(part))
  if (numeric[0] && numeric[1]) return Number(x) - Number(y)
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1
  return x < y ? -1 : 1
}

/** The last entry whose `from` is not above the version, or undefined. `rows` are sorted. */
export const lookup = (rows, version) => rows.findLast((row) => compare(row.from, version) <= 0)
