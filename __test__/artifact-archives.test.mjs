// Archives that ship: .zip, .tgz, .vsix, .mcpb, .deb, app.asar. Each is judged as the folder that
// it was made of, for the runtimes for which it is made.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { checkArtifact, scanNodeModules } from '../index.js'
import promises from '../promises.js'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { cli } from './support/command.mjs'
import { ar, asar, debian, xz } from './support/debian.mjs'
import { compressions, filesLayer, folder, layer, link } from './support/image.mjs'
import { project, withBindings } from './support/project.mjs'
import { entry } from './support/tar.mjs'
import { zip, zipped } from './support/zip.mjs'

const skip = !(isLinuxX64 && compiler()) && 'needs Linux on x64 and gcc'
const target = 'lambda/nodejs22'
const ADDON = 'node_modules/native/build/Release/x.node'

/** What a report says, without its place and its time. */
const timeless = (report) =>
  JSON.parse(
    JSON.stringify(report)
      .replaceAll(report.directory, '<app>')
      .replace(/"milliseconds":[\d.]+/g, '"milliseconds":0'),
  )
const text = (content) =>
  typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content)
const below = (place, files) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${place}${name}`, content]))
const zipOf = (files, how) =>
  zip(Object.entries(files).map(([name, content]) => zipped(name, text(content), how)))
const texts = (files) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [name, text(content)]))

function written(t, name, bytes) {
  const file = join(project(t), name)
  writeFileSync(file, bytes)
  return file
}
const check = (t, name, bytes, options) => checkArtifact(written(t, name, bytes), options)
const verdicts = (reports) =>
  reports.map(({ ok, target: { runtime, version, platform, arch, libc } }) => [
    `${runtime}@${version.split('.')[0]}/${platform}-${arch}${libc === 'musl' ? '-musl' : ''}`,
    ok,
  ])

describe('an archive', { skip }, () => {
  let napi, v8, app
  before(async () => {
    const bytes = async (...how) => readFileSync(await compile(...how))
    napi = await bytes('napi', { NAPISYM: true })
    v8 = await bytes('v8', { CTOR: 93, NO_EXPORTS: true })
    app = (addon, more) => ({
      'package.json': { name: 'app', version: '1.0.0', dependencies: { native: '1.2.3' }, ...more },
      'index.js': "require('native')\n",
      ...withBindings('native', addon),
      'node_modules/bindings/package.json': { name: 'bindings', version: '1.5.0' },
      'node_modules/bindings/index.js':
        "module.exports = () => require('../native/build/Release/x.node')\n",
    })
  })

  const packed = {
    'deflated.zip': (files) => zipOf(files),
    'stored.zip': (files) => zipOf(files, { stored: true }),
    'written-on-windows.zip': (files) =>
      zip(
        Object.entries(files).map(([name, content]) =>
          zipped(name.replaceAll('/', '\\'), text(content)),
        ),
      ),
    'with-a-comment.zip': (files) =>
      zip(
        Object.entries(files).map(([name, content]) => zipped(name, text(content))),
        { comment: 'PK' },
      ),
    'app.tar': (files) => filesLayer(files),
    'npm.tgz': (files) => gzipSync(filesLayer(below('package/', files))),
    'app.tar.xz': (files) => xz(filesLayer(files)),
    'gzip.deb': (files) =>
      debian(filesLayer(below('./opt/app/', files)), 'data.tar.gz', (tar) => gzipSync(tar)),
    'xz.deb': (files) => debian(filesLayer(below('./opt/app/', files)), 'data.tar.xz', xz),
    'plain.deb': (files) =>
      debian(filesLayer(below('./usr/lib/app/', files)), 'data.tar', (tar) => tar),
    'layer.zip': (files) => zipOf(below('nodejs/', files)),
    'app.asar': (files) => asar(texts(files)),
    ...(compressions().zstd && {
      'zstd.deb': (files) =>
        debian(filesLayer(below('./opt/app/', files)), 'data.tar.zst', compressions().zstd),
    }),
  }
  for (const [name, pack] of Object.entries(packed))
    test(`${name} has the verdict of its folder`, async (t) => {
      for (const addon of [napi, v8]) {
        const place = project(t, app(addon))
        const expected = timeless(scanNodeModules(place, { target }))
        const file = written(t, name, pack(app(addon)))
        const [report, ...others] = checkArtifact(file, { target })
        assert.equal(others.length, 0)
        assert.ok(report.directory.startsWith(file), report.directory)
        assert.equal(report.ok, addon === napi)
        if (!name.endsWith('.asar')) assert.deepEqual(timeless(report), expected)
        const [later] = await promises.checkArtifact(file, { target })
        assert.deepEqual(timeless(later), timeless(report))
      }
    })

  test('links lead through a zip and never out', (t) => {
    const files = app(napi)
    const entries = Object.entries(below('real/', files)).map(([name, content]) =>
      zipped(name, text(content)),
    )
    const reports = check(
      t,
      'links.zip',
      zip([
        ...entries,
        zipped('app', 'real', { link: true }),
        zipped('real/node_modules/up', '../../../../../../../../etc', { link: true }),
        zipped('real/node_modules/loop', 'loop', { link: true, stored: true }),
        zipped('../out/node_modules/x/x.node', 'x'),
        zipped('/abs/node_modules/y/y.node', 'x'),
      ]),
      { target },
    )
    assert.deepEqual(
      reports.map(({ directory, ok }) => [directory.split('/').at(-1), ok]),
      [
        ['abs', false],
        ['real', true],
      ],
    )
  })

  const vsix = (files, identity = '') =>
    zipOf({
      'extension.vsixmanifest': `<PackageManifest><Metadata><Identity Id="a" ${identity}/>`,
      ...below('extension/', files),
    })
  test('.vsix: for the Electron of VS Code, on the platform of the manifest', (t) => {
    const engines = { engines: { vscode: '^1.125.0' } }
    const ext = (addon, more, platform) =>
      verdicts(check(t, 'a.vsix', vsix(app(addon, more), platform)))
    const linux = 'TargetPlatform="linux-x64"'
    assert.deepEqual(ext(napi, engines, linux), [['electron@42/linux-x64', true]])
    assert.deepEqual(ext(v8, engines, linux), [['electron@42/linux-x64', false]])
    assert.deepEqual(ext(napi, { engines: { vscode: '>=1.85' } }, linux), [
      ['electron@42/linux-x64', true],
      ['electron@25/linux-x64', true],
    ])
    assert.deepEqual(ext(napi, engines, 'TargetPlatform="darwin-arm64"'), [
      ['electron@42/darwin-arm64', false],
    ])
    assert.deepEqual(
      ext(napi, engines, 'TargetPlatform="alpine-x64"')[0][0],
      'node@24/linux-x64-musl',
    )
  })

  test('.vsix for all platforms: judged for each', (t) => {
    const found = verdicts(check(t, 'a.vsix', vsix(app(napi, { engines: { vscode: '*' } }))))
    assert.deepEqual(
      found.filter(([, ok]) => ok).map(([name]) => name),
      ['electron@42/linux-x64', 'node@24/linux-x64-musl'],
    )
    assert.equal(found.length, 9)
    const without = check(t, 'a.vsix', vsix({ 'package.json': { name: 'a' } }))
    assert.deepEqual(verdicts(without), [['electron@42/win32-x64', true]])
  })

  test('a target replaces those of an archive', (t) => {
    const found = check(t, 'a.vsix', vsix(app(napi)), { target: 'node@20/linux-x64-glibc' })
    assert.deepEqual(verdicts(found), [['node@20/linux-x64', true]])
  })

  const mcpb = (files, manifest) =>
    zipOf({
      'manifest.json': {
        manifest_version: '0.3',
        server: { type: 'node', entry_point: 'server/index.js' },
        ...manifest,
      },
      ...files,
    })
  test('.mcpb: for each platform that it promises', (t) => {
    const found = (manifest, place = '') =>
      verdicts(check(t, 'a.mcpb', mcpb(below(place, app(napi)), manifest)))
    assert.deepEqual(found({}), [
      ['node@22/darwin-arm64', false],
      ['node@22/darwin-x64', false],
      ['node@22/win32-x64', false],
      ['node@22/linux-x64', true],
    ])
    const linux = { platforms: ['linux'], runtimes: { node: '>=20 <21' } }
    assert.deepEqual(found({ compatibility: linux }), [['node@20/linux-x64', true]])
    assert.deepEqual(found({ compatibility: linux }, 'server/'), [['node@20/linux-x64', true]])
    const python = mcpb({ 'server/main.py': '' }, { server: { type: 'python' } })
    assert.throws(() => check(t, 'a.mcpb', python), { code: 'ERR_NO_APP_IN_ARTIFACT' })
  })

  test('a packaged Electron app: for the Electron in it', (t) => {
    const packaged = (addon) => {
      const { [ADDON]: _, ...files } = texts(app(addon))
      return {
        'libffmpeg.so': napi,
        version: 'v30.0.0',
        'resources/app.asar': asar(files, { [ADDON]: addon }),
        [`resources/app.asar.unpacked/${ADDON}`]: addon,
      }
    }
    for (const [name, pack] of [
      ['app.zip', (files) => zipOf(files)],
      ['folder.zip', (files) => zipOf(below('app-linux-x64/', files))],
      ['app.deb', (files) => debian(filesLayer(below('./opt/App/', files)), 'data.tar.xz', xz)],
    ])
      for (const [addon, ok] of [
        [napi, true],
        [v8, false],
      ])
        assert.deepEqual(
          verdicts(check(t, name, pack(packaged(addon)))),
          [['electron@30/linux-x64', ok]],
          name,
        )
    const place = project(t, packaged(v8))
    assert.deepEqual(verdicts(checkArtifact(place)), [['electron@30/linux-x64', false]])
    const inside = checkArtifact(join(place, 'resources/app.asar'))
    assert.deepEqual(verdicts(inside), [['electron@30/linux-x64', false]])
  })

  test('an archive that names no runtime', (t) => {
    assert.throws(() => check(t, 'fn.zip', zipOf(app(napi))), {
      code: 'ERR_NO_RUNTIME_IN_ARTIFACT',
      message: /fn\.zip doesn't say .*--target lambda\/nodejs22/,
    })
    const set = app(v8, { 'abi-guard': { target } })
    assert.deepEqual(verdicts(check(t, 'fn.zip', zipOf(set))), [['node@22/linux-x64', false]])
  })

  test('an ordinary folder is no artifact', (t) => {
    const place = project(t, app(napi))
    assert.throws(() => checkArtifact(place), {
      code: 'ERR_UNKNOWN_ARTIFACT',
      message: /abi-guard/,
    })
  })

  test('on the command line', (t) => {
    const run = (name, bytes, ...more) =>
      spawnSync(process.execPath, [cli, 'check', written(t, name, bytes), ...more], {
        encoding: 'utf8',
      })
    const fine = run('fn.zip', zipOf(app(napi)), '--target', target)
    assert.deepEqual([fine.status, fine.stderr], [0, ''])
    assert.match(fine.stdout, /^1 native package checked for Node\.js 22/)
    const broken = run('a.vsix', vsix(app(v8), 'TargetPlatform="linux-x64"'))
    assert.equal(broken.status, 1)
    assert.match(broken.stdout, /by Electron 42.*✖ native 1\.2\.3/s)
    const lacking = run('fn.zip', zipOf(app(napi)))
    assert.deepEqual([lacking.status, lacking.stdout], [2, ''])
    assert.match(lacking.stderr, /^abi-guard: .*fn\.zip.* --target lambda\/nodejs22/)
  })
})

describe('a hostile archive', () => {
  const fine = [
    zipped('package.json', '{"name":"app"}'),
    zipped('node_modules/a/package.json', '{"name":"a"}'),
  ]
  const INVALID = 'ERR_INVALID_ARTIFACT'
  for (const [what, name, bytes, message] of [
    [
      'an encrypted zip',
      'a.zip',
      () => zip([...fine, zipped(ADDON, 'x', { flags: 1 })]),
      /a\.zip can't be read: .*x\.node: it is encrypted/,
    ],
    [
      'another compression',
      'a.zip',
      () => zip([...fine, zipped(ADDON, 'x', { method: 14 })]),
      /x\.node: it is compressed with method 14/,
    ],
    [
      'a wrong checksum',
      'a.zip',
      () => zip([zipped('package.json', '{"a":1}', { crc: 1 })]),
      /package\.json: its checksum is wrong/,
    ],
    [
      'a size that is too small',
      'a.zip',
      () => zip([zipped('package.json', '{"name":"app"}', { size: 3 })]),
      /package\.json: its checksum/,
    ],
    [
      'a stored size that differs',
      'a.zip',
      () => zip([zipped('package.json', '{"name":"app"}', { stored: true, size: 3 })]),
      /package\.json: it ends too early/,
    ],
    [
      'a length behind the end',
      'a.zip',
      () => zip([zipped('package.json', '{}', { length: 1 << 30 })]),
      /package\.json: it ends too early/,
    ],
    [
      'a header elsewhere',
      'a.zip',
      () => zip([zipped('package.json', '{}', { at: 1 << 30 })]),
      /package\.json: it ends too early/,
    ],
    [
      'no deflate',
      'a.zip',
      () => zip([zipped('package.json', '{}', { packed: Buffer.alloc(90, 0xff) })]),
      /package\.json: it is not valid deflate/,
    ],
    ['entries that share their contents', 'a.zip', () => bomb(8), /it unpacks to too many bytes/],
    [
      'a link with a long target',
      'a.zip',
      () => zip([zipped('a', 'b'.repeat(5000), { link: true })]),
      /a: it contains a name that is too long/,
    ],
    ['a zip without a directory', 'a.zip', () => zip(fine).subarray(0, 60), /not a valid zip/],
    ['a .deb without data', 'a.deb', () => ar({ 'debian-binary': '2.0\n' }), /Debian package/],
    ['a .deb with text', 'a.deb', () => Buffer.from('!<arch>\ntext'), /Debian package/],
    [
      'a .deb whose data end early',
      'a.deb',
      () => debian(filesLayer({ a: 'b' }), 'data.tar.xz', xz).subarray(0, 250),
      /it (ends too early|is not valid xz)/,
    ],
    [
      'broken xz',
      'a.tar.xz',
      () => Buffer.from(`fd377a585a00${'00ff'.repeat(20)}`, 'hex'),
      /not valid xz/,
    ],
    ['an asar with a wrong header', 'a.asar', () => asar({ a: 'b' }).subarray(0, 20), /asar/],
  ])
    test(what, (t) => {
      const file = written(t, name, bytes())
      const start = performance.now()
      assert.throws(
        () => checkArtifact(file, { target }),
        (error) => {
          assert.equal(error.code, INVALID, error.message)
          assert.match(error.message, message)
          return true
        },
      )
      assert.ok(performance.now() - start < 10_000)
    })

  /** A zip whose entries share the contents of the first one: 30 MiB each. */
  function bomb(count) {
    const body = Buffer.alloc(30 << 20, ' ')
    const packed = deflateRawSync(body, { level: 1 })
    const how = { packed: '', at: 0, size: body.length, length: packed.length, crc: crc32(body) }
    const others = Array.from({ length: count }, (_, at) => zipped(`b${at}.json`, '', how))
    return zip([zipped('a.json', body, { packed }), ...others])
  }

  test('cut anywhere, it gives a coded error or a report', (t) => {
    const file = join(project(t), 'a')
    for (const whole of [
      zip(fine),
      debian(filesLayer({ 'opt/a/package.json': '{}' }), 'data.tar.xz', xz),
      asar({ 'package.json': '{}' }),
      layer(folder('a'), link('b', 'a'), entry('a/package.json', '{}')),
    ])
      for (let length = 0; length < whole.length; length += 7) {
        writeFileSync(file, whole.subarray(0, length))
        try {
          checkArtifact(file, { target })
        } catch (error) {
          assert.match(error.code, /^ERR_\w+_ARTIFACT$/, error.stack)
        }
      }
  })
})
