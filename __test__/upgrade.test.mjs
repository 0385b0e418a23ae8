// abi-guard matrix and key: the consequences of an upgrade, compared with real loads; and keys for
// caches.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { cacheKey } from 'abi-guard'
import { executable } from '../scripts/support/matrix/index.mjs'
import { install as installMatrix } from '../scripts/support/matrix/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
const RELEASES = ['18.20.8', '20.20.2', '22.23.3']

function matrixOf(root, words = []) {
  const args = [
    cli,
    'matrix',
    root,
    '--json',
    ...words,
    ...RELEASES.flatMap((version) => ['--target', `node@${version}`]),
  ]
  try {
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  } catch (error) {
    if (error.status !== 1) throw error
    return JSON.parse(error.stdout)
  }
}

/** True if a real Node.js loads the file. */
function loads(file, version) {
  try {
    execFileSync(
      executable(version),
      ['-e', 'process.dlopen({ exports: {} }, process.argv[1])', file],
      {
        stdio: 'ignore',
      },
    )
    return true
  } catch {
    return false
  }
}

suite('abi-guard matrix', {
  skip: (!isLinuxX64 && 'the matrix is for linux-x64') || fullLane,
}, () => {
  let file
  before(async () => {
    await installMatrix('full', { log() {} })
    file = await published('@datadog/pprof', 'argon2')
  })

  test('has the result of a real load in each Node.js', async (t) => {
    const addon = file('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi108.node')
    // It needs a Node-API version that was introduced in 22.14, and kills older releases.
    const newer = file('argon2', 'prebuilds/linux-x64/argon2.glibc.node')
    const root = project(t, {
      'package.json': { dependencies: { tied: '1', newer: '1', prebuilt: '1' } },
      ...withBindings('tied', copyOf(addon)),
      'node_modules/tied/binding.gyp': '{}',
      ...withBindings('newer', copyOf(newer)),
    })
    // A package with a file for each of several releases.
    const source = dirname(dirname(dirname(addon)))
    cpSync(source, join(root, 'node_modules', 'prebuilt'), { recursive: true })
    const { rows, targets, ok } = matrixOf(root)
    assert.equal(ok, false)
    assert.deepEqual(
      targets.map(({ version }) => version),
      RELEASES,
    )
    const states = Object.fromEntries(
      rows.map(({ path, cells }) => [
        path.split('node_modules/').at(-1),
        cells.map(({ state }) => state),
      ]),
    )
    assert.deepEqual(states.tied, ['loads', 'rebuild', 'rebuild'])
    assert.deepEqual(states.newer, ['breaks', 'breaks', 'loads'])
    assert.deepEqual(states.prebuilt, ['loads', 'loads', 'loads'])
    for (const [index, version] of RELEASES.entries()) {
      assert.equal(loads(addon, version), states.tied[index] === 'loads', version)
      assert.equal(loads(newer, version), states.newer[index] === 'loads', version)
    }
  })

  test('distinguishes a package that must be rebuilt from one without a file for the release', async (t) => {
    const addon = file('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi108.node')
    const load = "module.exports = require('node-gyp-build')(__dirname)\n"
    const manifest = {
      name: 'x',
      version: '1.0.0',
      main: 'index.js',
      dependencies: { 'node-gyp-build': '^4.8.0' },
    }
    const root = project(t, {
      'package.json': {},
      'node_modules/x/package.json': manifest,
      'node_modules/x/index.js': load,
      'node_modules/x/prebuilds/linux-x64/x.abi108.node': copyOf(addon),
    })
    const { rows } = matrixOf(root)
    assert.deepEqual(
      rows[0].cells.map(({ state, code }) => [state, code]),
      [
        ['loads', null],
        ['no-prebuild', 'no-matching-prebuild'],
        ['no-prebuild', 'no-matching-prebuild'],
      ],
    )
    const text = execTable(root)
    assert.match(text, /Node\.js 18\s+Node\.js 20/)
    assert.ok(
      text.split('\n').every((line) => line.length <= 80),
      text,
    )
  })

  test('starts at the running Node.js if none is given', (t) => {
    const root = project(t, { 'package.json': {} })
    const { targets } = JSON.parse(
      execFileSync(process.execPath, [cli, 'matrix', root, '--json'], { encoding: 'utf8' }),
    )
    assert.equal(targets[0].version, process.versions.node)
    assert.ok(targets.length > 1)
  })
})

function execTable(root) {
  const args = [
    cli,
    'matrix',
    root,
    ...RELEASES.flatMap((version) => ['--target', `node@${version}`]),
  ]
  try {
    return execFileSync(process.execPath, args, { encoding: 'utf8' })
  } catch (error) {
    return error.stdout
  }
}

suite('cacheKey', () => {
  test('changes only with the lockfile, the ABI and the system', (t) => {
    const root = project(t, {
      'package.json': { name: 'a' },
      'package-lock.json': '{"lockfileVersion": 3}',
    })
    const key = (options) => cacheKey({ directory: root, ...options })
    const plain = key()
    assert.match(plain, /^[\w.-]+$/)
    assert.equal(key(), plain)
    assert.equal(
      execFileSync(process.execPath, [cli, 'key', root], { encoding: 'utf8' }),
      `${plain}\n`,
    )
    writeFileSync(join(root, 'package.json'), '{"name": "b", "scripts": {"test": "x"}}')
    assert.equal(
      key(),
      plain,
      'what stands in package.json beside its dependencies is in no lockfile',
    )
    const others = [
      'node@18',
      'node@22',
      'electron@31',
      'node@20/darwin-arm64',
      'node@20/linux-x64-musl',
    ].map((target) => key({ target }))
    assert.equal(new Set([plain, ...others]).size, 6)
    appendFileSync(join(root, 'package-lock.json'), '\n')
    assert.notEqual(key(), plain)
  })

  test('is the same for a whole workspace', (t) => {
    const root = project(t, { 'package-lock.json': '{}', 'packages/a/package.json': {} })
    assert.equal(
      cacheKey({ directory: join(root, 'packages', 'a') }),
      cacheKey({ directory: root }),
    )
  })

  test('names the folder if it has no lockfile', (t) => {
    const root = project(t, {})
    assert.throws(() => cacheKey({ directory: root }), { code: 'ENOENT', path: root })
    assert.throws(() => cacheKey({ directory: 5 }), { code: 'ERR_INVALID_ARG_TYPE' })
  })
})
