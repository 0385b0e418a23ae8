// Large and endless package archives: the memory and the time that they take, and the files that
// remain when their audit is stopped.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { auditPackage } from '../index.js'
import * as promises from '../promises.js'
import { fullLane } from '../scripts/support/lane.mjs'
import { addon, audit, manifest } from './support/archive.mjs'
import { cli } from './support/command.mjs'
import { project } from './support/project.mjs'
import { end, entry, pax, tgz } from './support/tar.mjs'

const prebuild = new URL(
  '../node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node',
  import.meta.url,
)
const library = fileURLToPath(new URL('../index.js', import.meta.url))
const later = fileURLToPath(new URL('../promises.js', import.meta.url))

test('an archive that doesn’t fit into memory is read from the disk', (t) => {
  // The first contents fill the memory, so that all contents are moved to a file.
  const large = entry('package/large.so', randomBytes(1 << 20).fill(0, 1000))
  const many = Array.from({ length: 33 }, (_, n) => [pax(`package/${n}.so`), large]).flat()
  const bytes = readFileSync(prebuild)
  const report = audit(
    t,
    tgz(manifest, ...many, entry('package/a.node', bytes), addon('package/b.node')),
  )
  const alone = audit(t, tgz(manifest, entry('package/a.node', bytes), addon('package/b.node')))
  assert.deepEqual({ ...report, path: '' }, { ...alone, path: '' })
})

describe('an endless archive costs little', { skip: fullLane }, () => {
  const script = `
    const { auditPackage } = require(${JSON.stringify(library)})
    let said
    try { said = auditPackage(process.argv[1]).files.length } catch ({ code }) { said = code }
    console.log(JSON.stringify([said, process.resourceUsage().maxRSS / 1024]))`

  /** Audits in a separate process. Returns the report, and the memory of that process in MB. */
  const apart = (t, bytes) => {
    const file = join(project(t), 'p.tgz')
    writeFileSync(file, bytes)
    const { stdout, signal } = spawnSync(process.execPath, ['-e', script, file], {
      encoding: 'utf8',
      timeout: 10_000,
    })
    assert.equal(signal, null, 'it takes more than 10 s')
    return JSON.parse(stdout)
  }
  const mega = 1 << 20
  const zeros = gzipSync(Buffer.alloc(16 * mega))

  test('of 1 GB of zeros', (t) => {
    const [said, memory] = apart(t, Buffer.concat(Array(64).fill(zeros)))
    assert.equal(said, 'ERR_INVALID_PACKAGE_ARCHIVE')
    assert.ok(memory < 400, `${memory} MB`)
  })

  test('of one file of 1 GB', (t) => {
    const start = gzipSync(
      Buffer.concat([manifest, entry('package/a.node', '', { size: 1024 * mega })]),
    )
    const [, memory] = apart(t, Buffer.concat([start, ...Array(64).fill(zeros), gzipSync(end)]))
    assert.ok(memory < 400, `${memory} MB`)
  })

  test('of 300,000 entries', (t) => {
    // A gzip may consist of several members. Each has the same thousand names, in a folder of its
    // own.
    const members = [gzipSync(manifest)]
    for (let folder = 0; folder < 300; folder++) {
      const entries = Array.from({ length: 1000 }, (_, n) =>
        entry(`package/${folder}/${n}.txt`, ''),
      )
      members.push(gzipSync(Buffer.concat(entries), { level: 1 }))
    }
    const [said, memory] = apart(t, Buffer.concat([...members, gzipSync(end)]))
    assert.equal(said, 'ERR_INVALID_PACKAGE_ARCHIVE')
    assert.ok(memory < 400, `${memory} MB`)
  })
})

describe('reading an archive', {
  skip: process.platform === 'win32' && 'needs signals',
}, () => {
  test('starts no process', (t) => {
    const folder = project(t, {
      'p.tgz': tgz(manifest, addon()),
      'hook.cjs': "require('node:fs').appendFileSync(__filename + '.ran', 'x')",
    })
    const script = `require(${JSON.stringify(library)}).auditPackage('p.tgz')`
    const NODE_OPTIONS = `--require ${join(folder, 'hook.cjs')}`
    const { status } = spawnSync(process.execPath, ['-e', script], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS },
    })
    assert.equal(status, 0)
    assert.equal(
      readFileSync(join(folder, 'hook.cjs.ran'), 'utf8'),
      'x',
      'the caller itself runs it, and no other process',
    )
  })

  test('ends when the command is stopped, and leaves no file behind', async (t) => {
    const bytes = slow()
    for (const signal of ['SIGINT', 'SIGTERM']) {
      const folder = project(t, { 'p.tgz': bytes, 'tmp/.keep': '' })
      const child = spawn(process.execPath, [cli, 'audit', 'p.tgz'], {
        cwd: folder,
        env: { ...process.env, TMPDIR: join(folder, 'tmp') },
        stdio: 'ignore',
        detached: true,
      })
      const ended = once(child, 'exit')
      while (!isSpooling(child.pid) && child.exitCode === null) await wait(5)
      // Like a terminal: the signal is sent to the whole process group.
      process.kill(-child.pid, signal)
      const [code, by] = await ended
      assert.deepEqual([code, by], [null, signal])
      assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep'])
    }
  })
})

/** True if a process has an unnamed file open. On systems other than Linux, it is always true. */
function isSpooling(pid) {
  if (process.platform !== 'linux') return true
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return links.some((link) => /\/(#\d+|abi-guard-audit-[\d-]+) \(deleted\)$/.test(link))
}

/** An archive that takes some seconds to unpack. */
function slow() {
  const mega = 1 << 20
  const zeros = gzipSync(Buffer.alloc(16 * mega))
  const start = gzipSync(
    Buffer.concat([manifest, entry('package/a.node', '', { size: 900 * mega })]),
  )
  // Random bytes keep the ratio below the maximum.
  const noise = Array(3).fill(gzipSync(randomBytes(2 * mega)))
  return Buffer.concat([start, ...noise, ...Array(56).fill(zeros)])
}

describe('auditPackage of abi-guard/promises', () => {
  test('gives the report and the errors of the synchronous function', async (t) => {
    const folder = project(t, { 'p.tgz': tgz(manifest, addon()), 'q.tgz': 'no gzip at all' })
    const file = join(folder, 'p.tgz')
    assert.deepEqual(await promises.auditPackage(file), auditPackage(file))
    await assert.rejects(promises.auditPackage(join(folder, 'q.tgz')), {
      code: 'ERR_INVALID_PACKAGE_ARCHIVE',
      path: join(folder, 'q.tgz'),
    })
    await assert.rejects(promises.auditPackage(join(folder, 'no.tgz')), { code: 'ENOENT' })
    await assert.rejects(promises.auditPackage(project(t)), { code: 'ENOENT' })
  })

  test('doesn’t block the thread, and leaves neither files nor listeners behind', async (t) => {
    const folder = project(t, { 'p.tgz': tgz(manifest, addon()), 'tmp/.keep': '' })
    const before = process.env.TMPDIR
    process.env.TMPDIR = join(folder, 'tmp')
    t.after(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    const count = () => process.listenerCount('SIGINT') + process.listenerCount('exit')
    const listeners = count()
    const file = join(folder, 'p.tgz')
    const reports = await Promise.all([1, 2, 3].map(() => promises.auditPackage(file)))
    assert.deepEqual(reports, Array(3).fill(auditPackage(file)))
    assert.equal(count(), listeners)
    assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep'])

    writeFileSync(file, slow())
    const controller = new AbortController()
    const work = promises.auditPackage(file, { signal: controller.signal })
    let turns = 0
    while (turns++ < 5 || !isSpooling(process.pid)) await wait(5)
    const reason = new Error('enough')
    const start = performance.now()
    controller.abort(reason)
    await assert.rejects(work, reason)
    assert.ok(performance.now() - start < 1000, `${performance.now() - start} ms`)
    assert.ok(process.platform !== 'linux' || !isSpooling(process.pid), 'the file is closed')
    assert.equal(count(), listeners)
    assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep'])
  })

  test('leaves no file behind if the process ends first', {
    skip: process.platform === 'win32' && 'needs signals',
  }, async (t) => {
    const bytes = slow()
    const audit = `require(${JSON.stringify(later)}).auditPackage('p.tgz').catch(() => {})`
    const soon = (what) => `setTimeout(() => { ${what} }, 200)`
    for (const [script, expected] of [
      [`${audit}; ${soon('process.exit(3)')}`, 3],
      [`${audit}; ${soon("process.kill(process.pid, 'SIGTERM')")}`, 'SIGTERM'],
      // The app handles the signal itself: it keeps running, and then exits.
      [
        `process.on('SIGINT', () => process.exit(4)); ${audit}; ` +
          soon("process.kill(process.pid, 'SIGINT')"),
        4,
      ],
    ]) {
      const folder = project(t, { 'p.tgz': bytes, 'tmp/.keep': '' })
      const { status, signal, stderr } = spawnSync(process.execPath, ['-e', script], {
        cwd: folder,
        env: { ...process.env, TMPDIR: 'tmp' },
        encoding: 'utf8',
        timeout: 20_000,
      })
      assert.deepEqual([status ?? signal, stderr], [expected, ''])
      assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep'])
    }
  })
})
