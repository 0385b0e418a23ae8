// Packages that are installed under another name (`npm:` in a dependency), together with the same
// package under its own name. `npm run layouts -- aliases`
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scanNodeModules } from '../../promises.js'
import { everything } from './chosen.mjs'
import { installed } from './installed.mjs'
import { layouts } from './layouts.mjs'
import { activeFiles, rows } from './observe.mjs'
import { requireAll } from './reality.mjs'

const files = {
  'package.json': {
    name: 'app',
    version: '1.0.0',
    private: true,
    dependencies: {
      bufferutil: '4.1.0',
      crc: 'npm:@node-rs/crc32@1.10.6',
      older: 'npm:bufferutil@4.0.9',
    },
  },
}
/**
 * Replaces the name under which a package is required by the name in its package.json. Chains may
 * have either.
 */
const ownNames = (chain) => chain.replace(/^app > crc$/, 'app > @node-rs/crc32')

describe('packages under another name', () => {
  const few = ['npm11-hoisted', 'pnpm10-isolated', 'yarn4-pnp', 'bun-isolated']
  for (const layout of everything ? Object.keys(layouts) : few) {
    test(`have their own name in the report, installed as ${layout}`, async () => {
      const folder = await installed(layout, files)
      const report = await scanNodeModules(folder)
      const found = rows(report)
        .filter(({ name }) => name !== '@node-rs/crc32' && !name.endsWith('-musl'))
        .map(({ name, version, ok, requiredBy }) => [
          name,
          version,
          ok,
          requiredBy.map(ownNames).join(),
        ])
      assert.deepEqual(found, [
        ['@node-rs/crc32-linux-x64-gnu', '1.10.6', true, 'app > @node-rs/crc32'],
        ['bufferutil', '4.0.9', true, 'app'],
        ['bufferutil', '4.1.0', true, 'app'],
      ])
      const answers = await requireAll(
        folder,
        [
          { via: [], name: 'bufferutil' },
          { via: [], name: 'crc' },
          { via: [], name: 'older' },
        ],
        { layout },
      )
      const opened = answers.flatMap((answer) => answer.opened.map(({ file }) => file))
      assert.deepEqual(opened.sort(), activeFiles(report))
    })
  }
})
