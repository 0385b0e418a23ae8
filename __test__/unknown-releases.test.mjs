// Releases that are newer than the table of releases. An addon that loads in the newest known
// release is never called broken in a newer one, unless its ABI surely isn't that of the newer one.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cacheKey, checkAbi, checkPackage, formatReport, listRuntimes, matrix } from '../index.js'
import { listFiles } from '../scripts/support/corpus/index.mjs'
import { install } from '../scripts/support/corpus/install.mjs'
import { corpus as group } from '../scripts/support/lane.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'

await install(group, { log() {} })
const addon = await published()

const table = listRuntimes()
const knownAbis = new Set(table.map(({ abi }) => abi))

/** For each runtime: the newest known release, the next line, and a line in the far future. */
const RUNTIMES = ['node', 'electron', 'bun', 'deno', 'nw'].map((runtime) => {
  const { last } = table.findLast((row) => row.runtime === runtime && row.abi !== null)
  const [major, minor] = last.split('.').map(Number)
  const next = major === 0 ? `0.${minor + 1}` : `${major + 1}`
  return { runtime, known: `${runtime}@${last}`, unknown: [`${runtime}@${next}`, `${runtime}@99`] }
})

/** The files of the corpus that register as addons, each with its system. */
const addons = listFiles(group).flatMap(({ file }) => {
  const { addon, binary } = checkAbi(file, { target: 'node@22' })
  if (!addon || addon.api === 'none' || !binary.platform || !binary.arch) return []
  const libc = binary.libc === 'musl' ? '-musl' : ''
  return [{ file, api: addon.api, system: `${binary.platform}-${binary.arch}${libc}` }]
})

const errorsOf = (report) => report.problems.filter(({ severity }) => severity === 'error')
const isOfOtherLine = ({ code, builtForAbi }) =>
  (code === 'abi-mismatch' || code === 'self-register-mismatch') && knownAbis.has(builtForAbi)
const undetermined = (report, what) =>
  report.problems.some((problem) => problem.code === 'undetermined' && problem.what === what)

test('the corpus has addons of each kind', () => {
  for (const api of ['node-api', 'v8', 'hybrid'])
    assert.ok(addons.filter((one) => one.api === api).length > 5, api)
})

for (const { runtime, known, unknown } of RUNTIMES) {
  for (const target of unknown) {
    describe(`${target}, whose newest known release is ${known}`, () => {
      const judged = addons.flatMap(({ file, api, system }) => {
        const inKnown = checkAbi(file, { target: `${known}/${system}` })
        const report = checkAbi(file, { target: `${target}/${system}` })
        return [{ file, api, inKnown, report }]
      })
      const of = (wanted) => judged.filter(({ api }) => api === wanted)

      test('no addon gets an error that the known release does not give', () => {
        for (const { file, inKnown, report } of judged) {
          const codes = new Set(errorsOf(inKnown).map(({ code }) => code))
          const added = errorsOf(report).filter((problem) => !codes.has(problem.code))
          assert.deepEqual(
            added.filter((problem) => !isOfOtherLine(problem)),
            [],
            file,
          )
        }
      })

      test('a Node-API addon that loads in the known release loads', () => {
        for (const { file, inKnown, report } of of('node-api'))
          assert.equal(report.outcome, inKnown.outcome, file)
      })

      test('a hybrid that loads in the known release is undetermined', () => {
        for (const { file, inKnown, report } of of('hybrid')) {
          if (inKnown.outcome !== 'loads') continue
          assert.equal(report.outcome, 'unknown', file)
          assert.ok(undetermined(report, 'abi') && !report.complete, file)
        }
      })

      test('an addon that uses V8 is undetermined, or built for another line', () => {
        for (const { file, inKnown, report } of of('v8')) {
          const [first] = errorsOf(report)
          if (first === undefined) assert.ok(undetermined(report, 'abi'), file)
          else if (!errorsOf(inKnown).some(({ code }) => code === first.code))
            assert.ok(isOfOtherLine(first), `${file}: ${first.message}`)
          assert.notEqual(report.outcome, 'loads', file)
        }
      })
    })
  }

  test(`${runtime}: the target of a report gives the same report`, () => {
    const [{ file }] = addons
    for (const target of unknown) {
      const report = checkAbi(file, { target })
      assert.deepEqual(checkAbi(file, { target: report.target }), report)
    }
  })
}

test('one note states that a release is newer than the table, and the date of the table', (t) => {
  const prebuilt = copyOf(addon('bufferutil', 'prebuilds/linux-x64/bufferutil.node'))
  const root = project(t, { ...withBindings('a', prebuilt), ...withBindings('b', prebuilt) })
  const targets = ['node@99/linux-x64-glibc2.36', 'node@22/linux-x64-glibc2.36']
  const note = /Node\.js 99\.0\.0 is\s+newer than the table of releases .*\(\d{4}-\d\d-\d\d\)/gs
  const count = (text) => [...text.matchAll(note)].length
  const report = matrix(root, { targets })
  assert.equal(count(formatReport(report)), 1)
  const states = report.rows.map(({ cells }) => cells.map(({ state }) => state))
  assert.deepEqual(states, [
    ['loads', 'loads'],
    ['loads', 'loads'],
  ])
  const file = `${root}/node_modules/a/build/Release/x.node`
  assert.equal(count(formatReport(checkAbi(file, { target: targets[0] }))), 1)
  assert.equal(count(formatReport(checkAbi(file, { target: targets[1] }))), 0)
  const numbers = { runtime: 'node', version: '99.0.0', abi: 200, nodeApi: 11 }
  assert.equal(count(formatReport(checkAbi(file, { target: numbers }))), 0)
})

test('a prebuilt file is judged if the release may have its ABI, and not if it is for another line', (t) => {
  const prebuilt = copyOf(addon('bufferutil', 'prebuilds/linux-x64/bufferutil.node'))
  const root = project(t, {
    'node_modules/a/package.json': { name: 'a', version: '1.0.0', main: 'index.js' },
    'node_modules/a/index.js': "module.exports = require('node-gyp-build')(__dirname)\n",
    'node_modules/a/prebuilds/linux-x64/node.abi147.node': prebuilt,
  })
  for (const [target, codes] of [
    ['bun@1.4.5', []],
    ['bun@2', []],
    ['node@26', []],
    ['node@27', ['no-matching-prebuild']],
    ['node@99', ['no-matching-prebuild']],
  ]) {
    const report = checkPackage(`${root}/node_modules/a`, {
      target: `${target}/linux-x64-glibc2.36`,
    })
    const found = [report, ...(report.active ? [report.active] : [])].flatMap(errorsOf)
    assert.deepEqual(
      found.map(({ code }) => code),
      codes,
      target,
    )
  }
})

test('two unknown releases have different cache keys', () => {
  assert.notEqual(cacheKey({ target: 'node@98' }), cacheKey({ target: 'node@99' }))
})
