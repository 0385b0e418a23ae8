// Damaged files in the running Node.js: abi-guard must not die, and its verdict must be what a real
// load does, with the same outcome and text, including crashes of truncated files. The rows for
// which it may answer "unknown" are in mayBeUnknown, and they are counted.
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../scripts/support/cache.mjs'
import { pool } from '../scripts/support/pool.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { builtByGcc, damages } from '../scripts/support/damage.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { ending, failures, figures, trial } from './damage/trial.mjs'
import { load } from './matrix/load.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const usable = isLinuxX64 && compiler() !== null
const index = new URL('../index.js', import.meta.url)

/**
 * [pattern of names, the reason why the result can't be known]; "unknown" is a failure for all
 * others.
 */
const mayBeUnknown = [
  [
    /^newlines converted$/,
    'each line feed shifts all that follows by a byte: what the loader meets there is chance',
  ],
]

describe('damaged files', { skip: usable ? false : 'needs linux-x64 and gcc' }, () => {
  let folder
  let rows
  let abiGuard

  before(async () => {
    folder = temporaryFolder()
    const addon = await compile('damaged', { NAPISYM: true, GETV: 8 })
    const written = damages(addon).map((one, number) => {
      const file = join(folder, `${number}.node`)
      writeFileSync(file, one.bytes)
      return { ...one, file }
    })
    const source = fileURLToPath(new URL('./fixtures/addon.c', import.meta.url))
    const built = (await builtByGcc(source, folder)).map(([name, file]) => ({ name, file }))
    rows = [...written, ...built]
    if (existsSync(index)) abiGuard = (await import(index)).default
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const check = (file) => {
    const start = performance.now()
    const said = abiGuard.checkAbi(file, { target: `node@${process.versions.node}` })
    const took = performance.now() - start
    return { said, took }
  }

  test('reports on every damaged file, within a second each', {
    timeout: 600_000,
  }, (t) => {
    if (!abiGuard) return t.skip('index.js is not there')
    const slow = []
    for (const { name, file } of rows) {
      const { said, took } = check(file)
      assert.match(said.outcome, /^(loads|throws|crashes|unknown)$/, name)
      if (took > 1000) slow.push(`${name}: ${Math.round(took)} ms`)
    }
    assert.deepEqual(slow, [])
  })

  test('predicts for every damaged file what a real load does', {
    skip: fullLane,
    timeout: 600_000,
  }, async (t) => {
    const failures = []
    const unknown = []
    const seen = {}
    const told = rows.filter(({ survivesOnly }) => !survivesOnly)
    await pool(told, 4, async ({ name, file }) => {
      const real = await load(process.execPath, file)
      const what =
        real.outcome === 'crashes' ? `crashes ${real.signal ?? real.exitCode}` : real.outcome
      ;(seen[`${what} ${(real.message ?? '').replaceAll(file, '<file>')}`.trim()] ??= []).push(name)
      if (!abiGuard) return
      const { said } = check(file)
      if (said.outcome === 'unknown' && mayBeUnknown.some(([pattern]) => pattern.test(name)))
        unknown.push(name)
      else if (said.outcome !== real.outcome)
        failures.push(
          `${name}: it ${what} ${real.message ?? ''}, abi-guard says it ${said.outcome}`,
        )
      else if (real.outcome === 'throws' && said.loaderMessage !== real.message) {
        failures.push(
          `${name}: the text is ${JSON.stringify(real.message)}, abi-guard says ${JSON.stringify(said.loaderMessage)}`,
        )
      }
    })
    for (const [what, names] of Object.entries(seen))
      t.diagnostic(`${names.length} × ${what} (${names.slice(0, 4).join(', ')})`)
    t.diagnostic(
      `${told.length} files, "unknown" said and allowed: ${unknown.length} (${unknown.join(', ')})`,
    )
    assert.deepEqual(failures, [])
    if (!abiGuard) t.skip('index.js is not there: only the real loads were made')
  })

  test('predicts what a real load does with one damaged field', {
    skip: fullLane,
    timeout: 600_000,
  }, async (t) => {
    if (!abiGuard) return t.skip('index.js is not there')
    // `npm run damage` does the same with the addons of the corpus.
    const addons = [
      await compile('by_symbol', { NAPISYM: true, GETV: 8 }),
      await compile('by_constructor', { CTOR: process.versions.modules, CTX: true }),
    ]
    const host = { execPath: process.execPath, named: `node@${process.versions.node}` }
    const pairs = await trial({ abiGuard, addons, host, seed: 3, count: 150 })
    t.diagnostic(JSON.stringify(figures(pairs)))
    assert.ok(pairs.filter(({ real }) => ending(real) === 'dies').length >= 50)
    assert.deepEqual(failures(pairs), [])
  })

  test('throws ENOENT for a missing file', (t) => {
    if (!abiGuard) return t.skip('index.js is not there')
    assert.throws(() => abiGuard.checkAbi(join(folder, 'absent.node')), { code: 'ENOENT' })
  })

  test('survives a folder, and a file without the permission to read it', (t) => {
    if (!abiGuard) return t.skip('index.js is not there')
    const locked = join(folder, 'locked.node')
    writeFileSync(locked, 'x')
    chmodSync(locked, 0)
    mkdirSync(join(folder, 'folder.node'))
    for (const file of [locked, join(folder, 'folder.node')]) {
      // A coded error and a report are both valid: root can read a file without permissions.
      try {
        assert.ok(abiGuard.checkAbi(file).problems.length > 0, file)
      } catch (error) {
        if (error.code === 'ERR_ASSERTION') throw error
        assert.match(error.code, /^E[A-Z]+/, file)
      }
    }
  })
})
