// Packages whose install script must build or download their addon, installed by managers that
// don't run such scripts: npm since version 12 and pnpm since version 10 don't by default, and all
// can be configured so. Then the addon doesn't exist.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scanNodeModules } from '../../promises.js'
import { everything } from './chosen.mjs'
import { fixture, installed } from './installed.mjs'
import { lines, rows } from './observe.mjs'
import { requireAll } from './reality.mjs'

const unbuilt = (name, version, severity, more) => ({
  name,
  version,
  active: null,
  ok: severity === 'warning',
  complete: true,
  problems: [`${severity} not-built`],
  requiredBy: ['unbuilt'],
  ...more,
})

/**
 * Their loaders are node-pre-gyp, bindings with a fallback, paths of several forms, and bindings.
 */
const expected = [
  unbuilt('bcrypt', '5.1.1', 'error'),
  unbuilt('bigint-buffer', '1.1.5', 'warning'),
  unbuilt('cpu-features', '0.0.10', 'error'),
  unbuilt('farmhash', '3.3.1', 'error'),
  unbuilt('fs-ext', '2.1.1', 'error', { dev: true }),
  unbuilt('heapdump', '0.3.15', 'warning', { optional: true }),
  unbuilt('unix-dgram', '2.0.7', 'error'),
]

/**
 * The reason why each manager runs no scripts: its default (`scripts: true`), a setting, or an
 * argument.
 */
const ways = {
  'npm11-hoisted': {},
  'npm12-hoisted': { scripts: true },
  'pnpm10-isolated': { scripts: true },
  'pnpm12-isolated': { scripts: true, settings: { strictDepBuilds: false } },
  'yarn1-hoisted': {},
  'yarn4-pnp': { scripts: true, settings: { enableScripts: false } },
  'yarn4-node-modules': {},
  'bun-isolated': {},
}

describe('packages whose install scripts didn’t run', () => {
  for (const layout of everything
    ? Object.keys(ways)
    : ['npm12-hoisted', 'pnpm10-isolated', 'yarn4-pnp']) {
    test(`are reported, installed as ${layout}`, async () => {
      const folder = await installed(layout, fixture('unbuilt'), ways[layout])

      const wanted = expected.map(({ name }) => ({ via: [], name }))
      const answers = await requireAll(folder, wanted, { layout })
      const failing = answers.filter(({ error }) => error).map(({ name }) => name)
      assert.deepEqual(failing, [
        'bcrypt',
        'cpu-features',
        'farmhash',
        'fs-ext',
        'heapdump',
        'unix-dgram',
      ])

      const report = await scanNodeModules(folder)
      assert.deepEqual(lines(rows(report)), lines(expected))
      assert.equal(report.ok, false)
      const production = await scanNodeModules(folder, { production: true })
      assert.deepEqual(lines(rows(production)), lines(expected.filter(({ dev }) => !dev)))
    })
  }
})
