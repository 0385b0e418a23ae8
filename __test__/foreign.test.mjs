// Small addons for macOS and Windows that real linkers created, for targets of those systems. A row
// in pending.json is one that abi-guard doesn't judge correctly yet. As soon as it does, the row
// must be removed from the list.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { checkAbi } from '../index.js'
import { macho, pe } from './fixtures/foreign/rows.mjs'
import { build } from './fixtures/foreign/build.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { install, lacking } from '../scripts/support/zig.mjs'

const pending = JSON.parse(
  readFileSync(new URL('./fixtures/foreign/pending.json', import.meta.url), 'utf8'),
)

/** Describes the difference between a report and the expected result, or null. */
function fault({ outcome, problems }, wanted) {
  const of = (severity) =>
    problems.filter((one) => one.severity === severity).map(({ code }) => code)
  const [errors, warnings] = [of('error'), of('warning')]
  if (outcome !== wanted.outcome || errors[0] !== wanted.error)
    return `${outcome} ${[...errors, ...warnings.map((code) => `(${code})`)].join(' ')}`.trim()
  if (wanted.warning && !warnings.includes(wanted.warning))
    return `no ${wanted.warning} among ${warnings.join(' ')}`
  return null
}

describe('addons for other systems', {
  skip: lacking || fullLane,
}, () => {
  before(install)
  for (const [format, rows] of Object.entries({ 'Mach-O': macho, PE: pe })) {
    describe(format, () => {
      for (const row of rows)
        for (const [target, wanted] of Object.entries(row.expect)) {
          const name = `${row.name}, for ${target}`
          test(name, async (t) => {
            const file = join(await build(row.files), 'x.node')
            const wrong = fault(checkAbi(file, { target }), wanted)
            if (pending.includes(name)) {
              t.diagnostic(`pending: ${wrong}`)
              assert.ok(wrong, 'abi-guard is right now: take the row off pending.json')
            } else assert.equal(wrong, null, `wanted ${JSON.stringify(wanted)}`)
          })
        }
    })
  }
})
