// One small addon for each rule of glibc's loader. Three results must be equal: that of the table,
// that of a real process.dlopen in a Node.js like the running one, and that of abi-guard. A row in
// pending.json is one that abi-guard doesn't judge correctly yet. For such a row, the table and the
// real load must still be equal, and it must be removed from the list as soon as abi-guard's result
// is correct.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compile, compiler } from './fixtures/compile.mjs'
import { build } from './fixtures/linking/build.mjs'
import { environment, judge } from './fixtures/linking/judge.mjs'
import { condition, tables } from './fixtures/linking/rows.mjs'
import { load } from './matrix/load.mjs'
import { copyOf, project } from './support/project.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const pending = JSON.parse(
  readFileSync(new URL('./fixtures/linking/pending.json', import.meta.url), 'utf8'),
)
const header = process.report?.getReport?.().header
const usable = isLinuxX64 && header?.glibcVersionRuntime && compiler() !== null
const libc = process.report?.getReport?.().sharedObjects.find((file) => /\/libc\.so\.6$/.test(file))
const timeLimit = 5_000

/** Replaces `@` by the row's folder, and `<libc>` by the path of libc. */
const placed = (text, folder) => text.replaceAll('@', folder).replaceAll('<libc>', libc)

/** The expected result of a row, with the fields of a real load. */
function wanted({ expect }, folder) {
  if (expect === 'loads') return { outcome: 'loads', message: null }
  if (expect.throws) return { outcome: 'throws', message: placed(expect.throws, folder) }
  return { outcome: 'crashes', message: null, death: expect.crashes }
}

function really({ outcome, message, signal, exitCode }) {
  return { outcome, message, ...(outcome === 'crashes' && { death: signal ?? exitCode }) }
}

/** Describes the difference between abi-guard's report and the expected result, or null. */
function fault(report, real, { expect }) {
  if (report.outcome !== real.outcome) return `outcome ${report.outcome}`
  if (report.loaderMessage !== real.message) return `text ${JSON.stringify(report.loaderMessage)}`
  const codes = report.problems
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)
  if (expect.code && codes[0] !== expect.code) return `code ${codes[0]}`
  if (report.took > timeLimit) return `took ${Math.round(report.took)} ms`
  return null
}

describe('linking', { skip: usable ? false : 'needs glibc on linux-x64, and gcc' }, () => {
  const here = usable && condition()
  for (const [name, rows] of Object.entries(tables)) {
    describe(name, { concurrency: 2 }, () => {
      for (const row of rows) {
        const skip = usable && !here(row.holds) ? `holds with ${row.holds}` : false
        test(row.name, { skip }, async (t) => {
          const folder = await build(row)
          const file = join(folder, 'x.node')
          const env = environment(row, folder)
          const real = really(await load(process.execPath, file, { env }))
          assert.deepEqual(real, wanted(row, folder), 'the table says what a real load does')
          const start = performance.now()
          const report = await judge(file, env)
          const wrong = fault({ ...report, took: performance.now() - start }, real, row)
          if (pending.includes(row.name)) {
            t.diagnostic(`pending: ${wrong}`)
            assert.ok(wrong, 'abi-guard is right now: take the row off pending.json')
          } else
            assert.equal(
              wrong,
              null,
              `abi-guard says what a real load does: ${JSON.stringify(real)}`,
            )
        })
      }
    })
  }

  test('the loader has the variables with which the process started', async (t) => {
    const needing = await compile('needing', { NAPISYM: true }, { library: { NO_EXPORTS: true } })
    const folder = project(t, {
      'x.node': copyOf(needing),
      'package.json': { name: 'x', version: '1.0.0', main: 'x.node' },
    })
    const script = `
      const [, home, file, value] = process.argv
      if (value) process.env.LD_LIBRARY_PATH = value
      const { outcome } = require(home).checkAbi(file)
      let real = 'loads'
      try { process.dlopen({ exports: {} }, file) } catch { real = 'throws' }
      const { fix } = require(home).checkPackage(require('node:path').dirname(file))
      console.log(outcome, real, fix?.summary ?? '')`
    const home = fileURLToPath(new URL('..', import.meta.url))
    const run = (env, ...args) =>
      execFileSync(process.execPath, ['-e', script, home, join(folder, 'x.node'), ...args], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, ...env },
      }).trim()
    const LD_LIBRARY_PATH = dirname(needing)
    assert.equal(run({}), 'throws throws')
    assert.equal(run({ LD_LIBRARY_PATH }), 'loads loads')
    const advice = 'Set LD_LIBRARY_PATH before Node.js starts, not in the app'
    assert.equal(run({}, LD_LIBRARY_PATH), `throws throws ${advice}`)
    assert.equal(run({}, folder), 'throws throws')
    assert.equal(run({ LD_LIBRARY_PATH }, '/nowhere'), 'loads loads')
  })
})
