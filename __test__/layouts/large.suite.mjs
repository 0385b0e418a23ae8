// `npm run layouts -- large`: an app of more than a thousand packages, installed by every manager.
// More than thirty packages are native, and seven of those are compiled. In each layout all of them
// really load, so abi-guard must report none as broken. Then the app is broken in many ways, and
// exactly the broken packages must be reported. The first run downloads and compiles for about ten
// minutes.
import assert from 'node:assert/strict'
import { realpathSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { scanNodeModules } from '../../promises.js'
import { install as installMatrix } from '../../scripts/support/matrix/install.mjs'
import { executable } from '../../scripts/support/matrix/index.mjs'
import { copyOf } from './copy.mjs'
import { largeApp, layouts, reached } from './large.mjs'
import { breakages } from './large-broken.mjs'
import { requireAll } from './reality.mjs'

const codesOf = ({ problems, active }) =>
  [...problems, ...(active?.problems ?? [])]
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)
const key = ({ name, version }) => `${name}@${version}`

/**
 * Requires all packages in one process. If a package kills the process, the rest is required in a
 * new one.
 */
async function requireEach(folder, settings) {
  const answers = []
  let rest = reached
  while (rest.length > 0) {
    const some = await requireAll(folder, rest, settings)
    answers.push(...some)
    rest = rest.slice(some.length)
  }
  return answers
}

/** Asserts that the verdicts of a report are the results of the real loads. */
function assertSame(report, answers) {
  const opened = new Map()
  for (const answer of answers) {
    for (const [index, { file, loaded }] of answer.opened.entries()) {
      // The file that was being opened when the process died.
      opened.set(file, loaded && !(answer.died && index === answer.opened.length - 1))
    }
  }
  const files = report.packages.filter(({ active }) => active).map(({ active }) => active)
  const verdicts = new Map(
    files.map(({ file, outcome }) => [realpathSync(file), outcome === 'loads']),
  )
  const wrong = [...opened].filter(([file, loaded]) => verdicts.get(file) !== loaded)
  assert.deepEqual(wrong, [], 'files that were opened, and whether they loaded')
}

for (const layout of layouts) {
  describe(`the large app, installed as ${layout}`, () => {
    let folder
    let report
    before(async () => {
      folder = await largeApp(layout)
      report = await scanNodeModules(folder)
    })

    test('has no package that is reported as broken', () => {
      const errors = report.packages.flatMap((one) =>
        codesOf(one).map((code) => `${key(one)}: ${code}`),
      )
      assert.deepEqual(errors, [])
      assert.deepEqual([report.ok, report.problems], [true, []])
    })

    test('has no package that is not completely judged', () => {
      assert.deepEqual(report.packages.filter(({ complete }) => !complete).map(key), [])
      assert.ok(report.packages.length >= 33, `${report.packages.length} native packages`)
    })

    test('really loads from the active files', async () => {
      const answers = await requireEach(folder, { layout })
      assert.deepEqual(
        answers.filter(({ error, died }) => error || died),
        [],
      )
      assertSame(report, answers)
    })

    test('names a dependent for every package', () => {
      for (const { name, requiredBy } of report.packages) {
        assert.ok(requiredBy.length > 0, name)
        for (const chain of requiredBy) assert.equal(chain[0], 'large')
      }
    })
  })
}

describe('the large app, broken', () => {
  let copy
  before(async () => {
    await installMatrix('small', { log() {} })
    copy = copyOf(undefined, await largeApp('npm11-hoisted'))
  })
  after(() => copy?.remove())

  for (const { name, change, node, target, broken, blocked } of breakages) {
    test(name, async (t) => {
      const one = blocked ? copyOf(t, await largeApp('npm11-hoisted', { scripts: false })) : copy
      t.after(() => one.restore())
      await change?.(one)
      const execPath = node && executable(node)
      const report = await scanNodeModules(
        one.root,
        target ? { target } : execPath ? { target: { execPath } } : {},
      )

      const found = report.packages
        .filter(({ ok }) => !ok)
        .map((one) => [one.name, codesOf(one).sort().join(' ')])
      assert.deepEqual(Object.fromEntries(found), broken)
      assert.equal(report.ok, Object.keys(broken).length === 0)
      if (!target)
        assertSame(report, await requireEach(one.root, { layout: 'npm11-hoisted', execPath }))
    })
  }
})
