// The package archives that `auditPackage` reads: broken ones, and those with names and links that
// lead outside. Nothing is written, and nothing outside of the archive is read.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { auditPackage } from '../index.js'
import { addon, audit, filesOf, manifest } from './support/archive.mjs'
import { project } from './support/project.mjs'
import { end, entry, gnu, pax, tgz } from './support/tar.mjs'

describe('an archive', () => {
  test('may have a top folder with any name', (t) => {
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

  test('may have sizes in bytes and in pax', (t) => {
    const size = Buffer.alloc(12)
    size[0] = 0x80
    size[11] = 4
    for (const one of [
      [entry('package/a.node', 'text', { size })],
      [pax('package/a.node', { size: 4 }), entry('short', 'text', { size: 0 })],
    ])
      assert.deepEqual(filesOf(audit(t, tgz(manifest, ...one, addon('package/b.node')))), [
        'a.node',
        'b.node',
      ])
  })

  test('may have files and folders as old archivers write them', (t) => {
    const entries = [
      entry('package/', '', { type: '5', size: 4096 }),
      entry('package/old/', ''),
      entry('package/old/a.node', 'text', { type: '\0' }),
      entry('package/old/b.node', 'text', { type: '7' }),
    ]
    assert.deepEqual(filesOf(audit(t, tgz(manifest, ...entries))), ['old/a.node', 'old/b.node'])
  })

  test('may be a tar without gzip, if its name ends with .tar', (t) => {
    const folder = project(t, {
      'p.tar': Buffer.concat([manifest, addon(), end]),
      'P.TGZ': tgz(manifest, addon()),
    })
    for (const name of ['p.tar', 'P.TGZ'])
      assert.deepEqual(filesOf(auditPackage(join(folder, name))), ['a.node'])
  })

  test('may be cut between two entries, and nowhere else', (t) => {
    const entries = [manifest, pax(`package/${long}`), addon('short'), addon(), end]
    const tar = Buffer.concat(entries)
    const sound = new Set([manifest.length])
    for (let at = 0, index = 0; index < entries.length; index++) {
      at += entries[index].length
      // Cutting after a pax header is also valid: npm ignores a header without the entry to which
      // it belongs.
      sound.add(at)
    }
    const folder = project(t, { 'p.tgz': '' })
    const file = join(folder, 'p.tgz')
    const cuts = []
    for (let at = 0; at <= tar.length; at += 256) {
      writeFileSync(file, gzipSync(tar.subarray(0, at)))
      try {
        auditPackage(file)
        cuts.push(at)
      } catch ({ code, message }) {
        assert.equal(code, 'ERR_INVALID_PACKAGE_ARCHIVE', message)
      }
    }
    // One block of zeros is enough to end a tar.
    for (let at = tar.length - 512; at < tar.length; at += 256) sound.add(at)
    assert.deepEqual(
      cuts,
      [...sound].sort((a, b) => a - b),
    )
  })

  test('may have any bytes after its end, and zeros after its gzip', (t) => {
    const tar = Buffer.concat([manifest, addon(), end, randomBytes(10_000)])
    for (const bytes of [
      gzipSync(tar),
      Buffer.concat([gzipSync(tar), Buffer.alloc(512), Buffer.from('text')]),
      Buffer.concat([gzipSync(manifest), gzipSync(addon()), gzipSync(end)]),
    ])
      assert.deepEqual(filesOf(audit(t, bytes)), ['a.node'])
  })

  test('is audited without the files in the folder around it', (t) => {
    const text = '{"name":"p","main":"index.js","optionalDependencies":{"p-linux-x64":"1"}}'
    const script = "module.exports = require('p-' + process.platform + '-' + process.arch)"
    const folder = project(t, {
      'p.tgz': tgz(entry('package/package.json', text), entry('package/index.js', script), addon()),
      '.pnp.cjs': 'throw new Error()',
      'node_modules/p-linux-x64/package.json': { name: 'p-linux-x64', main: 'b.node' },
      'node_modules/p-linux-x64/b.node': 'text',
    })
    const alone = project(t, { 'p.tgz': readFileSync(join(folder, 'p.tgz')) })
    const of = (root) => ({ ...auditPackage(join(root, 'p.tgz')), path: '' })
    assert.deepEqual(of(folder), of(alone))
  })

  test('may be a link, and a folder may have the name of an archive', (t) => {
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
    [
      'links in a circle',
      entry('package/l', '', { type: '2', link: 'm' }),
      entry('package/m', '', { type: '2', link: 'l' }),
      entry('package/evil.node', '', { type: '2', link: 'evil.node' }),
      entry('package/worse.node', '', { type: '1', link: 'package/worse.node' }),
    ],
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

describe('a file that isn’t an archive of a package gives ERR_INVALID_PACKAGE_ARCHIVE', () => {
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
    ['a wrong checksum', header((bytes) => bytes.write('1', 100))],
    ['a gzip and something else', Buffer.concat([whole, Buffer.from('text')])],
    ['a gzip and half of another', Buffer.concat([whole, whole.subarray(0, 100)])],
    [
      'a gzip with flags that don’t exist',
      Buffer.concat([whole.subarray(0, 3), Buffer.from([0xe0]), whole.subarray(4)]),
    ],
    ['a gzip of another length', Buffer.concat([whole.subarray(0, -4), Buffer.from('text')])],
    [
      'a path that is too long',
      tgz(manifest, pax(`package/${'folder/'.repeat(600)}a`), addon('a')),
    ],
    ['a header of pax that is too long', tgz(manifest, pax('a'.repeat(2 ** 16)), addon('a'))],
    [
      'a size of too many bytes',
      tgz(
        manifest,
        entry('package/a.node', 'x', { size: Buffer.alloc(12, 0x7f).fill(0x80, 0, 1) }),
      ),
    ],
    [
      'a negative size in bytes',
      tgz(manifest, entry('package/a.node', 'x', { size: Buffer.alloc(12, 0xff) })),
    ],
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

  test('the error for an archive without a package.json doesn’t name the temporary folder', (t) => {
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
