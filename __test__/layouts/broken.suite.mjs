// Installed projects that are broken in many ways: each gives the expected problems of the affected
// packages and no others, and packages that are reported as broken really can't be required. `npm
// run layouts -- broken` tests more layouts than `npm run test:full`.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { install as installMatrix } from '../../scripts/support/matrix/install.mjs'
import { executable } from '../../scripts/support/matrix/index.mjs'
import { scanNodeModules } from '../../promises.js'
import { breakages } from './broken.mjs'
import { everything } from './chosen.mjs'
import { copyOf } from './copy.mjs'
import { byName, expected, parents, reached } from './expected.mjs'
import { fixture, installed } from './installed.mjs'
import { layouts } from './layouts.mjs'
import { lines, rows } from './observe.mjs'
import { requireAll } from './reality.mjs'

const inTests = ['npm11-hoisted', 'pnpm10-isolated', 'yarn4-pnp']

/** The expected rows with the changes of a breakage. */
function changed(changes) {
  const known = new Map(expected.map((one) => [`${one.name}@${one.version}`, one]))
  for (const [key, change] of Object.entries(changes)) {
    const at = key.lastIndexOf('@')
    const [name, version] = [key.slice(0, at), key.slice(at + 1).replace(/^null$/, '') || null]
    const plain = {
      name,
      version,
      ok: true,
      complete: true,
      problems: [],
      optional: false,
      dev: false,
      requiredBy: ['app'],
    }
    if (change === null) known.delete(key)
    else known.set(key, { ...(known.get(key) ?? plain), ...change })
  }
  return [...known.values()].sort(byName)
}

/**
 * Makes a found row comparable with the expected one: fields that may have any value become equal,
 * and severities that don't matter are removed.
 */
function comparable(found, wanted) {
  const one = {
    ...found,
    problems: found.problems.map((text) => text.replace(/^\w+ (shadowed-prebuild)$/, '$1')),
  }
  if (wanted === undefined) return one
  if (wanted.codes)
    assert.deepEqual(
      found.problems.map((text) => text.split(' ')[1]).sort(),
      wanted.codes,
      found.name,
    )
  if (wanted.problems === 'some')
    assert.ok(found.problems.length > 0, `${found.name}: no problem is reported`)
  // Of an optional package's problems, only the codes are compared: they may be errors or warnings.
  if (found.optional && found.active)
    one.problems = one.problems.map((text) => text.split(' ').at(-1)).sort()
  for (const field of ['ok', 'active', 'complete'])
    if (wanted[field] === 'any') one[field] = wanted[field]
  if (wanted.problems === 'any' || wanted.problems === 'some') one.problems = []
  return one
}

const settled = (wanted) =>
  wanted.map((one) => (Array.isArray(one.problems) ? one : { ...one, problems: [] }))
const failed = ({ error, died }) => error || died
/** utf-8-validate is installed in two versions; only the app's own is ever broken. */
const isOtherVersion = ({ name, via }) => name === 'utf-8-validate' && via[0] === 'websocket'
const label = ({ name, version }) => `${name}@${version}`

const copies = new Map()
after(() => copies.forEach((copy) => copy.remove()))
before(() => installMatrix('small', { log() {} }))

for (const { name, only, layouts: more = [], system, change, node, packages, fails } of breakages) {
  const places = only ?? ['npm11-hoisted', ...more]
  describe(name, () => {
    for (const layout of places.filter((one) => everything || inTests.includes(one))) {
      test(`as ${layout}`, async (t) => {
        const folder = await installed(
          layout,
          fixture('app'),
          system ? layouts[layout].system(system) : {},
        )
        const copy = copies.get(folder) ?? copyOf(undefined, folder)
        copies.set(folder, copy)
        t.after(() => copy.restore())
        await change?.(copy)
        const execPath = node && executable(node)

        // This is tested first, so that a mistake in the table isn't mistaken for one of abi-guard.
        if (everything)
          await t.test('really breaks the named packages', async () => {
            const settings = { layout, execPath }
            const sound = reached.filter((one) => !fails.includes(one.name) || isOtherVersion(one))
            const answers = await requireAll(copy.root, sound, settings)
            assert.deepEqual(answers.filter(failed), [])
            for (const failing of fails) {
              const entry = reached.find((one) => one.name === failing) ?? {
                via: [],
                name: failing,
              }
              const [answer] = await requireAll(copy.root, [entry], settings)
              assert.ok(failed(answer), `${failing} can be required`)
            }
          })

        await t.test('is reported', async () => {
          const report = await scanNodeModules(copy.root, execPath ? { target: { execPath } } : {})
          const wanted = changed(packages)
          const found = rows(report)
            .filter(
              (one) => !(one.name in parents) || one.problems.length > 0 || label(one) in packages,
            )
            .map((one) =>
              comparable(
                one,
                wanted.find((other) => label(other) === label(one)),
              ),
            )
          assert.deepEqual(lines(found), lines(settled(wanted)))
          assert.equal(
            report.ok,
            report.packages.every(({ ok }) => ok),
          )
        })
      })
    }
  })
}
