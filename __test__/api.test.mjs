// The public functions, tested with real addons: those of the devDependencies, and the small
// corpus.
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, normalize, relative } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import abiGuard, {
  checkAbi,
  checkPackage,
  formatReport,
  listRuntimes,
  resolveRuntime,
  scanNodeModules,
} from '../index.js'
import * as promises from '../promises.js'
import { copyOf, project, published, withBindings } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const bufferutil = join(root, 'node_modules', 'bufferutil')
const prebuild = join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node')
/** A fixed runtime instead of this process, so that the results are the same on every machine. */
const target = 'node@20.20.2/linux-x64-glibc2.36'
const codes = ({ problems }) =>
  problems.filter(({ code }) => code !== 'undetermined').map(({ code }) => code)

describe('one file', () => {
  let file
  before(async () => {
    file = await published('@datadog/pprof', 'argon2', 'deasync')
  })

  test('of Node-API loads, and the report says what it is', () => {
    const report = checkAbi(prebuild, { target })
    assert.equal(report.file, prebuild)
    assert.equal(report.outcome, 'loads')
    assert.equal(report.ok, true)
    assert.equal(report.loaderMessage, null)
    assert.deepEqual(codes(report), [])
    const { libraries, ...binary } = report.binary
    assert.deepEqual(binary, {
      format: 'elf',
      platform: 'linux',
      arch: 'x64',
      libc: 'glibc',
      libcVersion: '2.4',
      size: 14584,
    })
    assert.deepEqual(libraries, ['libc.so.6'])
    assert.deepEqual(report.addon, {
      api: 'node-api',
      abi: null,
      runtimes: [],
      nodeApi: { declared: null, computed: 1 },
      contextAware: true,
    })
    assert.equal(report.target.abi, 115)
  })

  test('of another ABI throws the error text of Node.js, and the numbers are facts', () => {
    const addon = file('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi108.node')
    const report = checkAbi(addon, { target })
    assert.equal(report.outcome, 'throws')
    assert.equal(report.ok, false)
    assert.deepEqual(report.addon.runtimes, ['Node.js 18'])
    const problem = report.problems.find(({ code }) => code === 'abi-mismatch')
    assert.equal(problem.severity, 'error')
    assert.equal(problem.message, 'built for Node.js 18 (ABI 108), Node.js 20.20.2 needs ABI 115')
    assert.deepEqual([problem.builtForAbi, problem.requiredAbi], [108, 115])
    assert.match(
      report.loaderMessage,
      /^The module '.+'\nwas compiled against a different Node\.js version using\n/,
    )
    assert.equal(checkAbi(addon, { target: 'node@18/linux-x64-glibc2.36' }).outcome, 'loads')
  })

  test('that kills the process has another outcome than one that throws', () => {
    const addon = file('argon2', 'prebuilds/linux-x64/argon2.glibc.node')
    const report = checkAbi(addon, { target })
    assert.equal(report.outcome, 'crashes')
    assert.deepEqual(codes(report), ['node-api-too-new'])
    assert.equal(report.loaderMessage, null)
  })

  test('is judged for every kind of runtime', () => {
    const addon = file('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi108.node')
    const rows = [
      ['electron@31/linux-x64-glibc', ['abi-mismatch']],
      ['bun@1.4/linux-x64-glibc', ['abi-mismatch']],
      ['deno@2.9/linux-x64-glibc', ['unsupported-addon-api']],
      ['node@18/linux-x64-musl', ['wrong-libc']],
      ['node@18/linux-arm64-glibc', ['wrong-arch']],
      ['node@18/win32-x64', ['wrong-platform']],
      ['node@18/darwin-arm64', ['wrong-platform']],
    ]
    for (const [spec, expected] of rows) {
      const report = checkAbi(addon, { target: spec })
      // A file for glibc is distinguished from one for musl by the libraries that it needs. Some
      // files need none that differs.
      if (report.outcome !== 'unknown') assert.deepEqual(codes(report), expected, spec)
      assert.notEqual(report.outcome, 'loads', spec)
    }
  })

  test('that can be loaded only once fails if the option threads is set', () => {
    const addon = file('deasync', 'bin/linux-x64-node-9/deasync.node')
    const spec = 'node@9/linux-x64-glibc2.36'
    assert.equal(checkAbi(addon, { target: spec }).outcome, 'loads')
    const report = checkAbi(addon, { target: spec, threads: true })
    assert.equal(report.outcome, 'throws')
    assert.deepEqual(codes(report), ['not-context-aware'])
  })

  test('may be named by a URL or relative to the current folder', () => {
    assert.equal(checkAbi(pathToFileURL(prebuild), { target }).file, prebuild)
    assert.equal(checkAbi(relative(process.cwd(), prebuild), { target }).file, prebuild)
  })

  test('is judged for this process if no target is given', () => {
    const { target: host } = checkAbi(prebuild)
    const { versions, platform, arch, execPath } = process
    assert.deepEqual(
      [host.runtime, host.version, host.abi, host.nodeApi, host.platform, host.arch, host.execPath],
      [
        'node',
        versions.node,
        Number(versions.modules),
        Number(versions.napi),
        platform,
        arch,
        execPath,
      ],
    )
  })

  test('gets the same report when the target of that report is the target', () => {
    const first = checkAbi(prebuild)
    const second = checkAbi(prebuild, { target: first.target })
    assert.deepEqual(second.target, first.target)
    assert.equal(second.outcome, first.outcome)
  })

  test('that can’t be judged completely is not ok with strict', () => {
    const report = checkAbi(prebuild, { target: 'node@20/linux-x64-glibc2.36', strict: true })
    assert.equal(report.outcome, 'loads')
    assert.equal(report.ok, report.complete)
    assert.equal(checkAbi(prebuild, { target: 'node@20/linux-x64-glibc2.36' }).ok, true)
  })
})

describe('one package', () => {
  test('is found by its name, and the file of this platform is the active one', () => {
    const report = checkPackage('bufferutil', { from: root, target })
    assert.deepEqual(
      [report.name, report.version, report.loader],
      ['bufferutil', '4.1.0', 'node-gyp-build'],
    )
    assert.equal(report.path, bufferutil)
    assert.equal(report.active.file, prebuild)
    assert.equal(report.dormant.length, 4)
    assert.equal(report.ok, true)
  })

  test('is found from a folder below, by a URL, and by its own folder', () => {
    assert.equal(checkPackage('bufferutil', { from: join(root, 'lib', 'cli') }).path, bufferutil)
    assert.equal(checkPackage('bufferutil', { from: pathToFileURL(`${root}/`) }).path, bufferutil)
    assert.equal(checkPackage(bufferutil).path, bufferutil)
    assert.equal(checkPackage('./node_modules/bufferutil', { from: root }).path, bufferutil)
  })

  test('with its addon in a platform package loads the file of that package', () => {
    const report = checkPackage('@parcel/watcher', { from: root })
    assert.deepEqual([report.ok, report.loader], [true, 'platform-package'])
    const { platform, arch } = process
    assert.match(
      report.active.file,
      new RegExp(`@parcel.watcher-${platform}-${arch}(-\\w+)?.watcher\\.node$`),
    )
  })

  test('that is not installed gives an error with the searched folder', () => {
    assert.throws(() => checkPackage('no-such-package', { from: root }), {
      name: 'Error',
      code: 'ERR_PACKAGE_NOT_FOUND',
      message: /"no-such-package" is not installed/,
    })
  })

  test('is never run', (t) => {
    const folder = project(t, {
      'node_modules/a/package.json': {
        name: 'a',
        dependencies: { bindings: '1' },
        main: 'index.js',
      },
      'node_modules/a/index.js':
        "require('fs').writeFileSync(__dirname + '/ran', '')\nrequire('bindings')('x')\n",
      'node_modules/a/build/Release/x.node': copyOf(prebuild),
    })
    assert.equal(checkPackage('a', { from: folder, target }).active.outcome, 'loads')
    assert.equal(existsSync(join(folder, 'node_modules', 'a', 'ran')), false)
  })
})

describe('a project', () => {
  let addon
  before(async () => {
    addon = (await published('@datadog/pprof'))(
      '@datadog/pprof',
      'prebuilds/linux-x64/dd_pprof.node.abi108.node',
    )
  })

  test('is the current one if none is given, and nothing in it is broken', () => {
    const report = scanNodeModules()
    assert.equal(report.directory, root)
    assert.equal(report.ok, true)
    const names = report.packages.map(({ name }) => name)
    assert.ok(names.includes('bufferutil'), names.join())
    assert.deepEqual(report.problems, [])
    assert.ok(report.stats.directories > 50 && report.stats.files >= report.stats.checked)
    assert.ok(report.stats.milliseconds > 0)
  })

  test('with one broken package says which, and judges the others', (t) => {
    const folder = project(t, {
      ...withBindings('broken', copyOf(addon)),
      ...withBindings('fine', copyOf(prebuild)),
    })
    const report = scanNodeModules(folder, { target })
    assert.equal(report.ok, false)
    assert.deepEqual(
      report.packages.map(({ name, ok }) => [name, ok]),
      [
        ['broken', false],
        ['fine', true],
      ],
    )
    assert.equal(scanNodeModules(folder, { target: 'node@18/linux-x64-glibc2.36' }).ok, true)
  })

  test('does not fail because of files that no loader would open', (t) => {
    const folder = project(t, {
      ...withBindings('a', copyOf(prebuild)),
      'node_modules/a/other/x.node': copyOf(addon),
      'node_modules/b/package.json': { name: 'b', dependencies: { 'node-gyp-build': '4' } },
      'node_modules/b/prebuilds/win32-x64/b.node': copyOf(addon),
    })
    const report = scanNodeModules(folder, { target })
    assert.equal(report.ok, true)
    assert.deepEqual(
      report.packages.map(({ dormant }) => dormant.map(({ file }) => relative(folder, file))),
      [
        [normalize('node_modules/a/other/x.node')],
        [normalize('node_modules/b/prebuilds/win32-x64/b.node')],
      ],
    )
  })

  test('can be narrowed by names with stars', (t) => {
    const folder = project(t, {
      ...withBindings('broken', copyOf(addon)),
      ...withBindings('@s/fine', copyOf(prebuild)),
      ...withBindings('@s/also', copyOf(prebuild)),
    })
    const names = (options) => scanNodeModules(folder, options).packages.map(({ name }) => name)
    assert.deepEqual(names({ ignore: ['broken'] }), ['@s/also', '@s/fine'])
    assert.deepEqual(names({ include: ['@s/*'] }), ['@s/also', '@s/fine'])
    assert.deepEqual(names({ include: ['@s/*'], ignore: ['*so'] }), ['@s/fine'])
    assert.equal(scanNodeModules(folder, { target, ignore: ['broken'] }).ok, true)
  })

  test('a name in a list of packages also selects the platform packages of that package', (t) => {
    const platform = { version: '1.0.0', os: ['linux'], cpu: ['x64'], main: 'x.node' }
    const folder = project(t, {
      'package.json': { dependencies: { photo: '1', other: '1', '@photo/linux-x64': '1' } },
      'node_modules/photo/package.json': {
        name: 'photo',
        version: '1.0.0',
        optionalDependencies: { '@photo/linux-x64': '1' },
      },
      'node_modules/@photo/linux-x64/package.json': { name: '@photo/linux-x64', ...platform },
      'node_modules/@photo/linux-x64/x.node': copyOf(addon),
      ...withBindings('other', copyOf(addon)),
    })
    const names = (options) => scanNodeModules(folder, options).packages.map(({ name }) => name)
    assert.deepEqual(names({}), ['@photo/linux-x64', 'other'])
    assert.deepEqual(names({ include: ['photo'] }), ['@photo/linux-x64'])
    assert.deepEqual(names({ ignore: ['photo'] }), ['other'])
    assert.deepEqual(names({ include: ['pho*'], ignore: ['@photo/*'] }), [])
    // A name doesn't select the dependencies of a package, except its platform packages.
    writeFileSync(
      join(folder, 'node_modules/photo/package.json'),
      JSON.stringify({ name: 'photo', dependencies: { other: '1', '@photo/linux-x64': '1' } }),
    )
    assert.deepEqual(names({ ignore: ['photo'] }), ['other'])
  })

  test('is loaded as Node.js resolves "imports" in package.json', (t) => {
    const folder = project(t, {
      'package.json': { dependencies: { realm: '1' } },
      'node_modules/realm/package.json': {
        name: 'realm',
        version: '1.0.0',
        main: 'index.js',
        imports: { '#realm.node': { node: './prebuilds/b.node', default: './a.node' } },
      },
      'node_modules/realm/index.js': "module.exports = require('#realm.node')",
      'node_modules/realm/a.node': copyOf(addon),
      'node_modules/realm/prebuilds/b.node': copyOf(prebuild),
    })
    const [report] = scanNodeModules(folder, { target }).packages
    assert.equal(report.loader, 'script')
    assert.match(report.active.file, /prebuilds.b\.node$/)
  })

  test('says of a package without files whether an install script could create them', (t) => {
    const loader = { name: 'node-gyp-build', version: '4.8.4' }
    const manifest = { name: 'sodium', version: '5.1.0', dependencies: { 'node-gyp-build': '4' } }
    const problem = (more) => {
      const folder = project(t, {
        'package.json': { dependencies: { sodium: '5' } },
        'node_modules/node-gyp-build/package.json': loader,
        'node_modules/sodium/package.json': { ...manifest, ...more },
        'node_modules/sodium/index.js': "module.exports = require('node-gyp-build')(__dirname)",
      })
      const [report] = scanNodeModules(folder).packages
      const [{ code, leftOut, message }] = report.problems
      return [code, leftOut, /install script did not run/.test(message), report.fix.summary]
    }
    assert.deepEqual(problem({}), ['no-matching-prebuild', true, false, 'Install sodium again'])
    const scripts = { install: 'node-gyp-build' }
    assert.deepEqual(problem({ scripts }), [
      'not-built',
      undefined,
      true,
      'Let the install script of sodium run',
    ])
  })

  test('without packages has an empty report', (t) => {
    const folder = project(t)
    const report = scanNodeModules(folder)
    assert.deepEqual([report.ok, report.complete, report.packages], [true, true, []])
  })
})

describe('runtimes', () => {
  test('are resolved from every form of spec', () => {
    const rows = [
      ['node@22.11.0/linux-x64', { runtime: 'node', version: '22.11.0', abi: 127, nodeApi: 9 }],
      ['node@18.20.8', { version: '18.20.8', abi: 108 }],
      ['electron@31.0.0', { runtime: 'electron', abi: 125 }],
      ['bun@1.4.0', { runtime: 'bun', abi: 147 }],
      ['deno@2.9.6', { runtime: 'deno', abi: 147 }],
      ['node@22/linux-arm64-musl', { platform: 'linux', arch: 'arm64', libc: 'musl' }],
      ['node@22/linux-x64-glibc2.28', { libc: 'glibc', libcVersion: '2.28' }],
      ['node@22/win32-x64', { platform: 'win32', libc: null, libcVersion: null }],
      [{ abi: 108 }, { abi: 108, version: resolveRuntime('node@18').version }],
      [
        { runtime: 'nw', abi: 120 },
        { runtime: 'nw', abi: 120, version: '0.87.0' },
      ],
      [{ abi: 9999 }, { abi: 9999, version: null }],
      [{ version: '22.11.0', abi: null, platform: undefined }, { abi: 127 }],
      [
        { execPath: process.execPath },
        { abi: Number(process.versions.modules), version: process.versions.node },
      ],
      [undefined, { abi: Number(process.versions.modules), execPath: process.execPath }],
    ]
    for (const [spec, expected] of rows) {
      const found = resolveRuntime(spec)
      for (const [name, value] of Object.entries(expected)) {
        assert.equal(found[name], value, `${JSON.stringify(spec)}: ${name}`)
      }
    }
  })

  test('are listed with their numbers', () => {
    const table = listRuntimes()
    assert.deepEqual(
      [...new Set(table.map(({ runtime }) => runtime))],
      ['node', 'electron', 'bun', 'deno', 'nw'],
    )
    const row = table.find(({ runtime, first }) => runtime === 'node' && first === '18.0.0')
    assert.deepEqual(row, {
      runtime: 'node',
      first: '18.0.0',
      last: '18.16.1',
      abi: 108,
      nodeApi: 8,
      node: null,
    })
    for (const { runtime, last, abi } of table) {
      if (abi !== null && runtime === 'node')
        assert.equal(resolveRuntime(`node@${last}`).abi, abi, last)
    }
  })
})

describe('a report', () => {
  test('as text has versions before ABI numbers', async () => {
    const addon = (await published('@datadog/pprof'))(
      '@datadog/pprof',
      'prebuilds/linux-x64/dd_pprof.node.abi108.node',
    )
    const text = formatReport(checkAbi(addon, { target }))
    assert.match(text, /built for Node\.js 18 \(ABI 108\), Node\.js 20\.20\.2 needs ABI 115/)
    assert.ok(text.endsWith('\n'))
  })

  test('of every kind can be formatted after a round trip through JSON', () => {
    const reports = [
      checkAbi(prebuild, { target }),
      checkPackage('bufferutil', { from: root, target }),
      scanNodeModules(root, { target }),
    ]
    for (const report of reports) {
      const copy = JSON.parse(formatReport(report, 'json'))
      // The time has a fraction, whose last digit may differ after parsing.
      if (report.stats) copy.stats.milliseconds = report.stats.milliseconds
      assert.deepEqual(copy, report)
      assert.equal(
        formatReport(copy, 'text', { verbose: true }),
        formatReport(report, 'text', { verbose: true }),
      )
    }
  })

  test('has colors only if the option is set', () => {
    const report = checkPackage('bufferutil', { from: root, target })
    assert.doesNotMatch(formatReport(report), /\u001b/)
    assert.match(formatReport(report, 'text', { color: true }), /\u001b\[32m/)
  })
})

describe('the package', () => {
  test('exports the same functions to import and require, and no internal file', async () => {
    const require = createRequire(import.meta.url)
    assert.equal(require('abi-guard').checkAbi, checkAbi)
    assert.equal((await import('abi-guard')).checkAbi, checkAbi)
    assert.equal((await import('abi-guard/promises')).scanNodeModules, promises.scanNodeModules)
    assert.deepEqual(Object.keys(abiGuard).sort(), [
      'AbiError',
      'assertNodeModules',
      'auditPackage',
      'cacheKey',
      'checkAbi',
      'checkArtifact',
      'checkPackage',
      'doctor',
      'explainError',
      'formatReport',
      'listRuntimes',
      'matrix',
      'resolveRuntime',
      'scanNodeModules',
    ])
    await assert.rejects(import('abi-guard/lib/native.js'), {
      code: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
    })
  })

  test('works in several worker threads at once', async () => {
    const script = `
      const { parentPort, workerData } = require('node:worker_threads')
      const { checkAbi, scanNodeModules } = require(workerData.index)
      const { outcome } = checkAbi(workerData.file, { target: workerData.target })
      parentPort.postMessage([outcome, scanNodeModules(workerData.root).ok])`
    const index = join(root, 'index.js')
    const one = () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(script, {
          eval: true,
          workerData: { index, file: prebuild, root, target },
        })
        worker.once('message', resolve)
        worker.once('error', reject)
      })
    const answers = await Promise.all([one(), one(), one(), one()])
    assert.deepEqual(answers, Array(4).fill(['loads', true]))
  })
})
