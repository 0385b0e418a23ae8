// Conditions in which the guard could harm an app: standard error can't be written, or no threads
// can be created.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { byHand, fullLane } from '../scripts/support/lane.mjs'
import { project } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const register = join(root, 'register.js')
const linux = process.platform === 'linux'
const hang = fileURLToPath(new URL('./hostile/hang.py', import.meta.url))
/** The exit code of hang.py if it can't mount. */
const CANNOT_MOUNT = 77

/** An app that prints its number of threads at its end, and exits with 7. */
const APP = `
const { readdirSync } = require('node:fs')
let threads = 0
try { threads = readdirSync('/proc/self/task').length } catch {}
console.log('the app ran', process.argv[2] === 'threads' ? threads : '')
process.exitCode = 7
`

const WORKERS = `
const { Worker, isMainThread } = require('node:worker_threads')
if (isMainThread) {
  let ended = 0
  for (let n = 0; n < 50; n++) new Worker(__filename).on('exit', (code) => code === 0 && ended++)
  process.on('exit', () => console.log('workers', ended))
}
`

const CLUSTER = `
const cluster = require('node:cluster')
if (cluster.isPrimary) {
  let ended = 0
  for (let n = 0; n < 16; n++) cluster.fork().on('exit', (code) => code === 3 && ended++)
  process.on('exit', () => console.log('children', ended))
} else process.exit(3)
`

/** An app with packages that don't load, so that the guard prints a long report. */
function brokenApp(t, packages = 40) {
  const files = {
    'package.json': { name: 'app', version: '1.0.0', dependencies: {} },
    'app.js': APP,
    'workers.js': WORKERS,
    'cluster.js': CLUSTER,
  }
  const manifest = { version: '1.0.0', main: 'x.node' }
  for (let n = 0; n < packages; n++) {
    const name = `native-with-a-long-name-${n}`
    files['package.json'].dependencies[name] = '1.0.0'
    files[`node_modules/${name}/package.json`] = { name, ...manifest }
    files[`node_modules/${name}/x.node`] = 'no addon'
  }
  return project(t, files)
}

/**
 * Runs a shell text with `$NODE` as Node.js alone, and again as Node.js with the guard; both
 * results must be equal.
 */
function same(folder, text, { uid, env = {} } = {}) {
  const run = (node) =>
    spawnSync('bash', ['-c', text], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      env: { PATH: process.env.PATH, HOME: folder, ABI_GUARD: 'warn', NODE: node, ...env },
      ...(uid && { uid, gid: uid }),
    })
  const [alone, guarded] = [run(process.execPath), run(`${process.execPath} -r ${register}`)]
  const seen = ({ status, signal, stdout }) => ({ status, signal, stdout })
  assert.deepEqual(seen(guarded), seen(alone), guarded.stderr?.slice(0, 1000))
  assert.doesNotMatch(guarded.stderr ?? '', /panicked|RUST_BACKTRACE/)
  return { alone, guarded }
}

describe('standard error that can’t be written', { skip: !linux && 'needs /dev/full' }, () => {
  const cases = [
    ['a full disk', '$NODE app.js 2>/dev/full'],
    ['no standard error at all', '$NODE app.js 2>&-'],
    ['a reader that has gone away', '$NODE app.js 2> >(exec true); sleep 0.1'],
    ['a mode that means nothing, on a full disk', 'ABI_GUARD=loud $NODE app.js 2>/dev/full'],
  ]
  for (const [what, text] of cases) {
    test(`${what}: the app behaves as without the guard`, (t) => {
      // If the guard doesn't know the mode, broken packages stop the app. Then the app must have
      // none.
      const { alone } = same(brokenApp(t, text.includes('loud') ? 0 : 40), text)
      if (!text.includes('>(')) assert.equal(alone.status, 7)
      assert.equal(alone.stdout, 'the app ran \n')
    })
  }

  test('a full pipe that no program reads does not block the app', async (t) => {
    const folder = brokenApp(t, 200)
    // 64 KiB fill the pipe before the guard writes to it.
    const fill = join(folder, 'fill.js')
    writeFileSync(fill, "require('node:fs').writeSync(2, Buffer.alloc(65536, 120))")
    for (const before of [[], ['-r', fill]]) {
      const child = spawn(process.execPath, [...before, '-r', register, 'app.js'], {
        cwd: folder,
        env: { PATH: process.env.PATH, ABI_GUARD: 'warn' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let out = ''
      child.stdout.setEncoding('utf8').on('data', (part) => (out += part))
      child.stderr.pause()
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
      const code = await new Promise((resolve) =>
        child.on('exit', (code, signal) => resolve(code ?? signal)),
      )
      clearTimeout(timer)
      child.stderr.destroy()
      assert.deepEqual([code, out], [7, 'the app ran \n'])
    }
  })

  test('a long report is cut at 32 KiB, and a reader receives it', (t) => {
    const { guarded } = same(brokenApp(t, 400), '$NODE app.js')
    assert.match(guarded.stderr, /^abi-guard: /)
    assert.ok(Buffer.byteLength(guarded.stderr) <= 32 * 1024)
  })
})

describe('a system with few resources', { skip: !linux && 'needs Linux' }, () => {
  const isRoot = process.getuid?.() === 0

  test('no thread of the guard remains', (t) => {
    same(brokenApp(t), '$NODE app.js threads')
  })

  test('fifty workers and a cluster of sixteen end as without the guard', {
    skip: fullLane,
  }, (t) => {
    const folder = brokenApp(t, 3)
    same(folder, '$NODE workers.js')
    same(folder, '$NODE cluster.js')
  })

  test('if no more threads can be created, one thread does the work', {
    skip: (!isRoot && 'needs another user') || fullLane,
  }, (t) => {
    const folder = brokenApp(t)
    chmodSync(folder, 0o755)
    const user = 54321
    // As many threads as Node.js itself needs, and a few more. The guard can then create none, one,
    // or all of its own threads.
    const starts = (most) => {
      const text = `ulimit -u ${most} && exec "${process.execPath}" -e 0`
      const { status, stderr } = spawnSync('bash', ['-c', text], {
        uid: user,
        gid: user,
        timeout: 5000,
      })
      return status === 0 && stderr.length === 0
    }
    // The limit is lowered step by step, because Node.js may also hang if it has too few threads.
    let most = 64
    while (starts(most - 1)) most--
    for (const more of [0, 1, 2, 4]) {
      const { guarded } = same(folder, `ulimit -u ${most + more} && exec $NODE app.js`, {
        uid: user,
      })
      assert.equal(guarded.status, 7)
      assert.match(
        guarded.stderr,
        /built|no binary|not a binary|native-with/,
        'it has looked all the same',
      )
    }
  })

  test('with little address space, the guard scans or gives up, and the app runs', (t) => {
    const folder = brokenApp(t)
    const starts = (kib) =>
      spawnSync('bash', ['-c', `ulimit -v ${kib} && exec "${process.execPath}" -e 0`]).status === 0
    let kib = 400_000
    while (kib < 40_000_000 && !starts(kib)) kib = Math.round(kib * 1.1)
    for (const factor of [1.02, 1.1, 1.5])
      same(folder, `ulimit -v ${Math.round(kib * factor)} && exec $NODE app.js`)
  })

  test('the app runs with --permission, with and without addons', (t) => {
    const folder = brokenApp(t, 3)
    const flag =
      Number(process.versions.node.split('.')[0]) >= 23
        ? '--permission'
        : '--experimental-permission'
    same(folder, `$NODE ${flag} --allow-fs-read='*' app.js`)
    same(folder, `$NODE ${flag} --allow-fs-read='*' --allow-addons app.js`)
  })

  const inNamespace = (text) => `unshare -m bash -c '${text}'`
  const canUnshare =
    isRoot && spawnSync('bash', ['-c', inNamespace('mount -t tmpfs none /proc')]).status === 0
  test('the app runs without /proc', {
    skip: !canUnshare && 'needs a namespace of mounts',
  }, (t) => {
    same(brokenApp(t, 3), inNamespace('mount -t tmpfs none /proc && $NODE app.js'))
  })

  test('the app runs on a read-only disk', {
    skip: !canUnshare && 'needs a namespace of mounts',
  }, (t) => {
    const folder = brokenApp(t, 3)
    mkdirSync(join(folder, 'tmp'))
    same(folder, inNamespace('mount --bind / / && mount -o remount,ro,bind / && $NODE app.js'))
  })

  test('on a disk that never answers, the guard gives up after its ten seconds, and the app runs', {
    skip: byHand,
  }, (t) => {
    const folder = brokenApp(t, 0)
    const disk = join(folder, 'node_modules', 'far-away')
    mkdirSync(disk, { recursive: true })
    const command = [hang, disk, process.execPath, '-r', register, 'app.js']
    const { status, stdout, stderr } = spawnSync('python3', command, {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    })
    if (status === CANNOT_MOUNT) return t.skip('a disk can’t be mounted here')
    assert.deepEqual({ status, stdout }, { status: 7, stdout: 'the app ran \n' })
    assert.match(stderr, /^abi-guard: .* could not be scanned in 10 s: [^\n]+\n$/)
  })
})
