// The settings in a project's package.json under "abi-guard": in the command, in the other
// functions, and with errors in them. layouts/places.suite.mjs tests how they select packages in a
// plain scan.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { formatReport, scanNodeModules } from '../index.js'
import * as promises from '../promises.js'
import { copyOf, project } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const addon = copyOf(
  join(root, 'node_modules', 'bufferutil', 'prebuilds', 'linux-x64', 'bufferutil.node'),
)
const linux = 'node@20.20.2/linux-x64-glibc2.36'

const native = (name, more = {}) => ({
  [`node_modules/${name}/package.json`]: { name, version: '1.0.0', ...more },
  [`node_modules/${name}/index.js`]: "module.exports = require('./build/Release/x.node')\n",
  [`node_modules/${name}/build/Release/x.node`]: addon,
})

/**
 * A project with native packages: `@s/a` and `b`, and `c`, which `b` needs. `d` and `e` are
 * devDependencies, and `b` needs `e` as well.
 */
const make = (t, settings, more = {}) =>
  project(t, {
    'package.json': {
      name: 'app',
      dependencies: { '@s/a': '*', b: '*' },
      devDependencies: { d: '*', e: '*' },
      ...(settings !== undefined && { 'abi-guard': settings }),
    },
    ...native('@s/a'),
    ...native('b', { dependencies: { c: '*', e: '*' } }),
    ...native('c'),
    ...native('d', { dependencies: { f: '*' } }),
    ...native('e'),
    ...native('f'),
    ...more,
  })
const names = ({ packages }) => packages.map(({ name }) => name)
const scan = (t, settings, options) => scanNodeModules(make(t, settings), options)
const targetOf = ({ target: { runtime, version, platform } }) => `${runtime}@${version} ${platform}`

function run(args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'cli.js'), ...args], {
    cwd,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}
const shown = (args, cwd) => JSON.parse(run([...args, '--json'], cwd).out)

describe('patterns', () => {
  for (const [pattern, expected] of [
    ['*', ['@s/a', 'b', 'c', 'd', 'e', 'f']],
    ['**', ['@s/a', 'b', 'c', 'd', 'e', 'f']],
    ['@s/*', ['@s/a']],
    ['*/a', ['@s/a']],
    ['@*/*', ['@s/a']],
    ['a', []],
    ['B', []],
    ['', []],
    ['.', []],
    ['[bc]', []],
    ['!b', []],
    ['b*', ['b']],
    ['*b*', ['b']],
    ['b*b', []],
    ['\u0002', []],
  ]) {
    test(`${JSON.stringify(pattern)} selects ${expected.join(', ') || 'nothing'}`, (t) => {
      assert.deepEqual(names(scan(t, { include: [pattern] })), expected)
      assert.deepEqual(names(scan(t, undefined, { include: [pattern] })), expected)
      const others = ['@s/a', 'b', 'c', 'd', 'e', 'f'].filter((name) => !expected.includes(name))
      assert.deepEqual(names(scan(t, { ignore: [pattern] })), others)
    })
  }

  test('an empty list chooses all', (t) => {
    assert.equal(names(scan(t, { include: [], ignore: [] })).length, 6)
    assert.equal(names(scan(t, { include: ['b'] }, { include: [] })).length, 6)
  })

  test('options for one of the lists don’t change the other one of package.json', (t) => {
    assert.deepEqual(names(scan(t, { ignore: ['b'] }, { include: ['b', 'c'] })), ['c'])
    assert.deepEqual(names(scan(t, { include: ['b', 'c'] }, { ignore: ['c'] })), ['b'])
  })

  test('a package that is left out is no failure', (t) => {
    const target = 'node@20.20.2/darwin-arm64'
    assert.equal(scan(t, { target }).ok, false)
    assert.deepEqual(
      [scan(t, { target, ignore: ['*'] }).ok, scan(t, { target, ignore: ['*'] }).fixes],
      [true, []],
    )
  })
})

describe('production', () => {
  test('leaves out packages that only devDependencies need', (t) => {
    const report = scan(t, undefined)
    assert.deepEqual(
      report.packages.filter(({ dev }) => dev).map(({ name }) => name),
      ['d', 'f'],
    )
    assert.deepEqual(names(scan(t, undefined, { production: true })), ['@s/a', 'b', 'c', 'e'])
    assert.equal(names(scan(t, undefined, { production: false })).length, 6)
  })

  test('works together with the lists', (t) => {
    assert.deepEqual(names(scan(t, { include: ['b', 'd'] }, { production: true })), ['b'])
  })

  test('keeps packages that no known package needs', (t) => {
    const folder = make(t, undefined, native('stray'))
    assert.ok(names(scanNodeModules(folder, { production: true })).includes('stray'))
  })

  test('is not a setting', (t) => {
    assert.equal(names(scan(t, { production: true })).length, 6)
  })

  test('is a flag of the command', (t) => {
    assert.deepEqual(names(shown(['--production'], make(t))), ['@s/a', 'b', 'c', 'e'])
  })
})

describe('the target', () => {
  test('of package.json also applies to the asynchronous functions', async (t) => {
    const folder = make(t, { target: 'electron@31.7.7/win32-x64', ignore: ['b'] })
    const report = await promises.scanNodeModules(folder)
    assert.equal(targetOf(report), 'electron@31.7.7 win32')
    assert.ok(!names(report).includes('b'))
    assert.equal(
      targetOf(await promises.scanNodeModules(folder, { target: linux })),
      'node@20.20.2 linux',
    )
  })

  test('may be an object with nulls, as in a report', (t) => {
    const { target } = scanNodeModules(make(t), { target: linux })
    assert.deepEqual(scan(t, { target }).target, target)
  })

  test('of null in the call means no target', (t) => {
    assert.equal(
      targetOf(scan(t, { target: 'node@18.20.8/linux-x64-musl' }, { target: null })),
      'node@18.20.8 linux',
    )
  })
})

describe('the command', () => {
  test('uses the settings of the project that it scans', (t) => {
    const folder = make(t, { ignore: ['b', '@s/*'], target: 'node@22.13.1/linux-x64-glibc2.36' })
    const report = shown([], folder)
    assert.deepEqual(names(report), ['c', 'd', 'e', 'f'])
    assert.equal(targetOf(report), 'node@22.13.1 linux')
  })

  test('overrides them with its flags', (t) => {
    const folder = make(t, { ignore: ['b'], include: ['b', 'c'], target: 'node@22.13.1' })
    assert.deepEqual(names(shown(['--ignore', 'c'], folder)), ['b'])
    assert.deepEqual(names(shown(['--include', 'b', '--include', 'd'], folder)), ['d'])
    assert.equal(targetOf(shown(['--target', linux], folder)), 'node@20.20.2 linux')
  })

  test('ignores the settings for packages that it checks', (t) => {
    const folder = make(t, { ignore: ['*'], target: 'node@6.0.0' })
    assert.equal(shown(['check', 'b', '--target', linux], folder).ok, true)
    assert.notEqual(shown(['check', 'b'], folder).active.target.version, '6.0.0')
  })

  test('reports invalid settings, and exits with 0 unless it is strict', (t) => {
    const folder = make(t, { ignore: 'b' })
    const { code, out } = run(['--target', linux], folder)
    assert.equal(code, 0, out)
    assert.match(out, /"abi-guard"\.ignore must be a\s+list of\s+names/)
    assert.equal(run(['--target', linux, '--strict'], folder).code, 1)
  })

  test('names the file with an invalid target', (t) => {
    const { code, out } = run([], make(t, { target: 'nodejs@22' }))
    assert.notEqual(code, 2)
    assert.match(out, /package\.json/)
    assert.match(out, /nodejs/)
  })
})

describe('invalid settings', () => {
  const told = ({ problems }) =>
    problems
      .filter(({ code }) => code === 'invalid-settings')
      .map(({ severity, message }) => [severity, message])

  for (const settings of [
    5,
    'text',
    true,
    null,
    [],
    { ignore: 'b' },
    { ignore: null },
    { ignore: {} },
    { ignore: ['b', 5] },
    { include: true },
    { include: [['b']] },
    { target: 5 },
    { target: null },
    { target: ['node@22'] },
    { target: '' },
    { target: 'nonsense@1' },
    { target: 'node@newest' },
    { target: 'node@22/amiga-m68k' },
    { target: {}, ignore: 1 },
    { target: { os: 'linux' } },
    { target: { abi: '115' } },
    { target: { abi: -1 } },
    { target: { abi: 1e300 } },
    { target: { runtime: 'nodejs' } },
    { target: { execPath: '/no/such/node' } },
  ]) {
    test(`${JSON.stringify(settings)} are reported, and ignored`, (t) => {
      const folder = make(t, settings)
      const report = scanNodeModules(folder)
      const [[severity, message], ...more] = told(report)
      assert.deepEqual([severity, more], ['warning', []])
      assert.ok(message.startsWith(join(folder, 'package.json')), message)
      assert.equal(names(report).length, 6)
      assert.deepEqual([report.complete, report.target.runtime], [false, 'node'])
      assert.ok(formatReport(report).includes('abi-guard'))
    })
  }

  test('are all reported, and the valid settings apply', (t) => {
    const report = scan(t, { ignore: 'b', target: 7, include: ['c'] })
    assert.deepEqual([told(report).length, names(report)], [2, ['c']])
  })

  test('make a strict scan fail', (t) => {
    assert.equal(scan(t, { ignore: 'b' }, { target: linux }).ok, true)
    assert.equal(scan(t, { ignore: 'b' }, { target: linux, strict: true }).ok, false)
  })

  test('are not reported if a newer version may know them', (t) => {
    assert.deepEqual(told(scan(t, { tomorrow: 1 })), [])
  })

  test('are also found in a package.json with a byte order mark', (t) => {
    const folder = make(t, { ignore: ['b'] })
    const file = join(folder, 'package.json')
    writeFileSync(file, `\ufeff${readFileSync(file, 'utf8')}`)
    assert.ok(!names(scanNodeModules(folder)).includes('b'))
  })
})
