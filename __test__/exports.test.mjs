// Compares the tables of Node.js's exported symbols with real executables: the running one, and
// those that are installed for other tests. All names are compared in both directions, and one
// difference is a failure.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { isCovered, PREFIXES } from '../src/runtime/data/exports/families.mjs'
import { decode, NONE, VARYING } from '../src/runtime/data/exports/format.mjs'
import { exportedNames } from '../src/runtime/data/exports/readers.mjs'
import { beginning, stateOf } from '../src/runtime/data/exports/states.mjs'
import { compare, parse } from '../src/runtime/data/semver.mjs'
import { isFast } from '../scripts/support/lane.mjs'
import { placeOf, versions } from '../scripts/support/matrix/index.mjs'

const file = (name) => new URL(`../src/runtime/data/exports/${name}`, import.meta.url)
const description = JSON.parse(readFileSync(file('exports.json'), 'utf8'))
const { lines } = description
const platforms = description.platforms.map(({ platform }) => platform)
const states = decode(readFileSync(file('exports.bin')), platforms, lines)

/** The releases of a line that were read for a platform, oldest first. */
function releasesOf(platform, line) {
  const { packages } = description.platforms[platforms.indexOf(platform)]
  const all = new Set(Object.values(packages).flat())
  return [...all].filter((version) => parse(version).major === line).sort(compare)
}

/**
 * The names that a release has according to the tables (`there`), and those for which they don't
 * decide (`open`).
 */
function tableOf(platform, version) {
  const line = lines.indexOf(parse(version).major)
  const index = releasesOf(platform, lines[line]).indexOf(version)
  const [there, open] = [new Set(), new Set()]
  for (const [name, columns] of states) {
    const [first, gone] = columns[platforms.indexOf(platform)].slice(2 * line, 2 * line + 2)
    if (first === VARYING) open.add(name)
    else if (first <= index && index < gone) there.add(name)
  }
  return { there, open }
}

/** The names in which an executable differs from the tables. */
function differences({ there, open }, real) {
  const names = new Set(real.filter(isCovered))
  return [
    ...[...names]
      .filter((name) => !there.has(name) && !open.has(name))
      .map((name) => `not in the table: ${name}`),
    ...[...there]
      .filter((name) => !names.has(name))
      .map((name) => `not in the executable: ${name}`),
  ]
}

const isRead = (platform, version) =>
  platforms.includes(platform) && releasesOf(platform, parse(version).major).includes(version)

/**
 * True if the executable of the running Node.js contains all its libraries, as official builds do.
 */
function runsWhole() {
  const { variables } = process.config
  const shared = Object.keys(variables).some(
    (key) => key.startsWith('node_shared') && variables[key] === true,
  )
  const isMusl =
    process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime
  return ['x64', 'arm64'].includes(process.arch) && !shared && !isMusl
}

const running = process.versions.node
const real = []
if (/^\d+\.\d+\.\d+$/.test(running) && isRead(process.platform, running) && runsWhole()) {
  real.push({ version: running, path: process.execPath })
}
if (process.platform === 'linux' && !isFast) {
  for (const version of versions('all').filter((one) => one !== running && isRead('linux', one))) {
    if (existsSync(placeOf(version))) real.push({ version, path: placeOf(version) })
  }
}

for (const { version, path } of real) {
  test(`Node.js ${version} exports what the tables say`, () => {
    const names = exportedNames(readFileSync(path))
    assert.ok(names.filter(isCovered).length > 7000, 'its exports could be read')
    assert.deepEqual(differences(tableOf(process.platform, version), names), [])
  })
}

test('one additional or missing name is reported', {
  skip: real.length === 0 && 'no executable to compare with',
}, () => {
  const names = exportedNames(readFileSync(real[0].path))
  const table = tableOf(process.platform, real[0].version)
  table.there.delete('napi_create_object')
  table.there.add('uv_no_such_function')
  assert.deepEqual(differences(table, names), [
    'not in the table: napi_create_object',
    'not in the executable: uv_no_such_function',
  ])
})

test('the tables are complete: every line, its counts, the date, and a size that is small enough for the binary', () => {
  assert.match(description.generatedAt, /^\d{4}-\d\d-\d\d$/)
  assert.deepEqual(
    lines,
    Array.from({ length: 11 }, (_, index) => 16 + index),
  )
  assert.equal(states.size, description.names)
  assert.ok(statSync(file('exports.bin')).size + statSync(file('exports.json')).size < 400_000)
  description.platforms.forEach(({ platform, counts }, column) => {
    lines.forEach((line, index) => {
      const releases = releasesOf(platform, line)
      const pairs = [...states.values()].map((columns) =>
        columns[column].slice(2 * index, 2 * index + 2),
      )
      for (const [first, gone] of pairs) {
        assert.ok(first < releases.length || first >= VARYING, `${platform} ${line}: ${first}`)
        assert.ok(
          gone === NONE || (gone > first && gone < releases.length),
          `${platform} ${line}: ${gone}`,
        )
      }
      const always = pairs.filter(([first, gone]) => first === 0 && gone === NONE).length
      assert.equal(counts[index].always, always, `${platform} ${line}`)
      if (platform === 'linux') assert.equal(releases[0], `${line}.0.0`)
    })
  })
})

test('the tables cover each of their names, and no prefix begins with another prefix', () => {
  for (const name of states.keys()) assert.ok(isCovered(name), name)
  assert.deepEqual(PREFIXES, description.prefixes)
  PREFIXES.slice(1).forEach((prefix, index) => {
    assert.ok(PREFIXES[index] < prefix && !prefix.startsWith(PREFIXES[index]), prefix)
  })
})

test('names that other libraries may define are not covered', () => {
  for (const name of [
    '',
    'malloc',
    '_ZNSt6vectorIN2v85LocalINS0_5ValueEEESaIS3_EE9push_backEv',
    '_ZN2v88internal7Isolate3NewEv',
    '_ZN4node6crypto9SecureBuf4SizeEv',
    '_ZN2v',
    '_ZN99v8',
    '??$make_unique@VPlatform@v8@@@std@@YA?AV?$unique_ptr@VPlatform@v8@@@0@XZ',
    '?New@Isolate@internal@v8@@SAPEAV123@XZ',
    '?x@@3HA',
  ]) {
    assert.ok(!isCovered(name), name)
  }
})

test('adding releases to a known beginning of a line gives the same result as reading the whole line', () => {
  const platform = 'linux'
  let tried = 0
  const wrong = []
  for (const line of lines.slice(-3)) {
    const at = lines.indexOf(line)
    const all = releasesOf(platform, line).map((version) => ({ name: 'node', version }))
    const setsOf = (version) => [tableOf(platform, version).there]
    const whole = (name) => states.get(name)[0].slice(2 * at, 2 * at + 2)
    const names = [...states.keys()].filter((name) => whole(name)[0] !== VARYING)
    for (const known of new Set([1, all.length - 1])) {
      // The table's entry after the first `known` releases.
      const before = (name) => whole(name).map((index) => (index < known ? index : NONE))
      const packages = { node: all.slice(0, known).map(({ version }) => version) }
      const begun = beginning(all, packages, before)
      const fresh = begun.unread.map(({ version }) => ({ version, sets: setsOf(version) }))
      for (const name of names) {
        tried++
        const found = stateOf(name, { ...begun, fresh })
        if (String(found) !== String(whole(name))) wrong.push(`${line} ${name}: ${found}`)
      }
    }
    // If a release is published late and precedes known ones, the whole line is read again.
    const packages = { node: all.slice(1).map(({ version }) => version) }
    if (all.length > 1) assert.equal(beginning(all, packages, whole).unread.length, all.length)
  }
  assert.deepEqual(wrong, [])
  assert.ok(tried > 100_000, `${tried} names`)
  const known = () => [0, NONE]
  const fresh = [{ version: '1.1.0', sets: [new Set(['a']), new Set()] }]
  assert.deepEqual(stateOf('a', { known, count: 1, fresh }), [VARYING, NONE])
  assert.deepEqual(stateOf('a', { known: () => [0, 1], count: 2, fresh }), [VARYING, NONE])
})
