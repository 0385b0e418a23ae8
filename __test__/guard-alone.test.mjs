// Where the guard can harm an app: what it prints, where nothing takes it; the threads it works
// with, where none can be made.
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
/** The exit code of hang.py. */
const CANNOT_MOUNT = 77

/** What an app prints about itself at its end, and how it ends. */
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

/** Packages that don't load: the guard has much to say of them. */
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

/** Runs a shell text with `$NODE` for the app as it is and for the guarded one; both must come to the same. */
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

describe('standard error that takes nothing', { skip: !linux && 'needs /dev/full' }, () => {
  const cases = [
    ['a full disk', '$NODE app.js 2>/dev/full'],
    ['no standard error at all', '$NODE app.js 2>&-'],
    ['a reader that has gone away', '$NODE app.js 2> >(exec true); sleep 0.1'],
    ['a mode that means nothing, on a full disk', 'ABI_GUARD=loud $NODE app.js 2>/dev/full'],
  ]
  for (const [what, text] of cases) {
    test(`${what}: the app runs as without the guard`, (t) => {
      // Where the mode isn't understood, broken packages stop the app.
      const { alone } = same(brokenApp(t, text.includes('loud') ? 0 : 40), text)
      if (!text.includes('>(')) assert.equal(alone.status, 7)
      assert.equal(alone.stdout, 'the app ran \n')
    })
  }

  test('a pipe that is full and that nothing reads does not hold the app up', async (t) => {
    const folder = brokenApp(t, 200)
    // 64 KiB fill the pipe before the guard has its turn.
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

  test('a long story is cut at 32 KiB, and reaches a reader', (t) => {
    const { guarded } = same(brokenApp(t, 400), '$NODE app.js')
    assert.match(guarded.stderr, /^abi-guard: /)
    assert.ok(Buffer.byteLength(guarded.stderr) <= 32 * 1024)
  })
})

describe('a system that gives little', { skip: !linux && 'needs Linux' }, () => {
  const isRoot = process.getuid?.() === 0

  test('no thread of the guard is left', (t) => {
    same(brokenApp(t), '$NODE app.js threads')
  })

  test('fifty workers and a cluster of sixteen end as without it', { skip: fullLane }, (t) => {
    const folder = brokenApp(t, 3)
    same(folder, '$NODE workers.js')
    same(folder, '$NODE cluster.js')
  })

  test('where no more threads can be made, one does the work', {
    skip: (!isRoot && 'needs another user') || fullLane,
  }, (t) => {
    const folder = brokenApp(t)
    chmodSync(folder, 0o755)
    const user = 54321
    // As many as Node.js itself needs, and a few more: with those the guard finds none, one, or all
    // of its own.
    const starts = (most) => {
      const text = `ulimit -u ${most} && exec "${process.execPath}" -e 0`
      const { status, stderr } = spawnSync('bash', ['-c', text], {
        uid: user,
        gid: user,
        timeout: 5000,
      })
      return status === 0 && stderr.length === 0
    }
    // Downwards: with fewer than it needs, Node.js may also hang.
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

  test('with little address space, it gives up or looks, and the app runs', (t) => {
    const folder = brokenApp(t)
    const starts = (kib) =>
      spawnSync('bash', ['-c', `ulimit -v ${kib} && exec "${process.execPath}" -e 0`]).status === 0
    let kib = 400_000
    while (kib < 40_000_000 && !starts(kib)) kib = Math.round(kib * 1.1)
    for (const factor of [1.02, 1.1, 1.5])
      same(folder, `ulimit -v ${Math.round(kib * factor)} && exec $NODE app.js`)
  })

  test('--permission, with and without addons', (t) => {
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
  test('without /proc', { skip: !canUnshare && 'needs a namespace of mounts' }, (t) => {
    same(brokenApp(t, 3), inNamespace('mount -t tmpfs none /proc && $NODE app.js'))
  })

  test('on a disk that can’t be written', {
    skip: !canUnshare && 'needs a namespace of mounts',
  }, (t) => {
    const folder = brokenApp(t, 3)
    mkdirSync(join(folder, 'tmp'))
    same(folder, inNamespace('mount --bind / / && mount -o remount,ro,bind / && $NODE app.js'))
  })

  test('on a disk that never answers, it says so after its ten seconds, and the app runs', {
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
