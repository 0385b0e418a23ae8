// The index of the guard (src/check/index): what it saves, who may believe it, and that it is never
// the cause of a wrong report or of an error. guard-index/steps.mjs changes projects at random.
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { assertNodeModules, scanNodeModules } from '../index.js'
import { compile, compiler } from './fixtures/compile.mjs'
import { run } from './guard-index/steps.mjs'
import { copyOf, project, withBindings } from './support/project.mjs'
import { isFast } from '../scripts/support/lane.mjs'

const require = createRequire(import.meta.url)
const { jobOf } = require('../lib/guard.js')
const { unwrap } = require('../lib/request.js')
const root = fileURLToPath(new URL('..', import.meta.url))
const skip = (process.platform === 'win32' || !compiler()) && 'needs gcc, and files with inodes'

/** Longer than a step of the clock of file times: what is younger isn't put into an index. */
const settle = () => sleep(30)

const ask = (folder, { byIndex = true, whole = true, ...options } = {}) => {
  const scan = {
    target: { execPath: process.execPath },
    production: true,
    strict: false,
    ...options,
  }
  return unwrap(jobOf(folder, scan, { byIndex, whole }).run())
}
/** True if an answer came from the index. */
const isKnown = ({ report }) => report.stats.milliseconds === 0
const timeless = ({ report, ...rest }) => ({
  ...rest,
  report: { ...report, stats: { ...report.stats, milliseconds: 0 } },
})
const indexFolder = (folder) => join(folder, 'node_modules/.cache/abi-guard')
const indexes = (folder) =>
  existsSync(indexFolder(folder)) ? readdirSync(indexFolder(folder)) : []
const indexFile = (folder) => join(indexFolder(folder), indexes(folder)[0])

/** Starts an app with the guard, and returns what it printed. */
function start(folder, env = {}) {
  const args = ['-r', join(root, 'register.js'), join(folder, 'main.js')]
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, NODE_DEBUG: 'abi-guard', ...env },
  })
  return { status, signal, stdout, stderr }
}

describe('the index of the guard', { skip }, () => {
  let good, bad
  before(async () => {
    good = copyOf(await compile('good', { NAPISYM: true }))
    bad = copyOf(await compile('bad', { CTOR: 93, NO_EXPORTS: true }))
  })
  const app = (t, addon = good) =>
    project(t, {
      'package.json': { name: 'app', dependencies: { native: '1.2.3', plain: '1' } },
      'main.js': 'console.log("started")\n',
      'node_modules/plain/package.json': { name: 'plain', version: '1.0.0' },
      'node_modules/plain/lib/deep/index.js': '',
      ...withBindings('native', addon),
    })
  /** An app whose index is written. */
  const known = async (t, addon) => {
    const folder = app(t, addon)
    await settle()
    ask(folder)
    assert.ok(isKnown(ask(folder)))
    return folder
  }

  for (const state of ['good', 'bad'])
    test(`a second start of a ${state} app asks, and scans nothing`, async (t) => {
      const folder = app(t, state === 'good' ? good : bad)
      await settle()
      const first = ask(folder)
      assert.ok(!isKnown(first))
      const second = ask(folder)
      assert.ok(isKnown(second))
      assert.deepEqual(timeless(second), timeless(first))
      assert.equal(first.ok, state === 'good')
      const short = ask(folder, { whole: false })
      assert.equal(short.report === null, first.ok)
      assert.equal(short.packages, first.report.packages.length)
      assert.deepEqual(short.target, first.target)
    })

  test('what has just changed is not kept', (t) => {
    const folder = app(t)
    ask(folder)
    writeFileSync(join(folder, 'node_modules/native/index.js'), 'module.exports = 1\n')
    ask(folder)
    assert.deepEqual(indexes(folder), [])
  })

  test('each way to ask has its own index, and the oldest are deleted', async (t) => {
    const folder = await known(t)
    assert.ok(!isKnown(ask(folder, { strict: true })))
    assert.ok(isKnown(ask(folder, { strict: true })))
    assert.ok(isKnown(ask(folder)))
    assert.equal(indexes(folder).length, 2)
    for (let number = 0; number < 12; number++) ask(folder, { ignore: [`x${number}`] })
    assert.equal(indexes(folder).length, 8)
  })

  test('files in the project that mean nothing to it cost no scan', async (t) => {
    const folder = await known(t)
    writeFileSync(join(folder, 'log.txt'), 'x')
    mkdirSync(join(folder, '.idea'))
    assert.ok(isKnown(ask(folder)))
    mkdirSync(join(folder, 'uploads'))
    assert.ok(!isKnown(ask(folder)))
  })

  test('the one thing that it does not see is seen when it is loaded', async (t) => {
    const folder = await known(t)
    const deep = join(folder, 'node_modules/plain/lib/deep/x.node')
    cpSync(bad.file, deep)
    assert.ok(isKnown(ask(folder)))
    assert.ok(!ask(folder, { byIndex: false }).ok)
    writeFileSync(join(folder, 'main.js'), `require(${JSON.stringify(deep)})\n`)
    const { status, stderr } = start(folder)
    assert.equal(status, 1)
    assert.match(stderr, /NODE_MODULE_VERSION 93/)
  })

  test('ABI_GUARD_INDEX=off writes none', async (t) => {
    const folder = app(t)
    await settle()
    for (const value of ['off', '0', 'false', 'No']) {
      const { status, stdout } = start(folder, { ABI_GUARD_INDEX: value })
      assert.deepEqual([status, stdout], [0, 'started\n'])
    }
    assert.deepEqual(indexes(folder), [])
    start(folder)
    assert.equal(indexes(folder).length, 1)
  })

  test('the node_modules of a stranger are not believed', async (t) => {
    const folder = await known(t)
    const before = indexes(folder)
    const times = before.map((name) => statSync(join(indexFolder(folder), name)).mtimeMs)
    const cli = ['scan', 'check'].map((command) => {
      const operand = command === 'scan' ? folder : join(folder, 'node_modules/native')
      return spawnSync(process.execPath, [join(root, 'cli.js'), command, operand]).status
    })
    assert.deepEqual(cli, [0, 0])
    assert.notEqual(scanNodeModules(folder).stats.milliseconds, 0)
    // This process runs the code of abi-guard's own tests, not that of the app.
    assert.notEqual(assertNodeModules(folder).stats.milliseconds, 0)
    assert.deepEqual(indexes(folder), before)
    const after = before.map((name) => statSync(join(indexFolder(folder), name)).mtimeMs)
    assert.deepEqual(after, times)
  })

  test('the app itself is believed, also by assertNodeModules', async (t) => {
    const folder = app(t)
    const script = `
      const { assertNodeModules } = require(${JSON.stringify(root)})
      const times = [undefined, __dirname, __dirname].map((folder) =>
        assertNodeModules(folder).stats.milliseconds === 0)
      console.log(times.join())`
    writeFileSync(join(folder, 'main.js'), script)
    await settle()
    const run = () =>
      execFileSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8' }).trim()
    assert.equal(run(), 'false,true,true')
    assert.equal(run(), 'true,true,true')
  })

  test('an index that somebody else made, or that is damaged, is not believed', async (t) => {
    const folder = await known(t)
    const file = indexFile(folder)
    const whole = readFileSync(file)
    const other = await known(t)
    const others = readFileSync(indexFile(other))
    const flipped = Buffer.from(whole)
    flipped[whole.length >> 1] ^= 1
    const damaged = {
      empty: Buffer.alloc(0),
      zeros: Buffer.alloc(whole.length),
      half: whole.subarray(0, whole.length >> 1),
      longer: Buffer.concat([whole, Buffer.alloc(1)]),
      flipped,
      'of another format': Buffer.concat([Buffer.from('abiguarX'), whole.subarray(8)]),
      'of another project': others,
    }
    for (const [name, bytes] of Object.entries(damaged)) {
      writeFileSync(file, bytes)
      const answer = ask(folder)
      assert.ok(!isKnown(answer) && answer.ok, name)
      assert.ok(isKnown(ask(folder)), `${name}: written again`)
    }
    chmodSync(file, 0o666)
    assert.ok(!isKnown(ask(folder)), 'others could have written it')
    rmSync(file)
    writeFileSync(join(folder, 'elsewhere'), whole)
    symlinkSync(join(folder, 'elsewhere'), file)
    assert.ok(!isKnown(ask(folder)), 'a link')
    if (process.getuid() !== 0) return
    ask(folder)
    chownSync(file, 12345, 12345)
    assert.ok(!isKnown(ask(folder)), 'of another user')
    chownSync(join(folder, 'node_modules'), 12345, 12345)
    rmSync(join(folder, 'node_modules/.cache'), { recursive: true })
    ask(folder)
    assert.deepEqual(indexes(folder), [], 'root writes nothing into the folder of a user')
  })

  test('a folder that comes out of an archive has no index', async (t) => {
    const folder = await known(t)
    const archive = `${folder}.tar`
    t.after(() => rmSync(archive, { force: true }))
    execFileSync('tar', ['-cpf', archive, '-C', folder, '.'])
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
    execFileSync('tar', ['-xpf', archive, '-C', folder])
    await settle()
    assert.equal(indexes(folder).length, 1)
    assert.ok(!isKnown(ask(folder)))
    assert.ok(isKnown(ask(folder)))
  })

  test('where it cannot be written, the guard scans', async (t) => {
    const folder = app(t)
    writeFileSync(join(folder, 'node_modules/.cache'), 'a file')
    await settle()
    for (let run = 0; run < 2; run++) assert.ok(!isKnown(ask(folder)))
    rmSync(join(folder, 'node_modules/.cache'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'node_modules/.cache'))
    mkdirSync(join(folder, 'elsewhere'))
    ask(folder)
    assert.deepEqual(readdirSync(join(folder, 'elsewhere')), [])
    rmSync(join(folder, 'node_modules/.cache'))
    // A file of at most 512 bytes, as on a full disk.
    const args = ['-c', `ulimit -f 1; exec "$0" -r "$1" "$2"`, process.execPath]
    const script = [join(root, 'register.js'), join(folder, 'main.js')]
    assert.equal(execFileSync('bash', [...args, ...script], { encoding: 'utf8' }), 'started\n')
    assert.deepEqual(indexes(folder), [])
  })

  test('the permissions of Node.js are kept', async (t) => {
    const [major] = process.versions.node.split('.').map(Number)
    if (major < 20) return t.skip('Node.js 20 or newer')
    const folder = app(t)
    await settle()
    const flag = major < 23 ? '--experimental-permission' : '--permission'
    const args = [flag, '--allow-addons', '--allow-fs-read=*', '-r', join(root, 'register.js')]
    execFileSync(process.execPath, [...args, join(folder, 'main.js')], { stdio: 'pipe' })
    assert.deepEqual(indexes(folder), [])
    const may = [...args.slice(0, 3), '--allow-fs-write=*', ...args.slice(3)]
    execFileSync(process.execPath, [...may, join(folder, 'main.js')], { stdio: 'pipe' })
    assert.equal(indexes(folder).length, 1)
    return undefined
  })

  test('many processes at once, some of them killed', async (t) => {
    const folder = app(t)
    await settle()
    const execute = promisify(execFile)
    const args = ['-r', join(root, 'register.js'), join(folder, 'main.js')]
    const once = async () => (await execute(process.execPath, args)).stdout
    const killed = async (index) => {
      const child = spawn(process.execPath, args, { stdio: 'ignore' })
      await sleep(30 + 5 * index)
      child.kill('SIGKILL')
    }
    for (let round = 0; round < 3; round++) {
      rmSync(indexFolder(folder), { recursive: true, force: true })
      const all = [0, 1, 2, 3].flatMap((index) => [once(), killed(index + 4 * round)])
      const printed = (await Promise.all(all)).filter((text) => text !== undefined)
      assert.deepEqual(printed, Array(4).fill('started\n'))
    }
    ask(folder)
    assert.ok(isKnown(ask(folder)))
    // What a killed process left behind is deleted some time later.
    const left = join(indexFolder(folder), 'x.index.0123456789abcdef.tmp')
    writeFileSync(left, '')
    utimesSync(left, new Date(0), new Date(0))
    ask(folder, { ignore: ['y'] })
    assert.ok(!existsSync(left))
  })

  test('an installation hook writes it for the first start', async (t) => {
    const folder = app(t)
    // Without a lockfile, the package manager is the one that runs the hook.
    writeFileSync(join(folder, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }')
    await settle()
    const env = { ...process.env, npm_lifecycle_event: 'postinstall', INIT_CWD: folder }
    env.npm_config_user_agent = 'npm/11.0.0 node/v20.0.0 linux x64'
    execFileSync(process.execPath, [join(root, 'cli.js')], { cwd: folder, env })
    assert.equal(indexes(folder).length, 1)
    assert.ok(isKnown(ask(folder)))
    start(folder)
    assert.equal(indexes(folder).length, 1, 'the start asks as the hook did')
  })

  test('an app that moves is another app', async (t) => {
    const folder = await known(t)
    const moved = join(folder, '..', `${folder.split('/').at(-1)}-moved`)
    renameSync(folder, moved)
    t.after(() => rmSync(moved, { recursive: true, force: true }))
    assert.ok(!isKnown(ask(moved)))
    assert.ok(isKnown(ask(moved)))
  })

  const mounts = fileURLToPath(new URL('guard-index/mounts.mjs', import.meta.url))
  const canMount =
    spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
  test('layers of a container, and read-only folders', {
    skip: !canMount && 'needs user namespaces',
  }, async (t) => {
    const base = project(t)
    cpSync(app(t), join(base, 'app'), { recursive: true })
    await settle()
    const args = ['-rm', process.execPath, mounts, join(base, 'app'), bad.file]
    const results = JSON.parse(execFileSync('unshare', args, { encoding: 'utf8' }))
    assert.ok(results.every(({ isRight }) => isRight))
    const row = ({ what, ok, known }) => [what, ok, ...known]
    assert.deepEqual(results.map(row), [
      ['a container', true, false, true],
      ['a container with another addon', false, false, true],
      ['an image from that container, with the first addon', true, false, false],
      ['a read-only folder', true, false, false],
      ['a read-only folder with an index of another', true, false, false],
    ])
  })

  test('changes at random', async () => {
    const { steps, known, changed, differences } = await run(isFast ? 60 : 1000, Date.now())
    assert.deepEqual(differences.slice(0, 2), [])
    assert.ok(known > steps, `${known} of ${3 * steps} answers came from the index`)
    assert.ok(changed > steps / 4, `${changed} of ${steps} changes changed the report`)
  })
})
