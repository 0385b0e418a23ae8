// Writes npm-ranges.txt. The second line has versions. Each further line has a range, most of them
// random, and for each version whether npm's semver finds it in the range; `invalid` for an invalid
// range. The seed is fixed, so the same semver writes the same file; `--check` compares instead of
// writing. The version of semver is that of package-lock.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const semver = createRequire(import.meta.url)('semver')
const { version } = createRequire(import.meta.url)('semver/package.json')
const file = new URL('npm-ranges.txt', import.meta.url)

/** mulberry32 */
let state = 20_261_128
function random() {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}
const one = (list) => list[Math.floor(random() * list.length)]
const sometimes = (share, text) => (random() < share ? text() : '')

const numbers = ['0', '1', '2', '16', '18', '20', '22']
const prereleases = [
  '0',
  'rc.1',
  'rc.1.0',
  'rc.2',
  'beta',
  'nightly20230412abc',
  'alpha-1',
  '1',
  '10',
]
const triple = () => `${one(numbers)}.${one(['0', '1', '2'])}.${one(['0', '1', '3'])}`
const full = () =>
  triple() +
  sometimes(0.25, () => `-${one(prereleases)}`) +
  sometimes(0.1, () => `+${one(['b', 'build.5', '001'])}`)

/** A version whose numbers may be missing or "x"; a few are invalid. */
function partial() {
  const any = () => (random() < 0.2 ? one(['x', 'X', '*']) : one(['0', '1', '2', '3', '20']))
  const text = one([
    () => full(),
    () => full(),
    () => one(numbers),
    () => `${one(numbers)}.${any()}`,
    () => `${one(numbers)}.${any()}.${any()}`,
    () => one(['*', 'x', 'X', 'x.x', '*.1', '1.x.2']),
    () =>
      sometimes(0.3, () =>
        one([
          '01',
          '1.2.3.4',
          'lts',
          '1.2.3-01',
          '1..2',
          '20-rc',
          '-1',
          '9007199254740993.0.0',
          '1.2.3*',
          '+b',
        ]),
      ),
  ])()
  return sometimes(0.1, () => one(['v', '=', 'v', 'v=', '=v', ' ', 'v ', 'V'])) + text
}
const blank = () => one(['', '', '', ' ', '  ', '\t'])
const operators = [
  '>=',
  '<',
  '>',
  '<=',
  '=',
  '^',
  '~',
  '~>',
  '',
  '',
  '==',
  '> ',
  '>= =',
  '^ ',
  '~ >',
  '=>',
  '<>',
]
const comparator = () =>
  one(random() < 0.95 ? operators.slice(0, 10) : operators) + sometimes(0.2, blank) + partial()
function alternative() {
  if (random() < 0.2)
    return `${partial()}${one([' - ', ' - ', ' - ', '  -  ', ' -', '-'])}${partial()}`
  const count = one([1, 1, 1, 2, 2, 3])
  return Array.from({ length: count }, comparator).join(
    one([' ', ' ', ' ', ' ', ' ', '   ', '', ', ']),
  )
}
const range = () =>
  blank() +
  Array.from({ length: one([1, 1, 1, 2, 3]) }, alternative).join(
    one(['||', ' || ', ' || ', ' ||', '|| ', ' | ']),
  ) +
  blank()

const versions = new Set([
  '0.0.0',
  '0.10.48',
  '16.20.2',
  '18.20.8',
  '20.11.0',
  '22.0.0',
  '23.0.0-nightly.1',
])
while (versions.size < 50) versions.add(full())
const ranges = new Set([
  '',
  ' ',
  '||',
  '^16 || >=18',
  '16.x',
  '16 - 22',
  '^18 || >=20',
  '>=18 <21 || 22.x',
  '14 || >= 16',
  '^0.10.3',
  '^0.0.3',
  '^0.0',
  '^0',
  '>*',
  '<*',
  '>=*',
  '20 || lts',
  '>=20 <18',
  'node',
  '>=18.0.0-0',
])
while (ranges.size < 2_000) ranges.add(range())

const judge = (text) => {
  // npm checks `engines` with this option (npm-install-checks).
  const options = { includePrerelease: true }
  if (semver.validRange(text, options) === null) return 'invalid'
  return [...versions].map((each) => (semver.satisfies(each, text, options) ? '1' : '0')).join('')
}
const rows = [...ranges].map((text) => `${JSON.stringify(text)}\t${judge(text)}`)
const content = `# npm's semver ${version}, by generate.mjs; the columns are these versions.
${[...versions].join(' ')}
${rows.join('\n')}
`
if (!process.argv.includes('--check')) {
  writeFileSync(file, content)
} else if (readFileSync(file, 'utf8') !== content) {
  console.error('npm-ranges.txt differs: run `node src/versions/data/generate.mjs`')
  process.exitCode = 1
}
const invalid = rows.filter((row) => row.endsWith('invalid')).length
console.log(`${ranges.size} ranges (${invalid} invalid) × ${versions.size} versions`)
