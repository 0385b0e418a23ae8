// The same small app, installed by every package manager in every layout, gives the same report.
// `npm run layouts -- same` tests all layouts, `npm run test:full` some.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { scanNodeModules } from '../../promises.js'
import { besides, byName, expected, parents, reached } from './expected.mjs'
import { fixture, installed } from './installed.mjs'
import { activeFiles, lines, rows } from './observe.mjs'
import { requireAll } from './reality.mjs'
import { chosen } from './chosen.mjs'

for (const layout of chosen) {
  describe(`the small app, installed as ${layout}`, () => {
    let folder
    let report
    before(async () => {
      folder = await installed(layout, fixture('app'))
      report = await scanNodeModules(folder)
    })

    test('has the expected native packages', () => {
      const found = rows(report).filter(({ name }) => !(name in parents))
      assert.deepEqual(lines(found), lines([...expected, ...(besides[layout] ?? [])].sort(byName)))
      assert.deepEqual([report.ok, report.complete, report.problems], [true, true, []])
    })

    test('reports no problem for a package with its addon in a platform package', () => {
      for (const { name, ok, complete, problems, optional, dev, requiredBy } of rows(report)) {
        if (!(name in parents)) continue
        const found = { ok, complete, problems, optional, dev, requiredBy }
        assert.deepEqual(found, { ok: true, complete: true, problems: [], ...parents[name] }, name)
      }
    })

    test('without development packages, lacks those that only they need', async () => {
      const production = await scanNodeModules(folder, { production: true })
      const names = ({ packages }) =>
        packages.map(({ name }) => name).filter((name) => !(name in parents))
      assert.deepEqual(
        names(production),
        names(report).filter((name) => !name.includes('rollup')),
      )
    })

    test('opens exactly the active files', async () => {
      const answers = await requireAll(folder, reached, { layout })
      assert.deepEqual(
        answers.filter(({ error, died }) => error || died),
        [],
      )
      const opened = answers.flatMap((answer) => answer.opened.map(({ file }) => file))
      assert.deepEqual([...new Set(opened)].sort(), [...new Set(activeFiles(report))])
    })
  })
}
