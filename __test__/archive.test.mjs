// Package archives that `auditPackage` unpacks: names and links that lead elsewhere, broken and
// endless ones. Nothing is written outside the temporary folder, and that is gone afterwards.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { auditPackage } from '../index.js'
import * as promises from '../promises.js'
import { cli } from './support/command.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { project } from './support/project.mjs'
import { end, entry, gnu, pax, tgz } from './support/tar.mjs'

const library = fileURLToPath(new URL('../index.js', import.meta.url))
const later = fileURLToPath(new URL('../promises.js', import.meta.url))
const manifest = entry('package/package.json', '{"name":"p","version":"1.0.0"}')
const addon = (name = 'package/a.node') => entry(name, 'text '.repeat(40))

/**
 * Audits an archive of these bytes. All that is written meanwhile goes into a folder of its own for
 * temporary files, and must be gone at the end.
 */
function audit(t, bytes) {
  const folder = project(t, { 'p.tgz': bytes, 'tmp/.keep': '' })
  const before = { ...process.env }
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = join(folder, 'tmp')
  try {
    return auditPackage(join(folder, 'p.tgz'))
  } finally {
    for (const name of ['TMPDIR', 'TMP', 'TEMP']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    assert.deepEqual(
      [readdirSync(folder), readdirSync(join(folder, 'tmp'))],
      [['p.tgz', 'tmp'], ['.keep']],
    )
  }
}
const filesOf = (report) => report.files.map(({ file }) => file)

describe('an archive', () => {
  test('may call its folder as it likes', (t) => {
    const report = audit(t, tgz(entry('other/package.json', '{"name":"p"}'), addon('other/a.node')))
    assert.deepEqual([report.name, filesOf(report)], ['p', ['a.node']])
  })

  const long = `${'folder/'.repeat(30)}a.node`
  for (const [what, entries] of [
    ['pax', [pax(`package/${long}`, { mtime: '1.5' }), addon('short')]],
    [
      'pax with a comment that looks like a path',
      [pax(`package/${long}`, { comment: '12 path=b' }), addon('short')],
    ],
    ['GNU', [gnu(`package/${long}`), addon('short')]],
  ]) {
    test(`may have long names as ${what} writes them`, (t) => {
      assert.deepEqual(filesOf(audit(t, tgz(manifest, ...entries))), [long])
    })
  }

  test('may have long names in two fields', (t) => {
    const one = entry('a.node', 'text', { prefix: `package/${'f/'.repeat(60)}g` })
    assert.deepEqual(filesOf(audit(t, tgz(manifest, one))), [`${'f/'.repeat(60)}g/a.node`])
  })

  test('may have a file twice: the last one counts', (t) => {
    const report = audit(t, tgz(manifest, entry('package/package.json', '{"name":"q"}')))
    assert.equal(report.name, 'q')
  })

  test('may lack the blocks at its end', (t) => {
    assert.equal(audit(t, gzipSync(manifest)).name, 'p')
  })

  test('may be a link, and a folder may be called like one', (t) => {
    const folder = project(t, {
      'real.tgz': tgz(manifest),
      'folder.tgz/package.json': { name: 'f' },
    })
    symlinkSync('real.tgz', join(folder, 'link.tgz'))
    assert.deepEqual(
      ['link.tgz', 'folder.tgz'].map((name) => {
        const { name: found, path } = auditPackage(join(folder, name))
        return [found, path]
      }),
      [
        ['p', join(folder, 'link.tgz')],
        ['f', join(folder, 'folder.tgz')],
      ],
    )
  })
})

describe('an archive can’t write outside of its folder', () => {
  for (const [what, ...entries] of [
    [
      'names that go up',
      entry('package/../../evil.node', 'x'),
      entry('../evil.node', 'x'),
      entry('package/..', 'x'),
    ],
    [
      'names that go up in a long name',
      pax('package/../../evil.node'),
      addon('a'),
      gnu('../evil.node'),
      addon('a'),
    ],
    ['names that go up with backslashes', entry('package\\..\\..\\evil.node', 'x')],
    [
      'absolute names',
      entry('/package/b/../../evil.node', 'x'),
      pax('/../../evil.node'),
      addon('a'),
    ],
    ['another folder beside its own', entry('other/evil.node', 'x'), entry('evil.node', 'x')],
    [
      'a link to a folder outside',
      entry('package/l', '', { type: '2', link: '../..' }),
      entry('package/l/../../evil.node', 'x'),
    ],
    [
      'a link to a file outside',
      entry('package/evil.node', '', { type: '2', link: '/etc/passwd' }),
    ],
    ['a hard link', entry('package/evil.node', '', { type: '1', link: '../../p.tgz' })],
    [
      'devices and pipes',
      ...['3', '4', '6'].map((type) => entry('package/evil.node', '', { type })),
    ],
    ['names with a null byte', pax('package/evil\0.node'), addon('a')],
  ]) {
    test(`by ${what}`, (t) => {
      const report = audit(t, tgz(manifest, ...entries, addon()))
      assert.deepEqual([report.name, filesOf(report)], ['p', ['a.node']])
    })
  }

  test('by a link and a file below it', (t) => {
    const outside = project(t, { 'mine.txt': 'mine' })
    const link = entry('package/l', '', { type: '2', link: outside })
    const report = audit(t, tgz(manifest, link, entry('package/l/evil.node', 'x')))
    assert.deepEqual(filesOf(report), ['l/evil.node'])
    assert.deepEqual(readdirSync(outside), ['mine.txt'])
  })
})

describe('what is no archive of a package gives ERR_INVALID_PACKAGE_ARCHIVE', () => {
  const whole = tgz(manifest, addon())
  const tar = Buffer.concat([manifest, addon(), end])
  const header = (change) => {
    const bytes = Buffer.from(addon())
    change(bytes)
    return tgz(manifest, bytes)
  }
  for (const [what, bytes] of [
    ['an empty file', ''],
    ['text', 'no gzip at all'],
    ['a tar without gzip', tar],
    ['a gzip that ends early', whole.subarray(0, whole.length / 2)],
    ['a gzip without its checksum', whole.subarray(0, whole.length - 4)],
    [
      'a gzip with a wrong byte',
      Buffer.concat([whole.subarray(0, 40), Buffer.from([0xff, 0xff]), whole.subarray(42)]),
    ],
    ['a tar that ends in a file', gzipSync(tar.subarray(0, tar.length - 1400))],
    ['a tar that ends in a header', gzipSync(tar.subarray(0, 1024 + 100))],
    ['nothing', tgz()],
    ['gzip of nothing', gzipSync('')],
    ['gzip of text', gzipSync('text '.repeat(1000))],
    ['files without a folder', tgz(entry('package.json', '{}'))],
    ['a size that is no number', header((bytes) => bytes.write('abc', 124))],
    ['a negative size', header((bytes) => bytes.write('-0000000100', 124))],
    ['a size beyond the end', tgz(manifest, entry('package/a.node', 'x', { size: 8 ** 11 - 1 }))],
    [
      'a file that is a folder too',
      tgz(manifest, entry('package/a', 'x'), entry('package/a/b', 'x')),
    ],
    [
      'a folder that is a file too',
      tgz(manifest, entry('package/a/b', 'x'), entry('package/a', 'x')),
    ],
    ['a name that is too long', tgz(manifest, pax(`package/${'a'.repeat(300)}`), addon('a'))],
  ]) {
    test(`as with ${what}`, (t) => {
      assert.throws(
        () => audit(t, bytes),
        ({ code, message, path, name }) => {
          assert.deepEqual([name, code], ['Error', 'ERR_INVALID_PACKAGE_ARCHIVE'], message)
          assert.ok(message.startsWith(path) && path.endsWith('p.tgz'), message)
          return true
        },
      )
    })
  }
})

describe('other errors', () => {
  test('an archive that isn’t there gives ENOENT', (t) => {
    const path = join(project(t), 'none.tgz')
    assert.throws(() => auditPackage(path), { code: 'ENOENT', path })
  })

  test('an archive without a package.json says so, and doesn’t name the temporary folder', (t) => {
    assert.throws(
      () => audit(t, tgz(addon())),
      ({ code, message, path }) => {
        assert.equal(code, 'ERR_INVALID_PACKAGE_ARCHIVE')
        assert.ok(!`${message} ${path}`.includes('abi-guard-audit-'), `${message} ${path}`)
        return true
      },
    )
  })

  test('wrong arguments give coded TypeErrors', () => {
    for (const wrong of [undefined, null, 1, {}, []])
      assert.throws(() => auditPackage(wrong), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
    assert.throws(() => auditPackage(''), { code: 'ERR_INVALID_ARG_VALUE' })
  })
})

describe('an endless archive costs little', { skip: fullLane }, () => {
  const script = `
    const { auditPackage } = require(${JSON.stringify(library)})
    let said
    try { said = auditPackage(process.argv[1]).files.length } catch ({ code }) { said = code }
    console.log(JSON.stringify([said, process.resourceUsage().maxRSS / 1024]))`

  /** Audits in a process of its own; the answer and its memory in MB. */
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
    // Members of gzip follow each other: the same thousand names, over and over in folders of their
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

describe('the process that unpacks', {
  skip: process.platform === 'win32' && 'needs signals',
}, () => {
  test('gets nothing of the NODE_OPTIONS of its caller', (t) => {
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

  test('leaves no folder behind when the command is stopped', async (t) => {
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
      while (readdirSync(join(folder, 'tmp')).length < 2 && child.exitCode === null) await wait(10)
      // As a terminal does it: the whole group.
      process.kill(-child.pid, signal)
      const [code, by] = await ended
      assert.ok(by === signal || code === 2, `${code} ${by}`)
      assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep'])
    }
  })
})

/** An archive that takes some seconds to unpack. */
function slow() {
  const mega = 1 << 20
  const zeros = gzipSync(Buffer.alloc(16 * mega))
  const start = gzipSync(
    Buffer.concat([manifest, entry('package/a.node', '', { size: 900 * mega })]),
  )
  // Random bytes keep it below the ratio that is refused.
  const noise = Array(3).fill(gzipSync(randomBytes(2 * mega)))
  return Buffer.concat([start, ...noise, ...Array(56).fill(zeros)])
}

describe('the promise of an audit', () => {
  test('gives the report and the errors of the function that waits', async (t) => {
    const folder = project(t, { 'p.tgz': tgz(manifest, addon()), 'q.tgz': 'no gzip at all' })
    const file = join(folder, 'p.tgz')
    assert.deepEqual(await promises.auditPackage(file), auditPackage(file))
    await assert.rejects(promises.auditPackage(join(folder, 'q.tgz')), {
      code: 'ERR_INVALID_PACKAGE_ARCHIVE',
      path: join(folder, 'q.tgz'),
    })
    await assert.rejects(promises.auditPackage(join(folder, 'no.tgz')), { code: 'ENOENT' })
    await assert.rejects(promises.auditPackage(folder), { code: 'ENOENT' })
  })

  test('leaves the thread free, and neither folders nor listeners behind', async (t) => {
    const folder = project(t, { 'p.tgz': tgz(manifest, addon()), 'tmp/.keep': '' })
    const before = process.env.TMPDIR
    process.env.TMPDIR = join(folder, 'tmp')
    t.after(() => {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    })
    const count = () => process.listenerCount('SIGINT') + process.listenerCount('exit')
    const listeners = count()
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const file = join(folder, 'p.tgz')
    await Promise.all([1, 2, 3].map(() => promises.auditPackage(file)))
    clearInterval(timer)
    assert.ok(turns > 5, `${turns} turns`)
    await wait(10)
    assert.equal(count(), listeners)
    assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep'])

    writeFileSync(file, slow())
    const controller = new AbortController()
    const start = performance.now()
    const work = promises.auditPackage(file, { signal: controller.signal })
    while (readdirSync(join(folder, 'tmp')).length < 2) await wait(5)
    const reason = new Error('enough')
    controller.abort(reason)
    await assert.rejects(work, reason)
    assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`)
    await wait(10)
    assert.equal(count(), listeners)
    assert.deepEqual(readdirSync(join(folder, 'tmp')), ['.keep'])
  })

  test('leaves no folder behind when the process ends meanwhile', {
    skip: process.platform === 'win32' && 'needs signals',
  }, async (t) => {
    const bytes = slow()
    const audit = `require(${JSON.stringify(later)}).auditPackage('p.tgz').catch(() => {})`
    const count = "require('node:fs').readdirSync('tmp').length"
    const soon = (what) => `setInterval(() => { if (${count} > 1) ${what} }, 5)`
    for (const [script, expected] of [
      [`${audit}; ${soon('process.exit(3)')}`, 3],
      [`${audit}; ${soon("process.kill(process.pid, 'SIGTERM')")}`, 'SIGTERM'],
      // The app decides: it goes on, and ends by itself.
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
