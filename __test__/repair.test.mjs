// abi-guard fix in real projects: real package managers install them for one Node.js, they are
// fixed with another, and real loads test the result.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { install as installMatrix } from '../scripts/support/matrix/install.mjs'
import { snapshot } from './hostile/repair.mjs'
import { write } from './layouts/installed.mjs'
import { byHand, fullLane, isAll } from '../scripts/support/lane.mjs'
import { abiGuard, installedFor, loadedAbi, managers } from './repair/project.mjs'
import { killAt } from './repair/kill.mjs'
import { PACKAGE, installedElsewhere, managers as platforms } from './repair/platform.mjs'
import { withoutCompiler } from './repair/path.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

/** All package managers with ABI_GUARD_TEST=all, otherwise one of each kind. */
const tried = isAll ? Object.keys(managers) : ['npm10', 'yarn1', 'yarn4', 'pnpm10']
const OLD = '18.20.8'
const OLD_ABI = 108

/** The ABIs of the releases with which repairs run. */
const ABIS = { '20.20.2': 115, '22.23.3': 127 }

/** The files that a repair left in a project. */
const leftIn = (folder) => readdirSync(folder).filter((name) => name.startsWith('.abi-guard'))

const yarnWith = (settings) => ({
  '.yarnrc.yml': `nodeLinker: node-modules\nenableGlobalCache: false\nenableImmutableInstalls: false\n${settings}`,
})

/**
 * The settings that prevent install scripts: the manager, a description, and the project with the
 * setting.
 */
const blocked = [
  [
    'npm10',
    'ignore-scripts is set',
    { files: { '.npmrc': 'ignore-scripts=true\n' }, always: true },
  ],
  ['npm12', 'it is not approved', { manifest: { allowScripts: undefined } }],
  [
    'pnpm10',
    'it is not approved',
    { files: { 'pnpm-workspace.yaml': 'sideEffectsCache: false\n' }, always: true },
  ],
  [
    'pnpm12',
    'it is not approved',
    { files: { 'pnpm-workspace.yaml': 'sideEffectsCache: false\n' }, fails: true },
  ],
  ['yarn4', 'scripts are off by default', { files: yarnWith('') }],
  ['yarn4', 'scripts are switched off', { files: yarnWith('enableScripts: false\n') }],
  ['bun', 'it is not trusted', { manifest: { trustedDependencies: [] } }],
]

suite('repairs', {
  skip: (!isLinuxX64 && 'the matrix is for linux-x64') || fullLane,
  concurrency: 2,
}, async () => {
  if (!isLinuxX64) return
  await installMatrix('full', { log() {} })

  for (const manager of tried) {
    test(`${manager} rebuilds an addon for the Node.js that runs`, async () => {
      const node = managers[manager].node ?? '20.20.2'
      const { folder, remove } = await installedFor(manager, { built: OLD })
      try {
        assert.match(String(loadedAbi(folder, node)), /NODE_MODULE_VERSION 108/)
        const manifest = readFileSync(join(folder, 'package.json'), 'utf8')
        const shown = await abiGuard(manager, ['fix', '--dry-run'], { node, folder })
        assert.equal(shown.code, 1, shown.output)
        const words = shown.output.replace(/\s+/g, ' ')
        assert.match(
          words,
          /Node\.js was upgraded since it was installed: it was built for Node\.js 18/,
        )
        assert.match(
          String(loadedAbi(folder, node)),
          /NODE_MODULE_VERSION 108/,
          'a dry run changes nothing',
        )
        const { code, output } = await abiGuard(manager, ['fix', '--yes'], { node, folder })
        assert.equal(code, 0, output)
        assert.equal(loadedAbi(folder, node), ABIS[node])
        assert.equal(readFileSync(join(folder, 'package.json'), 'utf8'), manifest)
        assert.deepEqual(leftIn(folder), [], 'nothing is left behind')
        const again = await abiGuard(manager, ['fix'], { node, folder })
        assert.equal(again.code, 0, again.output)
      } finally {
        remove()
      }
    })
  }

  for (const [manager, what, more] of blocked.filter(([, , { always }]) => isAll || always)) {
    test(`${manager} runs a script although ${what}`, async () => {
      const node = managers[manager].node ?? '20.20.2'
      const { folder, remove } = await installedFor(manager, { built: node, ...more })
      try {
        assert.match(String(loadedAbi(folder, node)), /Cannot find module/)
        const { code, output } = await abiGuard(manager, ['fix', '--yes'], { node, folder })
        assert.equal(code, 0, output)
        assert.equal(loadedAbi(folder, node), ABIS[node])
      } finally {
        remove()
      }
    })
  }

  const elsewhere = platforms.map((manager) => [manager, false]).concat([['npm10', true]])
  for (const [manager, forgets] of elsewhere.filter(([, forgets]) => isAll || forgets)) {
    const lockfile = forgets ? ' and its lockfile forgets this system' : ''
    test(`${manager} replaces the packages of another system by those for this one${lockfile}`, async () => {
      const node = managers[manager].node ?? '20.20.2'
      const { folder, remove } = await installedElsewhere(manager, { node, forgets })
      try {
        assert.match(String(loadedAbi(folder, node, PACKAGE)), /Cannot find|Failed to load/)
        const { code, output } = await abiGuard(manager, ['fix', '--yes'], { node, folder })
        assert.equal(code, 0, output)
        // The addon doesn't export its ABI, so this only tests that it loads.
        assert.ok(Number.isNaN(loadedAbi(folder, node, PACKAGE)))
      } finally {
        remove()
      }
    })
  }

  test('a package of the registry is compiled from its source', async () => {
    const name = 'unix-dgram'
    const { folder, remove } = await installedFor('npm10', {
      built: OLD,
      dependency: { [name]: '2.0.7' },
    })
    try {
      const { code, output } = await abiGuard('npm10', ['fix', '--yes'], { folder })
      assert.equal(code, 0, output)
      // The addon doesn't export its ABI, so this only tests that it loads.
      assert.doesNotMatch(String(loadedAbi(folder, '20.20.2', name)), /NODE_MODULE_VERSION/)
    } finally {
      remove()
    }
  })

  test('nothing is changed if the user doesn’t agree', async () => {
    const { folder, remove } = await installedFor('npm10', { built: OLD })
    try {
      const { code, output } = await abiGuard('npm10', ['fix'], { folder })
      assert.equal(code, 1)
      assert.match(output, /Use --yes to agree/)
      assert.equal(loadedAbi(folder, OLD), OLD_ABI)
    } finally {
      remove()
    }
  })

  test('without a compiler the old file is kept, and the missing tool is named', async () => {
    const { folder, remove } = await installedFor('npm10', { built: OLD })
    try {
      const { code, output } = await abiGuard('npm10', ['fix', '--yes'], {
        folder,
        path: withoutCompiler(folder),
      })
      assert.equal(code, 1, output)
      assert.match(output, /make is missing, which node-gyp needs/)
      assert.match(output, /Install make and a C\+\+ compiler/)
      assert.match(output, /could not be fixed were restored/)
      assert.equal(loadedAbi(folder, OLD), OLD_ABI)
      assert.deepEqual(readdirSync(folder).sort(), [
        'node_modules',
        'package-lock.json',
        'package.json',
      ])
    } finally {
      remove()
    }
  })

  test('a package that can be fixed is fixed, and another one and an extraneous one are restored', async () => {
    // Prints more than the buffer of a pipe holds.
    const other = `node -e "if(process.versions.modules!=='${OLD_ABI}'){console.log('x '.repeat(300000));process.exit(1)}"`
    const { folder, remove } = await installedFor('npm10', { built: OLD, other })
    const modules = join(folder, 'node_modules')
    try {
      write(modules, { 'extra/package.json': { name: 'extra', version: '1.0.0' } })
      const { code, output } = await abiGuard('npm10', ['fix', '--yes'], { folder })
      assert.equal(code, 1, output)
      assert.match(output, /Packages that could not be fixed were restored/)
      assert.equal(loadedAbi(folder, '20.20.2'), 115)
      assert.equal(loadedAbi(folder, OLD, 'other-addon'), OLD_ABI)
      assert.ok(existsSync(join(modules, 'extra', 'package.json')))
      assert.deepEqual(leftIn(folder), [])
    } finally {
      remove()
    }
  })

  const deleting = `node -e "if(process.versions.modules!=='${OLD_ABI}')for(const n of ['extra','tiny-v8-addon','other-addon'])fs.rmSync('../'+n,{recursive:true,force:true})"`
  test('packages that an install script deletes are restored', { skip: byHand }, async () => {
    const { folder, remove } = await installedFor('npm10', { built: OLD, other: deleting })
    try {
      write(join(folder, 'node_modules'), {
        'extra/package.json': { name: 'extra', version: '1.0.0' },
      })
      const names = () => readdirSync(join(folder, 'node_modules')).sort()
      const before = names()
      const { code, output } = await abiGuard(
        'npm10',
        ['fix', '--yes', '--include', 'other-addon'],
        {
          folder,
        },
      )
      assert.equal(code, 1, output)
      assert.deepEqual(names(), before)
      assert.equal(loadedAbi(folder, OLD), OLD_ABI)
    } finally {
      remove()
    }
  })

  // The script appends to its own file and to a neighbor's, in place. The paths are those of both
  // managers' layouts.
  const appending = `node -e "if(process.versions.modules!=='${OLD_ABI}')for(const f of ['index.js','../plain-neighbor/index.js','../../../../plain-neighbor/index.js'])if(fs.existsSync(f))fs.appendFileSync(f,'//CHANGED')"`
  const failing = `${appending} && node -e "process.exit(process.versions.modules==='${OLD_ABI}'?0:1)"`
  for (const manager of ['npm10', 'pnpm10', 'pnpm12', 'bun']) {
    test(`a script that ${manager} runs writes in place doesn’t change the store or another project`, {
      skip: byHand,
    }, async () => {
      const made = []
      // The store remains after the test, so the name must be unique.
      const plain = randomUUID()
      try {
        for (const other of [failing, failing, appending, appending])
          made.push(
            await installedFor(manager, { built: OLD, other, plain, fails: manager === 'pnpm12' }),
          )
        const [app, twin, good, witness] = made.map(({ folder }) => folder)
        // The files that the installation changes are restored as copies.
        const exactly = (folder) => [
          snapshot(folder),
          snapshot(join(folder, 'node_modules'), {
            inodes: true,
            leaveOut: (name) => /^\.(modules\.yaml|package-lock\.json)$/.test(name),
          }),
        ]
        const before = { app: exactly(app), twin: snapshot(twin), witness: snapshot(witness) }
        if (/pnpm|bun/.test(manager)) {
          const inodeIn = (folder) =>
            statSync(join(folder, 'node_modules', 'plain-neighbor', 'index.js')).ino
          // The manager always copies packages with scripts.
          assert.equal(inodeIn(app), inodeIn(twin), 'both share the store')
        }
        const failed = await abiGuard(manager, ['fix', '--yes', '--include', 'other-addon'], {
          folder: app,
        })
        assert.equal(failed.code, 1, failed.output)
        assert.match(failed.output, /Packages that could not be fixed were restored/)
        assert.deepEqual(exactly(app), before.app)
        assert.deepEqual(snapshot(twin), before.twin)
        const fixed = await abiGuard(manager, ['fix', '--yes'], { folder: good })
        assert.equal(fixed.code, 0, fixed.output)
        assert.equal(loadedAbi(good, '20.20.2', 'other-addon'), 115)
        const text = (folder, name) =>
          readFileSync(join(folder, 'node_modules', name, 'index.js'), 'utf8')
        for (const name of ['other-addon', 'plain-neighbor']) {
          assert.match(text(good, name), /CHANGED/)
          assert.doesNotMatch(text(witness, name), /CHANGED/)
        }
        assert.deepEqual(snapshot(witness), before.witness)
      } finally {
        for (const { remove } of made) remove()
      }
    })
  }

  test('of two repairs at once, one succeeds and the other reports it', async () => {
    const { folder, remove } = await installedFor('npm10', { built: OLD })
    try {
      const both = await Promise.all(
        [1, 2].map(() => abiGuard('npm10', ['fix', '--yes'], { folder })),
      )
      const [done, refused] = both.sort((a, b) => a.code - b.code)
      assert.equal(done.code, 0, done.output)
      assert.equal(refused.code, 2, refused.output)
      assert.match(refused.output, /another repair of .* is running/)
      assert.equal(loadedAbi(folder, '20.20.2'), 115)
      assert.deepEqual(leftIn(folder), [])
    } finally {
      remove()
    }
  })

  const moments = isAll ? Array.from({ length: 10 }, (_, index) => 150 + index * 330) : [500, 1500]
  for (const who of ['the command', 'the command and its guardian', 'the guardian']) {
    test(`killing ${who} at any moment leaves at least the old addon`, async () => {
      for (const moment of moments) {
        const { folder, remove } = await installedFor('npm10', { built: OLD })
        try {
          await killAt(moment + Math.random() * 300, who, 'npm10', { folder })
          const found = [loadedAbi(folder, OLD), loadedAbi(folder, '20.20.2')]
          if (!found.includes(OLD_ABI) && !found.includes(115)) {
            // If both processes are killed at once, nothing restores the backup; it is kept, and a
            // scan reports it.
            assert.equal(who, 'the command and its guardian', `${moment} ms: ${found}`)
            const { output } = await abiGuard('npm10', ['scan'], { folder })
            assert.match(output.replace(/\s+/g, ' '), /a repair was interrupted/)
          }
          // In all cases, the next repair succeeds.
          const { code, output } = await abiGuard('npm10', ['fix', '--yes'], { folder })
          assert.equal(code, 0, output)
          assert.equal(loadedAbi(folder, '20.20.2'), 115)
          assert.deepEqual(leftIn(folder), [])
        } finally {
          remove()
        }
      }
    })
  }
})
