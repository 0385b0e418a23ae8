// Every C fixture in every Node.js of the matrix. Three results must be equal: the table in
// cases.mjs, a real process.dlopen, and abi-guard's verdict without loading.
// ABI_GUARD_MATRIX=full|edges|old|all selects more runtimes than the lane does.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { inCache, temporaryFolder, writeWhole } from '../scripts/support/cache.mjs'
import { pool } from '../scripts/support/pool.mjs'
import { cases, kindOf, kinds } from './fixtures/cases.mjs'
import { accepts, compile, compiler } from './fixtures/compile.mjs'
import { fullLane, runtimes as usual } from '../scripts/support/lane.mjs'
import { install } from '../scripts/support/matrix/install.mjs'
import { listNodes } from '../scripts/support/matrix/index.mjs'
import { load } from './matrix/load.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const group = process.env.ABI_GUARD_MATRIX || usual
const usable = isLinuxX64 && compiler() !== null
const index = new URL('../index.js', import.meta.url)

/**
 * The abilities that this machine's gcc and linker lack. Fixtures that need one are skipped, and
 * the test reports that.
 */
async function missingAbilities() {
  const missing = new Set()
  if (!(await accepts(['-m32', '-nostdlib']))) missing.add('-m32')
  // GNU ld only warns about an unknown -z, so it accepts the flag in any case. Therefore this looks
  // for the tag itself.
  const packed = await compile(
    'relr',
    { NAPISYM: true, NAPICTOR: 1 },
    { flags: ['-Wl,-z,pack-relative-relocs'] },
  )
  if (!hasRelr(readFileSync(packed))) missing.add('DT_RELR')
  return missing
}

function hasRelr(bytes) {
  const table = Number(bytes.readBigUInt64LE(0x20))
  for (let at = table; at < table + 56 * bytes.readUInt16LE(0x38); at += 56) {
    if (bytes.readUInt32LE(at) !== 2) continue // PT_DYNAMIC
    const [start, size] = [
      Number(bytes.readBigUInt64LE(at + 8)),
      Number(bytes.readBigUInt64LE(at + 32)),
    ]
    for (let tag = start; tag < start + size; tag += 16)
      if (bytes.readBigUInt64LE(tag) === 36n) return true
  }
  return false
}

function versionsOf({ version, execPath }) {
  const script = 'console.log(JSON.stringify([process.versions.modules, process.versions.napi]))'
  const [abi, napi] = JSON.parse(
    execFileSync(execPath, ['-e', script], { encoding: 'utf8', env: { PATH: process.env.PATH } }),
  )
  return { version, execPath, abi: Number(abi), napi: Number(napi ?? 0) }
}

describe('C fixtures', { skip: usable ? false : 'needs linux-x64 and gcc' }, () => {
  let runtimes
  let table
  let abiGuard
  const unknown = []

  before(async () => {
    await install(group)
    runtimes = listNodes(group).map(versionsOf)
    const missing = await missingAbilities()
    const all = cases(runtimes)
    const left = all.filter(({ needs }) => needs && missing.has(needs))
    if (left.length > 0)
      console.log(
        `# LEFT OUT, this compiler can't build them (${[...missing].join(', ')}): ${left.map(({ name }) => name).join(' ')}`,
      )
    table = await pool(
      all.filter((one) => !left.includes(one)),
      2,
      async (one) => ({ ...one, file: await compile(one.name, one.defines, one) }),
    )
    if (existsSync(index)) abiGuard = (await import(index)).default
  })

  // node:test fixes the list of tests before the runtimes are known. Therefore one test covers all
  // of them, and lists every failure.
  test('behave in a real Node.js as in the table, and abi-guard agrees', {
    timeout: 3_600_000,
  }, async (t) => {
    const failures = []
    let pairs = 0
    for (const runtime of runtimes) {
      await pool(table, 4, async (one) => {
        pairs++
        const real = await load(runtime.execPath, one.file)
        const kind = kindOf(real)
        const where = `${one.name} on Node.js ${runtime.version}`
        const wanted = one.expect(runtime)
        if (kind !== wanted)
          failures.push(
            `${where}: the table says "${kinds[wanted]}", it is "${kinds[kind] ?? kind}"`,
          )
        if (!abiGuard) return
        const said = abiGuard.checkAbi(one.file, { target: { execPath: runtime.execPath } })
        if (said.outcome === 'unknown' && one.mayBeUnknown) unknown.push(where)
        else if (said.outcome !== real.outcome)
          failures.push(`${where}: it ${real.outcome}, abi-guard says it ${said.outcome}`)
        else if (
          runtime.abi >= 93 &&
          real.outcome === 'throws' &&
          said.loaderMessage !== real.message
        ) {
          failures.push(
            `${where}: the text is ${JSON.stringify(real.message)}, abi-guard says ${JSON.stringify(said.loaderMessage)}`,
          )
        }
      })
    }
    const reasons = [
      ...new Set(table.map(({ mayBeUnknown }) => mayBeUnknown).filter(Boolean)),
    ].join('; ')
    t.diagnostic(
      `${table.length} fixtures × ${runtimes.length} Node.js executables = ${pairs} pairs, ${failures.length} failures`,
    )
    t.diagnostic(`"unknown" said and allowed: ${unknown.length} pairs (${reasons})`)
    const list = inCache('fixtures-failures.txt')
    writeWhole(list, failures.join('\n'))
    assert.equal(failures.length, 0, `all of them in ${list}:\n${failures.slice(0, 40).join('\n')}`)
    assert.ok(abiGuard, 'index.js is not there: only the real loads were held against the table')
  })

  test('a path with letters other than ASCII has the error text of each release, and is explained', {
    skip: fullLane,
  }, async (t) => {
    const folder = temporaryFolder()
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const home = join(folder, 'José ユーザー')
    mkdirSync(home)
    const file = join(home, 'x.node')
    writeFileSync(file, 'no addon')
    const differ = []
    let latin1 = 0
    for (const { version, execPath } of runtimes) {
      const real = await load(execPath, file)
      const { loaderMessage } = abiGuard.checkAbi(file, { target: { execPath } })
      if (loaderMessage !== real.message) differ.push([version, real.message, loaderMessage])
      if (!real.message.includes(file)) latin1++
      const explained = abiGuard.explainError(new Error(real.message))
      if (explained?.file !== file) differ.push([version, 'explained', explained?.file])
    }
    assert.deepEqual(differ, [])
    assert.ok(latin1 > 0 && latin1 < runtimes.length, `${latin1} releases read errors as Latin-1`)
  })
})
