// A repository of several workspaces, installed by every manager. It is scanned as a whole, and
// each workspace is scanned alone: its packages may then be in the node_modules of a parent folder,
// or in the map of Plug'n'Play there. `npm run layouts -- workspaces`
import assert from 'node:assert/strict'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { scanNodeModules } from '../../promises.js'
import { everything } from './chosen.mjs'
import { byName, fine } from './expected.mjs'
import { installed } from './installed.mjs'
import { layouts } from './layouts.mjs'
import { activeFiles, lines, rows } from './observe.mjs'
import { requireAll } from './reality.mjs'

const manifest = (name, more) => ({ name, version: '1.0.0', private: true, ...more })
const files = {
  'package.json': manifest('root', {
    workspaces: ['packages/*'],
    dependencies: { 'crc-native': '1.1.8' },
    devDependencies: { rollup: '4.53.3' },
  }),
  'packages/a/package.json': manifest('@ws/a', {
    dependencies: { '@ws/b': '1.0.0', bcrypt: '6.0.0' },
  }),
  'packages/b/package.json': manifest('@ws/b', {
    dependencies: { bufferutil: '4.1.0' },
    optionalDependencies: { 'utf-8-validate': '6.0.5' },
  }),
  'packages/c/package.json': manifest('@ws/c', {
    dependencies: { bufferutil: '4.0.9' },
    devDependencies: { '@node-rs/crc32': '1.10.6' },
  }),
}
/**
 * @ws/a depends on @ws/b by its version: npm and Yarn then use the workspace, pnpm if it is
 * configured to.
 */
const settings = (layout) =>
  layout.startsWith('pnpm') ? { linkWorkspacePackages: true } : undefined

const crc32 = (chain, suffix = 'linux-x64-gnu', active = 'crc32.linux-x64-gnu.node', more = {}) =>
  fine(`@node-rs/crc32-${suffix}`, '1.10.6', active, [`${chain} > @node-rs/crc32`], {
    dev: true,
    ...more,
  })
const rollup = (suffix = 'linux-x64-gnu', active = 'rollup.linux-x64-gnu.node', more = {}) =>
  fine(`@rollup/rollup-${suffix}`, '4.53.3', active, ['root > rollup'], { dev: true, ...more })
const bcrypt = (chain) => fine('bcrypt', '6.0.0', 'prebuilds/linux-x64/bcrypt.glibc.node', [chain])
const bufferutil = (version, chain) =>
  fine(
    'bufferutil',
    version,
    version === '4.1.0' ? 'prebuilds/linux-x64/bufferutil.node' : oldBufferutil,
    [chain],
  )
const oldBufferutil = 'prebuilds/linux-x64/bufferutil.node'
const validate = (chain) =>
  fine('utf-8-validate', '6.0.5', 'prebuilds/linux-x64/utf-8-validate.node', [chain], {
    optional: true,
  })

/** Yarn 1 doesn't know the field `libc` and installs these, too. */
const forMusl = (layout, ...list) => (layout.startsWith('yarn1') ? list : [])

const expected = {
  '.': (layout) => [
    crc32('root > @ws/c'),
    rollup(),
    bcrypt('root > @ws/a'),
    bufferutil('4.0.9', 'root > @ws/c'),
    bufferutil('4.1.0', 'root > @ws/b'),
    fine('crc-native', '1.1.8', 'prebuilds/linux-x64/crc-native.node', ['root']),
    validate('root > @ws/b'),
    ...forMusl(
      layout,
      crc32('root > @ws/c', 'linux-x64-musl', null, { optional: true }),
      rollup('linux-x64-musl', null, { optional: true }),
    ),
  ],
  'packages/a': () => [
    bcrypt('@ws/a'),
    bufferutil('4.1.0', '@ws/a > @ws/b'),
    validate('@ws/a > @ws/b'),
  ],
  'packages/b': () => [bufferutil('4.1.0', '@ws/b'), validate('@ws/b')],
  'packages/c': (layout) => [
    crc32('@ws/c'),
    bufferutil('4.0.9', '@ws/c'),
    ...forMusl(layout, crc32('@ws/c', 'linux-x64-musl', null, { optional: true })),
  ],
}
/** Packages whose addon is in a platform package: they may be listed without a problem. */
const parents = ['@node-rs/crc32', 'rollup']

const reached = {
  '.': [
    { via: [], name: 'crc-native' },
    { via: [], name: 'rollup' },
  ],
  'packages/a': [
    { via: [], name: 'bcrypt' },
    { via: ['@ws/b'], name: 'bufferutil' },
    { via: ['@ws/b'], name: 'utf-8-validate' },
  ],
  'packages/b': [
    { via: [], name: 'bufferutil' },
    { via: [], name: 'utf-8-validate' },
  ],
  'packages/c': [
    { via: [], name: 'bufferutil' },
    { via: [], name: '@node-rs/crc32' },
  ],
}

/**
 * pnpm's map names workspaces in a form that its reader doesn't find, so they can require nothing.
 */
const all = Object.keys(layouts).filter((layout) => layout !== 'pnpm10-pnp')
const few = ['npm11-hoisted', 'pnpm10-isolated', 'yarn1-hoisted', 'yarn4-pnp', 'bun-isolated']
for (const layout of everything ? all : few) {
  describe(`workspaces, installed as ${layout}`, () => {
    let root
    before(async () => {
      root = realpathSync(await installed(layout, files, { settings: settings(layout) }))
    })
    const found = (report) =>
      rows(report).filter(({ name, problems }) => !parents.includes(name) || problems.length)

    for (const [place, wanted] of Object.entries(expected)) {
      const what = place === '.' ? 'the whole repository' : `${place} alone`
      test(`${what} has the expected packages`, async () => {
        const report = await scanNodeModules(join(root, place))
        assert.deepEqual(lines(found(report)), lines(wanted(layout).sort(byName)))
        assert.deepEqual([report.ok, report.complete, report.problems], [true, true, []])
      })
    }

    test('each workspace really opens the active files', async () => {
      for (const [place, list] of Object.entries(reached)) {
        const pnp = layouts[layout].pnp ? join(root, '.pnp.cjs') : undefined
        const answers = await requireAll(join(root, place), list, { layout, pnp })
        assert.deepEqual(
          answers.filter(({ error, died }) => error || died),
          [],
          place,
        )
        if (place === '.') continue // The whole repository's report also has the workspaces' own packages.
        const opened = new Set(answers.flatMap((answer) => answer.opened.map(({ file }) => file)))
        assert.deepEqual(
          [...opened].sort(),
          [...new Set(activeFiles(await scanNodeModules(join(root, place))))],
          place,
        )
      }
    })

    test('without development packages, lack those that only they need', async () => {
      const report = await scanNodeModules(root, { production: true })
      const names = found(report).map(({ name }) => name)
      assert.deepEqual(names, [
        'bcrypt',
        'bufferutil',
        'bufferutil',
        'crc-native',
        'utf-8-validate',
      ])
    })
  })
}
