// Images of containers: they are checked without being unpacked, and the real loader in the unpacked
// image agrees.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { checkArtifact } from '../index.js'
import promises from '../promises.js'
import { compile, compiler } from './fixtures/compile.mjs'
import {
  NODE,
  compressions,
  filesLayer,
  folder,
  hardLink,
  layer,
  layoutOf,
  link,
  systemLayer,
  tarOf,
  writeLayout,
} from './support/image.mjs'
import { project, withBindings } from './support/project.mjs'
import { entry } from './support/tar.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
const skip = !(isLinuxX64 && compiler()) && 'needs Linux on x64 and gcc'
const NATIVE = 'srv/node_modules/native'
const ADDON = `${NATIVE}/build/Release/x.node`

/** For images without a runtime. */
const target = 'node@22/linux-x64'

/** What a report says, without the place of the image and the time. */
const timeless = (reports, place) =>
  JSON.parse(
    JSON.stringify(reports)
      .replaceAll(place, '<image>')
      .replace(/"milliseconds":[\d.]+/g, '"milliseconds":0'),
  )

describe('an image of a container', { skip }, () => {
  let good, bad, needy, apart, system, merged, app
  before(async () => {
    const bytes = async (...how) => readFileSync(await compile(...how))
    good = await bytes('good', { NAPISYM: true })
    bad = await bytes('bad', { CTOR: 93, NO_EXPORTS: true })
    needy = await bytes('needy', { NAPISYM: true }, { library: { NO_EXPORTS: true } })
    const flags = ['-Wl,-rpath,/opt/own']
    const far = await compile('far', { NAPISYM: true }, { library: { NO_EXPORTS: true }, flags })
    apart = { addon: readFileSync(far), library: readFileSync(join(dirname(far), 'libfar.so')) }
    system = systemLayer()
    merged = systemLayer({ merged: true })
    app = (addon, place = 'srv') =>
      Object.fromEntries(
        Object.entries({
          'package.json': { name: 'app', version: '1.0.0', dependencies: { native: '1.2.3' } },
          'index.js': "require('native')\n",
          ...withBindings('native', addon),
          'node_modules/bindings/package.json': { name: 'bindings', version: '1.5.0' },
          'node_modules/bindings/index.js':
            "module.exports = () => require('../native/build/Release/x.node')\n",
        }).map(([name, content]) => [`${place}/${name}`, content]),
      )
  })
  const written = (t, bytes) => {
    const file = join(project(t), 'image.tar')
    writeFileSync(file, bytes)
    return file
  }
  const check = (t, layers, more, options) =>
    checkArtifact(written(t, tarOf(layoutOf({ layers, ...more }))), options)

  for (const [name, compress] of Object.entries(compressions()))
    test(`is judged with its own Node.js and libraries, in every form (compression: ${name})`, {
      skip: name !== 'none' && fullLane,
    }, async (t) => {
      const layers = [system, filesLayer(app(good))].map(compress)
      const files = layoutOf({ layers })
      const tar = written(t, tarOf(files))
      const place = project(t)
      writeLayout(place, files)
      const reports = checkArtifact(tar)
      const [{ ok, directory, target, packages, complete }] = reports
      assert.deepEqual([ok, complete, reports.length], [true, true, 1])
      assert.equal(directory, `${tar}/linux-amd64/srv`)
      assert.equal(target.version, process.versions.node)
      assert.equal(target.execPath, `${tar}/linux-amd64/${NODE}`)
      assert.deepEqual(
        packages.map((one) => [one.name, one.active.outcome]),
        [['native', 'loads']],
      )
      const expected = timeless(reports, tar)
      assert.deepEqual(timeless(checkArtifact(place), place), expected, 'a folder')
      const { 'index.json': _, 'oci-layout': __, ...docker } = files
      const saved = written(t, tarOf(docker))
      assert.deepEqual(timeless(checkArtifact(saved), saved), expected, 'docker save')
      const packed = written(t, gzipSync(tarOf(files), { level: 1 }))
      assert.deepEqual(timeless(checkArtifact(packed), packed), expected, 'a compressed tar')
      const later = await promises.checkArtifact(tar)
      assert.deepEqual(timeless(later, tar), expected, 'a promise')
    })

  const first = ([{ ok, packages }]) => [ok, packages[0]?.active?.outcome]
  for (const [what, layers, expected] of [
    ['replaces an addon', () => [filesLayer({ [ADDON]: bad })], [false, 'throws']],
    [
      'removes an addon',
      () => [filesLayer({ [`${NATIVE}/build/Release/.wh.x.node`]: '' })],
      [false],
    ],
    [
      'removes a folder, and a later one brings it back',
      () => [filesLayer({ [`${NATIVE}/.wh.build`]: '' }), filesLayer({ [ADDON]: bad })],
      [false, 'throws'],
    ],
    [
      'hides what is below a folder',
      () => [filesLayer({ [`${NATIVE}/build/.wh..wh..opq`]: '' })],
      [false],
    ],
    [
      'hides what is below a folder, and has its own',
      () => [filesLayer({ [ADDON]: bad, [`${NATIVE}/build/Release/.wh..wh..opq`]: '' })],
      [false, 'throws'],
    ],
    [
      'replaces an addon by a hard link',
      () => [layer(entry('other', bad), hardLink(ADDON, 'other'))],
      [false, 'throws'],
    ],
    [
      'writes through a link of a layer below',
      () => [
        filesLayer({ '.wh.srv': '' }),
        filesLayer(app(good, 'data/srv')),
        layer(link('srv', '/data/srv')),
        filesLayer({ [ADDON]: bad }),
      ],
      [false, 'throws'],
    ],
    ['has folders only', () => [layer(folder('srv'), folder(NATIVE))], [true, 'loads']],
    ['removes nothing that exists', () => [filesLayer({ 'srv/.wh.none': '' })], [true, 'loads']],
  ])
    test(`a layer ${what}`, (t) => {
      const found = first(check(t, [filesLayer(app(good)), ...layers()], {}, { target }))
      assert.deepEqual(found.slice(0, expected.length), expected)
    })

  test('the loader in the unpacked image agrees', {
    skip: spawnSync('unshare', ['-r', 'true']).status !== 0 && 'needs user namespaces',
  }, (t) => {
    const library = filesLayer({ 'opt/own/libfar.so': apart.library })
    for (const [addon, ok, outcome, ...lower] of [
      [good, true, 'loads', system],
      [bad, false, 'throws', system],
      [needy, false, 'throws', system],
      [Buffer.from('text'), false, 'throws', system],
      [apart.addon, true, 'loads', merged, library],
      [apart.addon, false, 'throws', merged],
    ]) {
      const layers = [...lower, filesLayer(app(addon))]
      assert.deepEqual(first(check(t, layers)), [ok, outcome])
      const root = project(t)
      for (const input of layers) execFileSync('tar', ['-xf', '-', '-C', root], { input })
      execFileSync('chmod', ['-R', '755', root])
      const args = ['-r', 'chroot', root, `/${NODE}`, '/srv/index.js']
      const { status } = spawnSync('unshare', args, { stdio: 'ignore' })
      assert.equal(status === 0, ok, `${outcome}: the real load ended with ${status}`)
    }
  })

  for (const [what, place, config] of [
    [
      'the script that it starts',
      'opt/app',
      { Cmd: ['node', '--enable-source-maps', '/opt/app/index.js'] },
    ],
    ['a script without its extension', 'opt/app', { Cmd: ['node', '/opt/app/index'] }],
    ['the words of a shell', 'opt/app', { Cmd: ['sh', '-c', 'exec node /opt/app/index.js'] }],
    ['its working directory', 'opt/app', { WorkingDir: '/opt/app', Cmd: ['npm', 'start'] }],
    ['a relative script', 'opt/app', { WorkingDir: '/opt', Entrypoint: ['node', 'app/index.js'] }],
    ['nothing else', 'home/node/app', {}],
  ])
    test(`the app is found by ${what}`, (t) => {
      const other = { 'usr/local/lib/node_modules/npm/package.json': { name: 'npm' } }
      const layers = [filesLayer({ ...app(good, place), ...other })]
      const reports = check(t, layers, { config }, { target })
      assert.deepEqual(
        reports.map((report) => report.directory.split('/linux-amd64/')[1]),
        [place],
      )
    })

  test('nothing is found outside of the image, where it lies', (t) => {
    const place = project(t, { ...withBindings('native', good), 'package-lock.json': '{}' })
    const file = join(place, 'image.tar')
    const { [ADDON]: _, ...rest } = app(good)
    const needing = { ...rest, 'srv/package.json': { dependencies: { native: '1', other: '1' } } }
    const layers = [filesLayer(needing)]
    writeFileSync(file, tarOf(layoutOf({ layers })))
    writeFileSync(join(place, 'node_modules/native/package.json'), '{"name":"other"}')
    execFileSync('mv', [join(place, 'node_modules/native'), join(place, 'node_modules/other')])
    const [{ packages }] = checkArtifact(file, { target })
    assert.deepEqual(
      packages.map(({ name, ok }) => [name, ok]),
      [['native', false]],
    )
  })

  test('several images give a report each, and a target replaces their runtimes', (t) => {
    const images = ['amd64', 'arm64'].map((architecture) => ({
      layers: [filesLayer(app(good))],
      architecture,
    }))
    const file = written(t, tarOf(layoutOf(...images)))
    assert.throws(() => checkArtifact(file), {
      code: 'ERR_NO_RUNTIME_IN_ARTIFACT',
      message: /linux\/amd64.*--target/,
    })
    const reports = checkArtifact(file, { target: 'node@22/linux-arm64' })
    assert.deepEqual(
      reports.map(({ ok, directory }) => [ok, directory.split('/').at(-2)]),
      [
        [false, 'linux-amd64'],
        [false, 'linux-arm64'],
      ],
    )
  })

  test('on the command line', (t) => {
    const run = (addon, ...more) => {
      const file = written(t, tarOf(layoutOf({ layers: [system, filesLayer(app(addon))] })))
      const args = [cli, 'check', file, ...more]
      return spawnSync(process.execPath, args, { encoding: 'utf8' })
    }
    const fine = run(good, '--json')
    assert.deepEqual([fine.status, JSON.parse(fine.stdout).kind], [0, 'scan'])
    const broken = run(bad)
    assert.equal(broken.status, 1)
    assert.match(broken.stdout, /✖ native 1\.2\.3/)
    const text = join(project(t, { 'a.tar': 'text' }), 'a.tar')
    const { status, stderr } = spawnSync(process.execPath, [cli, 'check', text], {
      encoding: 'utf8',
    })
    assert.equal(status, 2)
    assert.match(stderr, /^abi-guard: .*a\.tar/)
  })
})

describe('a file that is no image, or a hostile one', () => {
  const files = () =>
    layoutOf({ layers: [filesLayer({ 'srv/node_modules/a/package.json': '{}' })] })
  const without = (pattern) =>
    Object.fromEntries(Object.entries(files()).filter(([name]) => !pattern.test(name)))
  const withLayer = (bytes) => tarOf(layoutOf({ layers: [bytes] }))
  const zeros = () => gzipSync(Buffer.alloc(200 << 20))
  const own = (name) => JSON.stringify({ manifests: [{ digest: name, mediaType: 'x.index' }] })

  for (const [what, bytes, code] of [
    ['text', () => 'text', 'ERR_INVALID_ARTIFACT'],
    ['nothing', () => '', 'ERR_NO_APP_IN_ARTIFACT'],
    ['another tar', () => filesLayer({ a: 'b' }), 'ERR_NO_APP_IN_ARTIFACT'],
    ['an image without its layers', () => tarOf(without(/blobs/)), 'ERR_INVALID_ARTIFACT'],
    [
      'an index that is no JSON',
      () => tarOf({ ...files(), 'index.json': '{' }),
      'ERR_INVALID_ARTIFACT',
    ],
    [
      'an index that leads out',
      () => tarOf({ ...files(), 'index.json': own('sha256:../../../../../etc/passwd') }),
      'ERR_INVALID_ARTIFACT',
    ],
    [
      'an index that leads to itself',
      () => tarOf({ ...files(), 'index.json': own('sha256:a'), 'blobs/sha256/a': own('sha256:a') }),
      'ERR_INVALID_ARTIFACT',
    ],
    ['a layer that unpacks to zeros', () => withLayer(zeros()), 'ERR_INVALID_ARTIFACT'],
    ['a layer of text', () => withLayer(Buffer.from('text'.repeat(300))), 'ERR_INVALID_ARTIFACT'],
    ['a layer of bzip2', () => withLayer(Buffer.from('BZh91AY&SY')), 'ERR_INVALID_ARTIFACT'],
    [
      'a layer of broken Zstandard',
      () => withLayer(Buffer.from('28b52ffd0000ffff', 'hex')),
      'ERR_INVALID_ARTIFACT',
    ],
    [
      'an image without an app',
      () => withLayer(filesLayer({ 'srv/a.js': '' })),
      'ERR_NO_APP_IN_ARTIFACT',
    ],
  ])
    test(what, (t) => {
      const file = join(project(t), 'image.tar')
      writeFileSync(file, bytes())
      const start = performance.now()
      assert.throws(
        () => checkArtifact(file, { target }),
        (error) => {
          assert.equal(error.code, code, error.message)
          assert.ok(error.message.startsWith(file), error.message)
          return true
        },
      )
      assert.ok(performance.now() - start < 5000)
    })

  test('a file that does not exist', () => {
    assert.throws(() => checkArtifact('/none.tar'), { code: 'ENOENT' })
  })

  test('is never followed out of itself', (t) => {
    const layers = [
      layer(
        link('srv', '/etc/../../../../../../srv-real'),
        entry('srv-real/node_modules/a/package.json', '{"name":"a"}'),
        link('srv-real/node_modules/b', '../../../../../../../../../../etc'),
        link('srv-real/node_modules/loop', 'loop'),
        entry('srv-real/node_modules/a/device.node', '', { type: '3' }),
        entry('srv-real/node_modules/a/pipe.node', '', { type: '6' }),
        entry('../../../out/node_modules/x.node', 'x'),
        hardLink('srv-real/node_modules/a/hard.node', '../../../../etc/passwd'),
        hardLink('srv-real/node_modules/a/none.node', 'none'),
      ),
    ]
    const file = join(project(t), 'image.tar')
    writeFileSync(file, tarOf(layoutOf({ layers })))
    const [report] = checkArtifact(file, { target })
    assert.equal(report.directory, `${file}/linux-amd64/srv-real`)
    assert.deepEqual(report.packages, [])
    assert.equal(report.stats.files, 0)
  })

  test('cut anywhere, it gives a coded error or a report', (t) => {
    const whole = tarOf(
      layoutOf({ layers: [gzipSync(filesLayer({ 'srv/node_modules/a/a.node': 'x' }))] }),
    )
    const file = join(project(t), 'image.tar')
    for (let length = 0; length < whole.length; length += 97) {
      writeFileSync(file, whole.subarray(0, length))
      try {
        checkArtifact(file, { target })
      } catch (error) {
        assert.match(error.code, /^ERR_\w+_ARTIFACT$/, error.stack)
      }
    }
  })
})
