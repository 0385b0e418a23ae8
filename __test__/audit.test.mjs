// The audit for package authors: its results for real packages, for systems that are listed without
// a file, and the output of the command.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { auditPackage, formatReport } from '../index.js'
import { auditCorpus } from './corpus/audit.mjs'
import { listFiles } from '../scripts/support/corpus/index.mjs'
import { glibcOf, hasReadelf, macosOf, nodeApiOf, versionsOf } from './support/facts.mjs'
import { copyOf, project, published } from './support/project.mjs'
import { entry, tgz } from './support/tar.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const bufferutil = join(root, 'node_modules', 'bufferutil')
const prebuild = (system) => copyOf(join(bufferutil, 'prebuilds', system, 'bufferutil.node'))
const codes = (problems) => problems.map(({ code, severity }) => `${severity} ${code}`)

/** The folder of a package of the small corpus. */
let packageOf
before(async () => {
  await published()
  const files = listFiles('small')
  packageOf = (name, version) => {
    const one = files.find(
      (file) => file.package === name && (!version || file.version === version),
    )
    return one.file.slice(0, -one.relative.length - 1)
  }
})

describe('published packages', () => {
  test('exactly the files whose names are proved wrong are reported', () => {
    const { packages, told, wrong } = auditCorpus(listFiles('small'), auditPackage)
    const { exceptions } = JSON.parse(
      readFileSync(new URL('./corpus/exceptions.json', import.meta.url), 'utf8'),
    )
    const small = new Set(listFiles('small').map((file) => `${file.package}@${file.version}`))
    assert.deepEqual(wrong, [])
    assert.equal(packages, small.size)
    assert.ok(
      told >= exceptions.filter((row) => small.has(row.package)).length,
      `only ${told} are told`,
    )
  })

  test('the report of a wrong name agrees with the proof in exceptions.json', () => {
    const { exceptions } = JSON.parse(
      readFileSync(new URL('./corpus/exceptions.json', import.meta.url), 'utf8'),
    )
    const files = listFiles('small')
    const rows = exceptions.filter((row) =>
      files.some((file) => `${file.package}@${file.version}` === row.package),
    )
    assert.ok(rows.length >= 3)
    for (const row of rows) {
      const [, name, version] = /^(.+)@([^@]+)$/.exec(row.package)
      const report = auditPackage(packageOf(name, version))
      const meant = report.files.filter(({ file }) => new RegExp(row.files).test(file))
      assert.equal(report.ok, false)
      assert.ok(meant.length > 0, row.files)
      for (const { file, problems } of meant) {
        const problem = problems.find(
          ({ code, what }) => code === 'mislabelled' && what === row.field,
        )
        assert.ok(problem, `${file}: ${JSON.stringify(problems)}`)
        assert.match(`${problem.found}`, new RegExp(`\\b${row.contents}\\b`))
      }
    }
  })

  for (const [name, version] of [
    ['bufferutil', '4.1.0'],
    ['bcrypt', '6.0.0'],
  ]) {
    test(`the minimum versions of ${name} are those that readelf and the load commands show`, {
      skip: !hasReadelf,
    }, () => {
      const folder = packageOf(name, version)
      const { files, floors } = auditPackage(folder)
      const of = (system) => {
        const [platform, arch, libc = null] = system.split('-')
        const fits = ({ binary }) =>
          binary?.platform === platform && binary.arch === arch && binary.libc === libc
        return files.filter(fits).map(({ file }) => join(folder, file))
      }
      const newest = (versions) =>
        versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? null
      const seen = { libc: 0, macos: 0 }
      for (const floor of floors) {
        const own = of(floor.system)
        assert.ok(own.length > 0, floor.system)
        if (floor.system.startsWith('darwin')) {
          assert.equal(floor.macos, newest(own.map(macosOf)), floor.system)
          seen.macos++
        }
        if (!floor.system.startsWith('linux')) continue
        assert.equal(floor.nodeApi, Math.max(...own.map(nodeApiOf)), floor.system)
        if (!floor.system.endsWith('glibc')) continue
        assert.equal(floor.libc, newest(own.map(glibcOf)), floor.system)
        assert.equal(floor.glibcxx, newest(own.flatMap(versionsOf('GLIBCXX'))), floor.system)
        assert.equal(floor.cxxabi, newest(own.flatMap(versionsOf('CXXABI'))), floor.system)
        seen.libc++
      }
      assert.ok(seen.libc > 0 && seen.macos > 0, JSON.stringify(seen))
    })
  }
})

describe('a folder and its archive', () => {
  const alike = ({ path, ...rest }) => rest

  test('of npm pack give the same report except for the path', (t) => {
    const out = project(t)
    const packed = execFileSync(
      'npm',
      ['pack', bufferutil, '--ignore-scripts', '--pack-destination', out],
      {
        encoding: 'utf8',
        cwd: out,
        stdio: ['ignore', 'pipe', 'ignore'],
        shell: process.platform === 'win32',
      },
    )
    const archive = join(out, packed.trim().split('\n').at(-1))
    const report = auditPackage(archive)
    assert.equal(report.path, archive)
    assert.ok(report.files.length > 0)
    assert.deepEqual(alike(report), alike(auditPackage(bufferutil)))
  })

  test('with all kinds of problems give the same report except for the path', (t) => {
    const folder = packageOf('lzma-native')
    const parts = auditPackage(folder).files.map(({ file }) => file)
    const bytes = ['package.json', 'index.js', ...parts].flatMap((name) => {
      try {
        return [entry(`lzma-native/${name}`, readFileSync(join(folder, name)))]
      } catch {
        return []
      }
    })
    const archive = join(project(t, { 'a.tar.gz': tgz(...bytes) }), 'a.tar.gz')
    const report = auditPackage(archive)
    assert.equal(report.ok, false)
    assert.deepEqual(report.files, auditPackage(folder).files)
  })
})

describe('promises', () => {
  const files = {
    'index.js': "module.exports = require('node-gyp-build')(__dirname)\n",
    'prebuilds/linux-x64/node.napi.node': prebuild('linux-x64'),
    'prebuilds/darwin-arm64/node.napi.node': prebuild('darwin-arm64'),
  }
  const manifest = (more) => ({
    name: 'p',
    version: '1.0.0',
    dependencies: { 'node-gyp-build': '4' },
    ...more,
  })
  const missing = (t, more, others = {}) => {
    const report = auditPackage(project(t, { 'package.json': manifest(more), ...files, ...others }))
    return {
      ...report,
      missing: report.problems
        .filter(({ code }) => code === 'missing-target')
        .map(({ severity, system }) => `${severity} ${system}`),
    }
  }

  test('of os and cpu are compared with the files', (t) => {
    const {
      promises,
      missing: lacking,
      ok,
    } = missing(t, { os: ['linux', 'darwin'], cpu: ['x64', 'arm64'] })
    assert.deepEqual(lacking, ['error darwin-x64', 'error linux-arm64-glibc'])
    assert.equal(ok, false)
    assert.deepEqual(
      promises.map(({ system, source, by }) => [system, source, by]),
      [
        ['darwin-arm64', 'os, cpu', 'prebuilds/darwin-arm64/node.napi.node'],
        ['darwin-x64', 'os, cpu', null],
        ['linux-arm64-glibc', 'os, cpu', null],
        ['linux-x64-glibc', 'os, cpu', 'prebuilds/linux-x64/node.napi.node'],
      ],
    )
  })

  test('that an install script can keep by building are warnings', (t) => {
    const system = { os: ['linux'], cpu: ['arm64'] }
    const scripts = { scripts: { install: 'node-gyp-build' } }
    for (const { ok, missing: lacking } of [
      missing(t, { ...system, ...scripts }),
      missing(t, system, { 'binding.gyp': '{}' }),
    ]) {
      assert.deepEqual([ok, lacking], [true, ['warning linux-arm64-glibc']])
    }
  })

  test('that exclude systems, or name only one of os and cpu, are not checked', (t) => {
    for (const more of [
      {},
      { os: ['linux'] },
      { cpu: ['arm64'] },
      { os: ['!win32'], cpu: ['arm64'] },
      { os: [1], cpu: {} },
    ])
      assert.deepEqual(missing(t, more).promises, [], JSON.stringify(more))
  })

  test('of glibc and musl are distinguished', (t) => {
    const lists = { os: ['linux'], cpu: ['x64'], libc: ['glibc', 'musl'] }
    const systems = missing(t, lists).promises.map(({ system }) => system)
    assert.deepEqual(systems, ['linux-x64-glibc', 'linux-x64-musl'])
  })

  test('of a libc are kept by a file whose name does not say the libc', (t) => {
    const folder = join(packageOf('argon2'), 'prebuilds/linux-x64')
    for (const libc of ['glibc', 'musl']) {
      const report = auditPackage(
        project(t, {
          'package.json': { name: 'w', os: ['linux'], cpu: ['x64'], libc: [libc], main: 'w.node' },
          'w.node': copyOf(join(folder, `argon2.${libc}.node`)),
        }),
      )
      assert.deepEqual([report.files[0].problems, report.problems], [[], []])
      assert.equal(report.promises[0].by, 'w.node')
    }
  })

  const targets = ['x86_64-unknown-linux-gnu', 'aarch64-apple-darwin', 'x86_64-pc-windows-msvc']
  const local = { 'q.linux-x64-gnu.node': prebuild('linux-x64') }
  for (const [words, napi] of [
    ['napi.targets', { binaryName: 'q', targets }],
    ['napi.triples', { name: 'q', triples: { defaults: false, additional: targets } }],
  ]) {
    const npm = {
      'package.json': {
        name: 'q',
        napi,
        optionalDependencies: { 'q-darwin-arm64': '1', 'q-linux-arm64-gnu': '1' },
      },
    }

    test(`of ${words} are kept by files and by platform packages`, (t) => {
      const report = auditPackage(project(t, { ...npm, ...local }))
      assert.deepEqual(
        report.promises.map(({ system, source, by }) => [system, source, by]),
        [
          ['darwin-arm64', 'napi.targets', 'q-darwin-arm64'],
          ['linux-x64-glibc', 'napi.targets', 'q.linux-x64-gnu.node'],
          ['win32-x64', 'napi.targets', null],
        ],
      )
      assert.deepEqual(codes(report.problems), ['error missing-target'])
      assert.equal(report.ok, false)
    })

    test(`of ${words} are warnings if a script builds the addon`, (t) => {
      const built = { ...npm['package.json'], scripts: { install: 'napi build' } }
      const report = auditPackage(project(t, { 'package.json': built, ...local }))
      assert.deepEqual([report.ok, codes(report.problems)], [true, ['warning missing-target']])
    })
  }

  test('of napi.triples include the defaults unless they are turned off', (t) => {
    const napi = { name: 'q', triples: {} }
    const report = auditPackage(project(t, { 'package.json': { name: 'q', napi }, ...local }))
    assert.deepEqual(
      report.promises.map(({ system }) => system),
      ['darwin-x64', 'linux-x64-glibc', 'win32-x64'],
    )
  })
})

describe('other problems', () => {
  test('a file that no loader chooses is unreachable', (t) => {
    const folder = project(t, {
      'package.json': { name: 'p', dependencies: { bindings: '1' } },
      'index.js': "module.exports = require('bindings')('x')\n",
      'build/Release/x.node': prebuild('linux-x64'),
      'old/y.node': prebuild('linux-x64'),
    })
    const { ok, files } = auditPackage(folder)
    assert.deepEqual(
      files.map(({ file, foundBy, problems }) => [file, foundBy !== null, codes(problems)]),
      [
        ['build/Release/x.node', true, []],
        ['old/y.node', false, ['warning unreachable-file']],
      ],
    )
    assert.equal(ok, true)
  })

  test('engines that allow too old releases are reported with such a release', () => {
    const report = auditPackage(packageOf('argon2'))
    const [problem] = report.problems.filter(({ code }) => code === 'engines-too-old')
    assert.equal(problem.severity, 'warning')
    assert.equal(problem.nodeApi, Math.max(...report.floors.map(({ nodeApi }) => nodeApi ?? 0)))
    assert.equal(
      problem.engines,
      JSON.parse(readFileSync(join(packageOf('argon2'), 'package.json'), 'utf8')).engines.node,
    )
    assert.match(problem.release, /^\d+\.\d+\.\d+$/)
    assert.ok(problem.systems.includes('linux-x64-glibc'))
  })

  // The file needs Node-API 10. All releases of Node.js before 22.14 have less, and all but 16
  // check it.
  test('engines are read as npm reads them', (t) => {
    const argon2 = copyOf(join(packageOf('argon2'), 'prebuilds/linux-x64/argon2.glibc.node'))
    const rows = [
      ['^16 || >=18', '23.5.0'],
      ['16 - 22', '22.13.1'],
      ['18.x', '18.20.8'],
      ['18 || 20', '20.20.2'],
      ['>= 18 < 21', '20.20.2'],
      ['v20', '20.20.2'],
      ['~20.11', '20.11.1'],
      ['20.11.0', '20.11.0'],
      ['>=18.0.0-0', '23.5.0'],
      // Node.js 16 loads a file that declares any Node-API version.
      ['16.x', null],
      ['^22.14 || >=23.6', null],
      ['22.14 - 22', null],
      ['>=24 || ^16', null],
      ['20 || lts', null],
    ]
    for (const [node, release] of rows) {
      const manifest = { name: 'p', engines: { node } }
      const folder = project(t, { 'package.json': manifest, 'argon2.node': argon2 })
      const found = auditPackage(folder).problems.filter(({ code }) => code === 'engines-too-old')
      assert.deepEqual(
        found.map((problem) => problem.release),
        release ? [release] : [],
        node,
      )
    }
  })

  test('engines that are new enough, missing or invalid are not reported', (t) => {
    const argon2 = copyOf(join(packageOf('argon2'), 'prebuilds/linux-x64/argon2.glibc.node'))
    for (const engines of [
      { node: '>=24' },
      undefined,
      { node: 'nonsense' },
      { node: 5 },
      [],
      { npm: '>=1' },
    ]) {
      const folder = project(t, { 'package.json': { name: 'p', engines }, 'argon2.node': argon2 })
      assert.deepEqual(codes(auditPackage(folder).problems), [], JSON.stringify(engines))
    }
  })

  test('a file that is not an addon is reported, and the report can be printed', (t) => {
    const folder = project(t, {
      'package.json': { name: 'p\u001b[31m' },
      'x.node': 'text '.repeat(40),
    })
    const report = auditPackage(folder)
    assert.deepEqual(
      report.files.map(({ problems }) => problems[0].code),
      ['not-a-binary'],
    )
    const text = formatReport(report, 'text', { verbose: true })
    assert.ok(!text.includes('\u001b'), text)
    assert.deepEqual(JSON.parse(formatReport(report, 'json')), report)
  })
})

describe('abi-guard audit', () => {
  const run = (args, cwd = root) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'cli.js'), ...args],
      {
        cwd,
        encoding: 'utf8',
      },
    )
    return { code: status, out: stdout, err: stderr }
  }
  const lying = (t) =>
    project(t, {
      'package.json': { name: 'p', version: '1.0.0' },
      'prebuilds/darwin-x64/p.node': prebuild('linux-x64'),
    })

  test('exits with 0 if nothing is wrong, also in the current folder', () => {
    const named = run(['audit', bufferutil])
    assert.deepEqual([named.code, named.err], [0, ''])
    assert.match(named.out, /^bufferutil [\d.]+: 5 \.node files, no problem found\.\n/)
    assert.match(named.out, /\nNeeded:\n {2}darwin-arm64 +macOS [\d.]+, Node-API 1 /)
    assert.deepEqual(run(['audit'], bufferutil), named)
  })

  test('exits with 1 if something is wrong, and prints it', (t) => {
    const { code, out } = run(['audit', lying(t)])
    assert.equal(code, 1)
    assert.match(out, /prebuilds\/darwin-x64\/p\.node\n +its name says darwin, but it is linux/)
  })

  test('exits with 2 for a folder or an archive that can’t be read', (t) => {
    const folder = project(t, {
      'empty/a.txt': '',
      'bad.tgz': 'no gzip',
      'x.node': '',
      'bad/package.json': '{',
    })
    for (const args of [
      ['none'],
      ['none.tgz'],
      ['empty'],
      ['bad.tgz'],
      ['x.node'],
      ['bad'],
      ['a', 'b'],
    ]) {
      const { code, out, err } = run(['audit', ...args], folder)
      assert.deepEqual([code, out], [2, ''], args.join())
      assert.match(err, /^abi-guard: [^\n]+\n$/)
      assert.doesNotMatch(err, /unexpected/, err)
    }
  })

  test('prints JSON with --json, details with --verbose, and nothing with --quiet', (t) => {
    assert.deepEqual(JSON.parse(run(['audit', bufferutil, '--json']).out), auditPackage(bufferutil))
    assert.match(
      run(['audit', bufferutil, '--verbose']).out,
      /linux-x64\/bufferutil\.node\n +loaded by node\/linux-x64/,
    )
    assert.deepEqual(run(['audit', bufferutil, '--quiet']), { code: 0, out: '', err: '' })
    assert.match(run(['audit', lying(t), '--quiet']).out, /its name says darwin/)
  })

  test('rejects options of other commands', () => {
    for (const option of [
      '--target=node@22',
      '--production',
      '--strict',
      '--ignore=a',
      '--threads',
    ]) {
      const { code, err } = run(['audit', option])
      assert.equal(code, 2)
      assert.match(err, /has no meaning for "audit"/)
    }
  })

  test('has a help text', () => {
    const { code, out } = run(['audit', '--help'])
    assert.equal(code, 0)
    assert.match(out, /abi-guard audit \[directory or \.tgz\]/)
    for (const word of ['os, cpu, libc or napi.targets', '--json', '--quiet', '--verbose'])
      assert.ok(out.includes(word), word)
    assert.doesNotMatch(out, /--target/)
    assert.match(run(['--help']).out, /abi-guard audit \[directory or \.tgz\]/)
  })
})
