// Apps as Electron's packagers create them: in an archive, with the addons beside it or in it; and
// invalid archives. `npm run layouts -- asar`
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { scanNodeModules } from '../../promises.js'
import { temporaryFolder } from '../../scripts/support/cache.mjs'
import { copyOf as copyOfFile, project } from '../support/project.mjs'
import { problemsOf, scanApart } from './apart.mjs'
import { archive, pack, tree } from './asar.mjs'
import { expected, parents } from './expected.mjs'
import { fixture, installed, write } from './installed.mjs'
import { lines, rows } from './observe.mjs'

const addonFile = fileURLToPath(
  new URL('../../node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node', import.meta.url),
)
const addon = readFileSync(addonFile)

/**
 * The rows of a report, with paths in an archive as the app itself sees them: unpacked files count
 * as part of the archive. Chains may or may not begin with the folder around the app.
 */
function appRows(report) {
  const text = JSON.stringify(report.packages).replaceAll('app.asar.unpacked', 'app.asar')
  const packages = JSON.parse(text)
    .map((one) => ({
      ...one,
      requiredBy: one.requiredBy.map((chain) => chain.slice(Math.max(chain.indexOf('app'), 0))),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  return rows({ ...report, packages }).filter(({ name }) => !(name in parents))
}

describe('an Electron app', () => {
  let source
  let work
  before(async () => {
    source = await installed('npm11-hoisted', fixture('app'))
  })
  const folder = (t) => {
    work = temporaryFolder()
    t.after(() => rmSync(work, { recursive: true, force: true }))
    return work
  }
  const same = (report) => {
    assert.deepEqual(lines(appRows(report)), lines(expected))
    assert.deepEqual([report.ok, report.complete, report.problems], [true, true, []])
  }

  test('in app.asar, with its addons beside it', async (t) => {
    const place = folder(t)
    await pack(source, join(place, 'app.asar'), { unpack: '*.node' })
    const report = await scanNodeModules(place)
    same(report)
    for (const { active } of report.packages)
      if (active) assert.match(active.file, /app\.asar\.unpacked/)
  })

  test('in resources/app.asar, with whole packages beside it', async (t) => {
    const place = folder(t)
    const resources = join(place, 'resources')
    write(place, {
      electron: 'no real program',
      'resources/default_app.txt': '',
      'locales/en-US.pak': '',
      version: '31.7.7',
    })
    await pack(source, join(resources, 'app.asar'), {
      unpackDir: 'node_modules/{bcrypt,bufferutil,@node-rs}',
    })
    same(await scanNodeModules(place))
  })

  test('in app.asar with its addons inside, which Electron copies out to load them', async (t) => {
    const place = folder(t)
    await pack(source, join(place, 'app.asar'))
    const report = await scanNodeModules(place)
    same(report)
    for (const { active } of report.packages)
      if (active) assert.match(active.file, /app\.asar[\\/]node_modules/)
  })

  test('in a bundle of macOS', async (t) => {
    const place = folder(t)
    const resources = join(place, 'App.app', 'Contents', 'Resources')
    mkdirSync(resources, { recursive: true })
    await pack(source, join(resources, 'app.asar'), { unpack: '*.node' })
    same(await scanNodeModules(place))
  })

  test('in resources/app, without an archive', async (t) => {
    const place = folder(t)
    mkdirSync(join(place, 'resources'))
    execFileSync('cp', ['-al', source, join(place, 'resources', 'app')])
    same(await scanNodeModules(place))
  })

  test('is judged for Electron', async (t) => {
    const place = folder(t)
    await pack(source, join(place, 'app.asar'), { unpack: '*.node' })
    const report = await scanNodeModules(place, { target: 'electron@31/linux-x64-glibc2.36' })
    assert.equal(report.ok, true)
    const active = new Map(
      report.packages.map(({ name, active }) => [name, active?.file.split('/').at(-1)]),
    )
    assert.equal(active.get('bcrypt'), 'bcrypt.glibc.node')
    assert.equal(active.get('@msgpackr-extract/msgpackr-extract-linux-x64'), 'node.napi.glibc.node')
  })

  test('without the addon beside the archive is broken', async (t) => {
    const place = folder(t)
    await pack(source, join(place, 'app.asar'), { unpack: '*.node' })
    rmSync(join(place, 'app.asar.unpacked', 'node_modules', 'bcrypt'), { recursive: true })
    const report = await scanNodeModules(place)
    const broken = report.packages.filter(({ ok }) => !ok).map(({ name }) => name)
    assert.deepEqual(broken, ['bcrypt'])
  })
})

/** True if a problem names the archive, or is that of a package in it. */
const isTold = ({ problems, packages }) =>
  problemsOf({ problems, packages }).some((text) => text.includes('app.asar')) ||
  problemsOf({ problems: [], packages: packages.filter(({ path }) => path.includes('app.asar')) })
    .length > 0

describe('an invalid archive', () => {
  const good = {
    'package.json': { name: 'app', dependencies: { a: '*' } },
    'node_modules/a/package.json': { name: 'a', version: '1.0.0' },
    'node_modules/a/a.node': copyOfFile(addonFile),
  }
  const about = Buffer.from(JSON.stringify({ name: 'b', version: '1.0.0' }))
  const content = Buffer.concat([about, addon])
  const manifest = { size: about.length, offset: '0' }
  const node = { size: addon.length, offset: String(about.length) }
  const b = (more, addonEntry = node) =>
    tree({ 'node_modules/b/package.json': manifest, 'node_modules/b/b.node': addonEntry, ...more })
  const deep = (depth, inner) => `${'{"files":{"a":'.repeat(depth)}${inner}${'}}'.repeat(depth)}`

  /** The contents of the file; `told` if the report must have a problem for it. */
  const archives = {
    'is empty': { bytes: Buffer.alloc(0), told: true },
    'is shorter than its sizes': { bytes: archive(b()).subarray(0, 10), told: true },
    'is cut off in its header': { bytes: archive(b()).subarray(0, 40), told: true },
    'is cut off in its files': { bytes: archive(b(), content.subarray(0, 200)), told: true },
    'is text': { bytes: Buffer.from('no archive\n'.repeat(50)), told: true },
    'is full of zeros': { bytes: Buffer.alloc(100_000), told: true },
    'claims a header of 4 GB': {
      bytes: archive(b(), content, { pickle: 0xffffffff, payload: 0xffffffff, length: 0xffffffff }),
      told: true,
    },
    'claims a text longer than its header': {
      bytes: archive(b(), content, { length: 0x7fffffff }),
      told: true,
    },
    'has a header that is no JSON': { bytes: archive('{"files":'), told: true },
    'has a header that is no object': { bytes: archive('[1, 2]'), told: true },
    'has a header that is not UTF-8': {
      bytes: archive(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
      told: true,
    },
    'has folders 100,000 levels deep': {
      bytes: archive(deep(100_000, '{"files":{}}'), content),
      told: true,
    },
    'has lists 100,000 levels deep': { bytes: archive('['.repeat(100_000)), told: true },
    'has a file that starts past its end': {
      bytes: archive(b({}, { size: 100, offset: '99999999999' }), content),
      told: true,
    },
    'has a file that ends past its end': {
      bytes: archive(b({}, { size: 2 ** 40, offset: '0' }), content),
      told: true,
    },
    'has a file of an offset without end': {
      bytes: archive(b({}, { size: 10, offset: '9'.repeat(400) }), content),
      told: true,
    },
    'has a file of a negative offset': {
      bytes: archive(b({}, { size: 10, offset: '-1' }), content),
      told: true,
    },
    'has a file of an offset that overflows': {
      bytes: archive(b({}, { size: 2 ** 53, offset: '18446744073709551615' }), content),
      told: true,
    },
    'has a file of a negative size': {
      bytes: archive(b({}, { size: -5, offset: '0' }), content),
      told: true,
    },
    'has files without size or offset': { bytes: archive(b({}, {}), content), told: true },
    'has an unpacked file that is not there': {
      bytes: archive(b({}, { size: 10, unpacked: true }), content),
      told: true,
    },
    'has entries of a wrong type': {
      bytes: archive({
        files: { a: 5, b: null, c: [], d: 'x', e: { files: 5 }, f: { files: [] } },
      }),
    },
    'has names that lead out': {
      bytes: archive(
        {
          files: {
            '..': { files: { 'x.node': node } },
            '../../y.node': node,
            '/etc/z.node': node,
            '': { files: { 'w.node': node } },
            'a\\b.node': node,
            '.': { files: {} },
          },
        },
        content,
      ),
    },
    'has names with control characters': {
      bytes: archive(tree({ 'node_modules/b\u001b[31m\n/x.node': node }), content),
    },
    'has names of objects in JavaScript': {
      bytes: archive('{"files":{"__proto__":{"files":{}},"constructor":{"files":{}}}}'),
    },
    'has links that go in circles': {
      bytes: archive(
        tree({
          'a.node': { link: 'b.node' },
          'b.node': { link: 'a.node' },
          c: { link: 'c' },
          d: { link: '.' },
        }),
      ),
    },
    'has links that lead out': {
      bytes: archive(
        tree({ 'a.node': { link: '../../../../etc/passwd' }, 'b.node': { link: '/dev/zero' } }),
      ),
    },
    'has 300,000 files': {
      bytes: archive(
        tree(
          Object.fromEntries(
            Array.from({ length: 300_000 }, (_, index) => [
              `f/${index}.node`,
              { size: 0, offset: '0' },
            ]),
          ),
        ),
      ),
    },
    'has a package.json of 50 MB': {
      bytes: archive(
        tree({
          'node_modules/b/package.json': { size: 50 << 20, offset: '0' },
          'node_modules/b/b.node': node,
        }),
        Buffer.alloc(50 << 20, 0x20),
      ),
    },
  }
  for (const [what, { bytes, told }] of Object.entries(archives)) {
    test(`that ${what} doesn’t affect the other packages${told ? ' and is reported' : ''}`, async (t) => {
      const folder = project(t, { ...good, 'resources/app.asar': bytes })
      const { report, error, seconds, text } = await scanApart(folder)
      assert.equal(error, undefined)
      const a = report.packages.find(({ path }) => path.endsWith('/node_modules/a'))
      assert.deepEqual([a?.ok, a?.active?.outcome], [true, 'loads'])
      for (const { path } of report.packages)
        assert.ok(path.startsWith(folder), `${path} leads out`)
      if (told) assert.ok(isTold(report), 'no problem is reported for the archive')
      assert.ok(seconds < 10, `${seconds} s`)
      assert.doesNotMatch(text, /\u001b/)
    })
  }

  test('a folder named app.asar is treated as a folder', async (t) => {
    const files = Object.fromEntries(
      Object.entries(good).map(([name, value]) => [`app.asar/${name}`, value]),
    )
    const { report } = await scanApart(project(t, files))
    assert.deepEqual(
      report.packages.map(({ name, ok }) => [name, ok]),
      [['a', true]],
    )
  })

  test('a pipe named app.asar does not block the scan', async (t) => {
    const folder = project(t, good)
    execFileSync('mkfifo', [join(folder, 'app.asar')])
    const { report } = await scanApart(folder)
    assert.deepEqual(
      report.packages.map(({ name, ok }) => [name, ok]),
      [['a', true]],
    )
  })

  test('a valid archive that this test creates by hand is read', async (t) => {
    const folder = project(t, {
      'app.asar': archive(b({ 'package.json': { size: about.length, offset: '0' } }), content),
    })
    const { report } = await scanApart(folder)
    assert.deepEqual(
      report.packages.map(({ name, version, active }) => [name, version, active?.outcome]),
      [['b', '1.0.0', 'loads']],
    )
  })
})
