// Compares the generated tables with their sources (node-abi and node-api-headers, pinned in
// devDependencies), and checks that they are consistent. A difference from a source must be listed
// here with its reason; a listed difference that no longer exists is a failure, too.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { readHeader, readSymbols } from '../src/addon/data/generate.mjs'
import { compare, isStable, lookup, parse } from '../src/runtime/data/semver.mjs'

const file = (path) => new URL(`../${path}`, import.meta.url)
const readText = (path) => readFileSync(file(path), 'utf8')
const readJson = (path) => JSON.parse(readText(path))

const table = readJson('src/runtime/data/releases.json')
const measured = readJson('src/runtime/data/measured.json')
const exceptions = readJson('src/runtime/data/exceptions.json')
const nodeApi = readJson('src/addon/data/node_api_functions.json')
const runtimes = Object.entries(table.runtimes)
const at = (runtime, version) => lookup(table.runtimes[runtime].rows, version)

/** The newest patch of every minor version, in order. */
const released = (runtime) =>
  Object.entries(table.runtimes[runtime].releases).flatMap(([line, patches]) =>
    patches.flatMap((patch, minor) => (patch === null ? [] : [`${line}.${minor}.${patch}`])),
  )

/**
 * Every target that node-abi knows: those of its registry file, and those that its code adds
 * (before Node 11 and Electron 5, NW.js).
 */
function nodeAbiTargets() {
  const coded = [
    ...readText('node_modules/node-abi/index.js').matchAll(
      /\{\s*runtime: '([\w-]+)',\s*target: '([^']+)',\s*abi: '([^']+)'/g,
    ),
  ]
  assert.ok(
    coded.length >= 38,
    `only ${coded.length} targets found in node-abi's index.js: has its form changed?`,
  )
  return [
    ...readJson('node_modules/node-abi/abi_registry.json'),
    ...coded.map(([, runtime, target, abi]) => ({ runtime, target, abi })),
  ].map(({ runtime, target, abi, future }) => ({
    runtime: runtime === 'node-webkit' ? 'nw' : runtime,
    from: target,
    abi: Number(abi),
    future: Boolean(future),
  }))
}

// 'runtime version: our ABI, node-abi's ABI' → the reason why ours is right.
const DIFFERENCES = {
  'electron 0.30.4: 45, not 44': 'electron-releases; Node 3.1.0 embedded since 0.30.4',
  'electron 0.30.8: 45, not 44': 'the same',
  'electron 0.32.3: 46, not 45': 'electron-releases; embeds a 5.0.0-pre',
  'electron 3.0.0-beta.1: 64, not 57': 'electron-releases; node-abi starts 3 at its release',
  'electron 5.0.0-beta.1: 68, not 69': 'electron-releases; node-abi starts 5 at beta.9',
  'electron 13.0.0-beta.1: 89, not 87':
    'build/args/all.gn of the tag; node-abi starts 13 at beta.2',
  'electron 40.0.0-alpha.1: 143, not 140':
    'build/args/all.gn of the tag; node-abi starts 40 at alpha.2',
}

test('every ABI that node-abi states is in the table, and every row of the table agrees with node-abi, except for the listed differences', () => {
  const targets = nodeAbiTargets()
  const found = []
  for (const runtime of ['node', 'electron', 'nw']) {
    const theirs = targets
      .filter((target) => target.runtime === runtime && !target.future)
      .sort((a, b) => compare(a.from, b.from))
    assert.ok(theirs.length > 4, `${runtime}: node-abi has targets`)
    // node-abi has its last number of NW.js for every later release, although none was registered.
    // Only the rows up to that number are compared.
    const isRegistered = ({ abi, node }) => runtime !== 'nw' || (abi !== null && node === null)
    const rows = table.runtimes[runtime].rows.filter(isRegistered)
    const ours = [...rows.map((row) => row.from), ...(runtime === 'nw' ? [] : released(runtime))]
    for (const version of new Set([...theirs.map((target) => target.from), ...ours])) {
      const said = lookup(theirs, version)?.abi
      const row = at(runtime, version)
      if (said !== undefined && row?.abi !== said)
        found.push(`${runtime} ${version}: ${row?.abi}, not ${said}`)
    }
  }
  assert.deepEqual(found.sort(), Object.keys(DIFFERENCES).sort())
})

test('numbers that node-abi has assigned to future releases are reserved, and no row uses them', () => {
  const future = nodeAbiTargets().filter((target) => target.future)
  const expected = future.map(({ runtime, from, abi }) => ({
    abi,
    runtime,
    version: String(parse(from).major),
  }))
  assert.deepEqual(
    table.reserved,
    expected.sort((a, b) => a.abi - b.abi),
  )
  const used = new Set(runtimes.flatMap(([, { rows }]) => rows.map((row) => row.abi)))
  for (const { abi } of table.reserved) assert.ok(!used.has(abi), `${abi} is reserved`)
})

test('the tables were generated from the pinned versions of node-abi and node-api-headers', () => {
  const installed = (name) => readJson(`node_modules/${name}/package.json`).version
  assert.equal(table.sources['node-abi'], installed('node-abi'))
  assert.equal(nodeApi.sources['node-api-headers'], installed('node-api-headers'))
  for (const { generatedAt } of [table, nodeApi]) assert.match(generatedAt, /^\d{4}-\d\d-\d\d$/)
})

for (const [name, { releases, rows }] of runtimes) {
  test(`${name}: rows are in semver order, without duplicates, each different from the one before`, () => {
    rows.slice(1).forEach((row, i) => {
      assert.ok(compare(rows[i].from, row.from) < 0, `${rows[i].from} < ${row.from}`)
      assert.notDeepEqual(
        { ...row, from: '' },
        { ...rows[i], from: '' },
        `${row.from} repeats ${rows[i].from}`,
      )
    })
  })

  test(`${name}: rows have the agreed fields and types`, () => {
    for (const { from, abi, nodeApi: version, node, label, ...rest } of rows) {
      parse(from)
      assert.ok(
        (abi === null && name === 'nw') || (Number.isInteger(abi) && abi > 0),
        `${from}: abi ${abi}`,
      )
      assert.ok(
        version === null || (Number.isInteger(version) && version > 0),
        `${from}: nodeApi ${version}`,
      )
      assert.equal(node !== undefined, name !== 'node', `${from}: node ${node}`)
      assert.equal(
        label,
        name === 'node' && [1, 2, 3].includes(parse(from).major) ? 'io.js' : undefined,
        from,
      )
      assert.deepEqual(rest, {}, from)
    }
  })

  test(`${name}: every release line resolves, and names only stable releases`, () => {
    assert.ok(released(name).length > 0)
    for (const version of released(name)) {
      assert.ok(isStable(version), version)
      assert.ok(at(name, version), `${version} has no row`)
    }
    for (const patches of Object.values(releases))
      assert.notEqual(patches.at(-1), null, 'a line ends with a release')
  })

  test(`${name}: the Node-API version never falls inside a major line`, () => {
    const previous = {}
    const versions = [...rows.map((row) => row.from), ...released(name)].sort(compare)
    for (const version of versions) {
      const { major } = parse(version)
      const { abi, nodeApi: own } = at(name, version)
      // The versions of these releases are unknown.
      if (abi === null) continue
      const now = own ?? 0
      assert.ok(now >= (previous[major] ?? 0), `${version}: ${now} after ${previous[major]}`)
      previous[major] = now
    }
  })

  test(`${name}: the ABI changes inside a stable line only in the known releases`, () => {
    // Lines without a stable ABI are excluded: 0.x and Electron 1. Bun and Deno state the ABI of
    // the Node.js version that they emulate.
    const known = {
      electron: ['4.0.4', '14.0.2'],
      node: ['1.1.0'],
      bun: ['1.0.4', '1.1.25', '1.2.18', '1.4.0'],
      deno: ['2.9.0'],
    }
    const found = rows.filter((row, i) => {
      const before = rows[i - 1]
      const { major, pre } = parse(row.from)
      const insideLine = before && !pre && row.from !== `${major}.0.0`
      return insideLine && before.abi !== row.abi && major > (name === 'electron' ? 1 : 0)
    })
    assert.deepEqual(
      found.map((row) => row.from),
      known[name] ?? [],
    )
  })
}

test('every Node version that Electron, NW.js, Bun and Deno embed or emulate is a known release, with its Node-API version', () => {
  // Early Electron versions embedded builds of Node's main branch; Deno has its own Node-API
  // version.
  const preReleases = ['0.13.0-pre', '1.0.0-pre', '5.0.0-pre', '6.0.0-pre']
  const unknownNode = []
  for (const name of ['electron', 'nw', 'bun', 'deno']) {
    for (const row of table.runtimes[name].rows) {
      if (row.node === null) {
        unknownNode.push(row.from)
        continue
      }
      if (preReleases.includes(row.node)) continue
      const { major, minor, patch } = parse(row.node)
      const newest = table.runtimes.node.releases[major]?.[minor] ?? -1
      assert.ok(newest >= patch, `${name} ${row.from}: Node ${row.node} is not a known release`)
      if (name === 'electron')
        assert.equal(row.nodeApi, at('node', row.node).nodeApi, `electron ${row.from}`)
    }
  }
  // Only the newest releases of a line may have an unknown Node version, until an update of the
  // packages that list it. (So may some of 0.x.)
  for (const version of unknownNode.filter((version) => parse(version).major > 0)) {
    const next = table.runtimes.electron.rows.find((row) => compare(row.from, version) > 0)
    assert.ok(
      !next || parse(next.from).major > parse(version).major,
      `electron ${version}: node is null inside a line`,
    )
  }
})

test('the table has the measured and the curated values', () => {
  for (const name of ['bun', 'deno']) {
    assert.ok(measured[name].length > 10)
    for (const { version, ...fields } of measured[name]) {
      const { from, ...row } = at(name, version)
      assert.deepEqual(row, fields, `${name} ${version}, from row ${from}`)
    }
  }
  for (const { from, node } of exceptions.nw.node) {
    const { abi = null, nodeApi: version = null } = node === null ? {} : at('node', node)
    const expected = { from, abi, nodeApi: version, node }
    assert.deepEqual(at('nw', from), expected, `nw ${from}`)
  }
  for (const { version, abi, node } of exceptions.electron.releases) {
    const row = at('electron', version)
    assert.deepEqual([row.abi, row.node], [abi, node], `electron ${version}`)
  }
})

// One row per fact that was checked by hand: [runtime, version, abi, nodeApi]. The rows are
// releases around every known exception.
const CASES = [
  ['node', '0.10.48', 11, null],
  ['node', '0.12.18', 14, null],
  ['node', '1.0.4', 42, null],
  ['node', '1.1.0', 43, null],
  ['node', '6.14.1', 48, null],
  ['node', '6.17.1', 48, 3], // has process.versions.napi, and loads an addon
  ['node', '8.5.0', 57, null], // rejects it without --napi-modules
  ['node', '8.6.0', 57, 1],
  ['node', '8.17.0', 57, 4],
  ['node', '10.15.3', 64, 3],
  ['node', '10.16.0', 64, 4],
  ['node', '12.22.12', 72, 8],
  ['node', '13.10.1', 79, 5],
  ['node', '13.11.0', 79, 6],
  ['node', '15.10.0', 88, 7],
  ['node', '15.12.0', 88, 8],
  ['node', '18.16.1', 108, 8],
  ['node', '18.17.0', 108, 9],
  ['node', '19.9.0', 111, 8],
  ['node', '20.2.0', 115, 8],
  ['node', '20.3.0', 115, 9],
  ['node', '22.13.1', 127, 9],
  ['node', '22.14.0', 127, 10],
  ['node', '23.5.0', 131, 9],
  ['node', '23.6.0', 131, 10],
  ['node', '26.10.0', 147, 10],
  ['electron', '1.8.8', 57, null], // Node 8.2.1
  ['electron', '2.0.0', 57, 1],
  ['electron', '4.0.3', 64, 3],
  ['electron', '4.0.4', 69, 3],
  ['electron', '5.0.0-beta.8', 68, 4],
  ['electron', '5.0.0-beta.9', 70, 4],
  ['electron', '9.0.0-beta.1', 76, 5],
  ['electron', '9.0.0-beta.2', 80, 5],
  ['electron', '11.0.0-beta.10', 82, 6],
  ['electron', '11.0.0-beta.11', 85, 6],
  ['electron', '13.0.0-beta.1', 89, 7],
  ['electron', '14.0.1', 89, 8],
  ['electron', '14.0.2', 97, 8],
  ['electron', '15.0.0-beta.6', 89, 8],
  ['electron', '15.0.0-beta.7', 98, 8],
  ['electron', '25.9.8', 116, 8],
  ['electron', '26.6.10', 116, 8], // not 117 as in Node's registry
  ['electron', '27.0.0', 118, 9],
  ['electron', '30.5.1', 123, 9],
  ['electron', '31.0.0-beta.6', 123, 9],
  ['electron', '31.0.0-beta.7', 125, 9],
  ['electron', '34.5.8', 132, 9],
  ['electron', '35.0.0', 133, 10],
  ['electron', '39.8.10', 140, 10],
  ['electron', '40.0.0-alpha.1', 143, 10],
  ['electron', '44.11.5', 149, 10],
  ['electron', '45.4.1', 150, 10],
  ['nw', '0.18.2', 48, null],
  ['nw', '0.18.3', 51, null],
  ['nw', '0.34.0', null, null], // embeds an 11.0.0-pre
  ['nw', '0.43.0', 79, 5],
  ['nw', '0.100.1', 137, 10],
  ['nw', '0.111.1', 141, 10],
  ['nw', '0.111.2', 147, 10],
  ['nw', '0.117.0', null, null],
  ['bun', '1.2.0', 127, 9],
  ['bun', '1.3.0', 137, 10],
  ['bun', '1.4.5', 147, 10],
  ['deno', '2.9.6', 147, 10],
]

for (const [runtime, version, abi, napi] of CASES) {
  test(`${runtime} ${version} has ABI ${abi} and Node-API ${napi}`, () => {
    const row = at(runtime, version)
    assert.deepEqual([row.abi, row.nodeApi], [abi, napi], `from row ${row.from}`)
  })
}

test('every stable Node-API function has the version of node-api-headers, and there is no other function', () => {
  const { functions } = nodeApi
  const listed = readSymbols(
    createRequire(import.meta.url)('../node_modules/node-api-headers/symbols.js'),
  )
  const declared = Object.assign(
    {},
    ...['js_native_api.h', 'node_api.h'].map((name) =>
      readHeader(readText(`node_modules/node-api-headers/include/${name}`)),
    ),
  )
  assert.ok(
    Object.keys(listed).length > 150 && Object.keys(declared).length > 150,
    'both sources could be read',
  )
  const stable = Object.fromEntries(
    Object.entries(functions).filter(([, since]) => since !== 'experimental'),
  )
  assert.deepEqual(stable, sortedByName({ ...declared, ...listed }))
})

test('Node-API functions are sorted, and their newest version is the newest that a Node release has', () => {
  const { functions } = nodeApi
  assert.deepEqual(Object.keys(functions), Object.keys(functions).sort())
  const numbers = Object.values(functions).filter((since) => since !== 'experimental')
  assert.ok(numbers.every((since) => Number.isInteger(since) && since > 0))
  assert.ok(numbers.length < Object.keys(functions).length, 'some are experimental')
  assert.equal(
    Math.max(...numbers),
    Math.max(...table.runtimes.node.rows.map((row) => row.nodeApi ?? 0)),
  )
})

test('the version of a function is read from the guards around it, and other guards are ignored', () => {
  const header = `
    #ifdef __cplusplus
    NAPI_EXTERN napi_status NAPI_CDECL napi_first(napi_env env); // #if NAPI_VERSION >= 7
    #endif
    #if NAPI_VERSION >= 5
    NAPI_EXTERN napi_status NAPI_CDECL
    napi_second(napi_env env);
    #ifdef NAPI_EXPERIMENTAL
    NAPI_EXTERN napi_status NAPI_CDECL node_api_third(napi_env env);
    #endif
    #endif  // NAPI_VERSION >= 5
    NAPI_EXTERN void NAPI_CDECL napi_fourth(void);`
  assert.deepEqual(readHeader(header), {
    napi_first: 1,
    napi_second: 5,
    node_api_third: 'experimental',
    napi_fourth: 1,
  })
})

test('versions are sorted as in semver', () => {
  const ordered = [
    '0.9.0',
    '0.10.0',
    '15.0.0-alpha.2',
    '15.0.0-alpha.10',
    '15.0.0-beta.1',
    '15.0.0',
    '15.0.1',
  ]
  assert.deepEqual([...ordered].reverse().sort(compare), ordered)
  assert.equal(lookup([{ from: '1.0.0' }], '0.9.0'), undefined)
  assert.throws(() => parse('15.0'))
})

function sortedByName(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
}

test('the table of ranges has the results of npm’s semver', () => {
  const generator = 'src/versions/data/generate.mjs'
  const said = execFileSync(process.execPath, [generator, '--check'], { cwd: file('.') })
  assert.match(said.toString(), /^2000 ranges \(\d+ invalid\) × 50 versions\n$/)
})
