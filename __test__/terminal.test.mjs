// Output on a terminal: its width, its colors, and the progress of a long scan.
import assert from 'node:assert/strict'
import { join, sep } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fullLane } from '../scripts/support/lane.mjs'
import { run } from './support/command.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'
import { hasTerminals, onTerminal } from './support/terminal.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const prebuild = join(
  root,
  'node_modules',
  'bufferutil',
  'prebuilds',
  'linux-x64',
  'bufferutil.node',
)
const spec = ['--target', 'node@20.20.2/linux-x64-glibc2.36']
const commands = [
  ...['scan', 'check', 'audit', 'explain', 'fix', 'matrix', 'key', 'doctor', 'runtimes'],
  'completion',
]

let addon
before(async () => {
  addon = (await published('@datadog/pprof'))(
    '@datadog/pprof',
    'prebuilds/linux-x64/dd_pprof.node.abi108.node',
  )
})

const broken = (t, more = {}) =>
  project(t, {
    'package.json': { dependencies: { broken: '1' } },
    ...withBindings('broken', copyOf(addon)),
    ...withBindings('fine', copyOf(prebuild)),
    'node_modules/fine/binding.gyp': '{}',
    ...more,
  })

const plain = (text) => text.replace(/\u001b\[[\d;]*[A-Za-z]|\r/g, '')
const widest = (text) =>
  Math.max(
    ...plain(text)
      .split('\n')
      .filter((line) => !line.includes('/'))
      .map((line) => [...line].length),
  )

describe('on a terminal', {
  skip: !hasTerminals && 'python makes terminals here, and there is none',
}, () => {
  test('text has colors, unless NO_COLOR, FORCE_COLOR or TERM say otherwise', {
    skip: fullLane,
  }, async (t) => {
    const cwd = broken(t)
    for (const [env, has] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
      [{ NO_COLOR: '' }, true],
      [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true],
      [{ FORCE_COLOR: '0' }, false],
      [{ TERM: 'dumb' }, false],
      [{ TERM: 'dumb', FORCE_COLOR: '1' }, true],
    ]) {
      const { code, out } = await onTerminal(spec, { cwd, env })
      assert.equal(code, 1)
      assert.equal(out.includes('\u001b[31m✖'), has, JSON.stringify(env))
      for (const format of ['json', 'sarif', 'github']) {
        const { out } = await onTerminal(['--format', format, ...spec], { cwd, env })
        assert.ok(!out.includes('\u001b'), format)
      }
    }
    for (const [env, has] of [
      [{}, false],
      [{ FORCE_COLOR: '1' }, true],
      [{ FORCE_COLOR: 'true', NO_COLOR: '1' }, true],
    ]) {
      assert.equal(
        (await run(spec, { cwd, env })).out.includes('\u001b[31m'),
        has,
        JSON.stringify(env),
      )
    }
  })

  test('text is as wide as the terminal, from 40 to 100 columns', async (t) => {
    const cwd = broken(t, withBindings('text', 'text '.repeat(50)))
    const wide = {}
    for (const columns of [30, 50, 80, 100, 200]) {
      const { out } = await onTerminal(['--verbose', ...spec], { cwd, columns })
      wide[columns] = widest(out)
      assert.ok(
        wide[columns] <= Math.min(Math.max(columns, 40), 100),
        `${columns}: ${wide[columns]}`,
      )
    }
    assert.ok(wide[50] < wide[80] || wide[80] < wide[100])
    assert.equal(wide[200], wide[100])
  })

  test('a long scan prints its progress to standard error, and then erases it', async (t) => {
    const cwd = broken(t)
    const line = /\r\u001b\[2Kscanning: \d+ folders, \d+ native packages/
    const long = await onTerminal(spec, { cwd, fast: true })
    assert.match(long.out, line)
    const gone = long.out.lastIndexOf('\r\u001b[2K')
    assert.ok(gone > long.out.lastIndexOf('scanning:'))
    assert.match(long.out.slice(gone), /^\r\u001b\[2K1 of 2 native packages/)
    assert.match(
      (await onTerminal(['--json', '-o', 'x.json', ...spec], { cwd, fast: true })).out,
      /^$/,
    )
    for (const [what, how] of [
      ['a scan that is done by then', {}],
      ['an error stream that is no terminal', { fast: true, apart: true }],
      ['a terminal that can take nothing away', { fast: true, env: { TERM: 'dumb' } }],
    ]) {
      const { code, out, err } = await onTerminal(spec, { cwd, ...how })
      assert.equal(code, 1)
      assert.doesNotMatch(out + err, /scanning/, what)
    }
    const quiet = await onTerminal(['--quiet', '--ignore', 'broken', ...spec], { cwd, fast: true })
    assert.deepEqual([quiet.code, quiet.out], [0, ''])
  })
})

test('explain shows what it reads, on a terminal only', {
  skip: !hasTerminals && 'python makes terminals here, and there is none',
}, async (t) => {
  const cwd = project(t, {
    'app.sh': `echo first; sleep 1; echo "Error: Module did not self-register: '/a/b.node'."; exit 1`,
  })
  const piped = ['sh', 'app.sh'].join(' ')
  const { code, out } = await onTerminal([], { cwd, shell: `${piped} 2>&1 | $CLI explain` })
  assert.equal(code, 0)
  const lines = plain(out).split('\n')
  assert.deepEqual(lines.slice(0, 3), [
    'first',
    "Error: Module did not self-register: '/a/b.node'.",
    '',
  ])
  assert.match(lines[3], /did not register as an addon/)
  // A program that reads the answer gets the explanation only.
  const quiet = await onTerminal([], { cwd, shell: `${piped} 2>&1 | $CLI explain | cat` })
  assert.doesNotMatch(quiet.out, /^first/m)
  const json = await onTerminal([], { cwd, shell: `${piped} 2>&1 | $CLI explain --json` })
  assert.ok(Array.isArray(JSON.parse(json.out)))
  // Ctrl-C ends the app, and what it printed is explained.
  const interrupted = await onTerminal([], {
    cwd,
    shell: `sh -c 'sh app.sh; exec sleep 60' 2>&1 | $CLI explain`,
    answer: '\u0003',
    asks: 'self-register',
  })
  assert.match(plain(interrupted.out), /self-register[\s\S]*did not register as an addon/)
})

test('each command has its help, which names its options and fits into 80 columns', async () => {
  for (const command of commands) {
    const { code, out, err } = await run([command, '--help'])
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, new RegExp(`Usage:\n {2}abi-guard .*${command}`))
    assert.ok(Math.max(...out.split('\n').map((line) => line.length)) <= 80, out)
    const prints = !['fix', 'completion'].includes(command)
    assert.equal(out.includes('--output <file>'), prints, command)
    const placeless = ['matrix', 'key', 'runtimes'].includes(command)
    assert.equal(/\bsarif\b/.test(out), !placeless && prints, command)
    // A command accepts every option in its help, in all combinations with its result.
    for (const [, option] of out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)) {
      const value = {
        '--target': ['node@22'],
        '--format': ['json'],
        '--output': ['/dev/null'],
        '--ignore': ['x'],
        '--include': ['x'],
        '--fail-on': ['never'],
        '--max': ['glibc2.28'],
        '--require': ['linux-x64'],
      }
      const { err } = await run([command, option, ...(value[option] ?? []), '--version'])
      assert.equal(err, '', `${command} ${option}`)
    }
  }
})

test('--quiet prints nothing in any command if all packages load, and the usual output if not', async (t) => {
  const cwd = broken(t)
  for (const [code, args] of [
    [0, ['--ignore', 'broken', ...spec]],
    [0, ['check', 'fine', ...spec]],
    [0, ['audit', 'node_modules/fine']],
    // The matrix also judges for this process.
    ...(isLinuxX64 ? [[0, ['matrix', '--target', 'node@22', '--ignore', 'broken']]] : []),
    [0, ['check', 'fine', '--format', 'github', ...spec]],
    [1, spec],
    [1, ['check', 'broken', ...spec]],
    [1, ['matrix', '--target', 'node@22']],
  ]) {
    const quiet = await run([...args, '--quiet'], { cwd })
    const loud = await run(args, { cwd })
    assert.deepEqual([loud.code, quiet.code], [code, code], args.join(' '))
    assert.equal(quiet.out, code === 0 ? '' : loud.out, args.join(' '))
  }
})

test('--verbose gives the reason why files are dormant, if it is known', async (t) => {
  const cwd = broken(t, {
    'node_modules/fine/out/Release/x.node': copyOf(prebuild),
    'node_modules/fine/lib/x.node': copyOf(prebuild),
    'node_modules/fine/prebuilds/darwin-arm64/x.node': 'x',
    'node_modules/fine/build/Release/y.node': copyOf(prebuild),
  })
  const { out } = await run(['--verbose', ...spec], { cwd })
  const rows = out.split('\n').filter((line) => line.includes('(dormant'))
  assert.deepEqual(
    rows.map((line) => line.trim().split(sep).join('/').replace('node_modules/fine/', '')).sort(),
    [
      'build/Release/y.node (dormant)',
      "lib/x.node (dormant: bindings doesn't look there)",
      'out/Release/x.node (dormant: build/Release/x.node comes before it)',
      'prebuilds/darwin-arm64/x.node (dormant: its name is for darwin-arm64)',
    ],
  )
})

test('commands are shown with their folder if that is not the current folder', async (t) => {
  const cwd = broken(t, { 'deep/er/x': '', 'node_modules/broken/binding.gyp': '{}' })
  const named = async (from, ...args) =>
    (await run(['scan', ...args], { cwd: from })).out.includes(`(in ${cwd})`)
  assert.equal(await named(cwd), false)
  assert.equal(await named(join(cwd, 'deep', 'er'), cwd), false)
  assert.equal(await named(join(cwd, '..'), cwd), true)
  assert.equal(await named('/', cwd), true)
  // A package that is checked on its own is fixed in its own folder.
  const folder = join(cwd, 'node_modules', 'broken')
  for (const [from, expected] of [
    ['/', true],
    [cwd, true],
    [folder, false],
  ]) {
    const { out } = await run(['check', folder], { cwd: from })
    assert.equal(out.replace(/\s+/g, ' ').includes(`(in ${folder})`), expected, out)
  }
})

test('the loader’s error text doesn’t repeat the path that follows it', async (t) => {
  const cwd = broken(t)
  for (const [target, words] of [
    ['node@22/win32-x64', 'the loader reports: x.node is not a valid Win32 application.'],
    [
      'node@22/darwin-arm64',
      "the loader reports: tried: 'x.node' (slice is not valid mach-o file)",
    ],
  ]) {
    const { out } = await run(['check', 'fine', '--target', target], { cwd })
    assert.ok(out.includes(`\n  ${words}\n`), out)
  }
})
