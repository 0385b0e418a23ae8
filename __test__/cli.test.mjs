// The command: its output, the stream of the output, and its exit codes.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { cli, environment, run as start } from './support/command.mjs'
import { copyOf, project, published, withBindings } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const prebuild = join(
  root,
  'node_modules',
  'bufferutil',
  'prebuilds',
  'linux-x64',
  'bufferutil.node',
)
/** A fixed runtime instead of this process, so that the results are the same on every machine. */
const target = ['--target', 'node@20.20.2/linux-x64-glibc2.36']

/** Runs the command in the root of the repository, unless `how` has another folder. */
const run = (args, how) => start(args, { cwd: root, ...how })

const widest = (text) => Math.max(...text.split('\n').map((line) => [...line].length))

/**
 * Asserts that the command prints one line to standard error, nothing to standard output, and exits
 * with 2.
 */
async function refuses(args, message, options) {
  const { code, out, err } = await run(args, options)
  assert.match(err, message, args.join(' '))
  assert.match(err, /^abi-guard: [^\n]+\n$/)
  assert.deepEqual([code, out], [2, ''], args.join(' '))
}

let addon
before(async () => {
  addon = (await published('@datadog/pprof'))(
    '@datadog/pprof',
    'prebuilds/linux-x64/dd_pprof.node.abi108.node',
  )
})

const broken = (t, more = {}) =>
  project(t, {
    'package.json': {},
    ...withBindings('broken', copyOf(addon)),
    ...withBindings('fine', copyOf(prebuild)),
    ...more,
  })

describe('abi-guard scan', () => {
  test('follows a node_modules that is a link to another place', async (t) => {
    const elsewhere = project(t, withBindings('@scope/broken', copyOf(addon)))
    const cwd = project(t, { 'package.json': {} })
    symlinkSync(join(elsewhere, 'node_modules'), join(cwd, 'node_modules'), 'junction')
    const { code, out } = await run(target, { cwd })
    assert.equal(code, 1)
    assert.match(out, /@scope\/broken 1\.2\.3\n {2}built for Node\.js 18/)
  })

  test('prints one line if all packages load, and exits with 0', async (t) => {
    const cwd = project(t, { 'package.json': {}, ...withBindings('fine', copyOf(prebuild)) })
    const { code, out, err } = await run(target, { cwd })
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^1 native package[^\n]*\n$/)
  })

  test('names the broken packages, for what they were built and what is needed, and exits with 1', async (t) => {
    const cwd = broken(t)
    for (const args of [[], ['scan'], ['.'], ['scan', cwd]]) {
      const { code, out, err } = await run([...args, ...target], { cwd })
      assert.deepEqual([code, err], [1, ''])
      assert.match(
        out,
        /^1 of 2 native packages can't be loaded by Node\.js 20\.20\.2 \(linux-x64\)/,
      )
      assert.match(out, /\n✖ broken 1\.2\.3\n/)
      assert.match(out, /built for Node\.js 18 \(ABI 108\), Node\.js 20\.20\.2 needs ABI 115/)
      assert.match(out, /\n {2}node_modules[\\/]broken[\\/]build[\\/]Release[\\/]x\.node\n/)
      assert.doesNotMatch(out, /fine/)
      assert.doesNotMatch(out, /\u001b/)
    }
  })

  test('judges for another runtime, in which the same file may load', async (t) => {
    const { code } = await run(['--target', 'node@18/linux-x64-glibc2.36'], { cwd: broken(t) })
    assert.equal(code, 0)
  })

  test('finds the project from a folder in it', async (t) => {
    const folder = broken(t, { 'src/deep/a.js': '' })
    const { code, out } = await run(target, { cwd: join(folder, 'src', 'deep') })
    assert.equal(code, 1)
    assert.match(out, /✖ broken/)
  })

  test('ignores packages, or includes only some', async (t) => {
    const cwd = broken(t)
    assert.equal((await run(['--ignore', 'broken', ...target], { cwd })).code, 0)
    assert.equal((await run(['--ignore=x', '--ignore=bro*', ...target], { cwd })).code, 0)
    assert.equal((await run(['--include', 'fine', ...target], { cwd })).code, 0)
    assert.equal(
      (await run(['--include', 'fine', '--include', 'broken', ...target], { cwd })).code,
      1,
    )
  })

  test('prints nothing with --quiet if all packages load, and the usual report if not', async (t) => {
    const cwd = broken(t)
    const fine = await run(['--quiet', '--ignore', 'broken', ...target], { cwd })
    assert.deepEqual(fine, { code: 0, out: '', err: '' })
    assert.deepEqual(await run(['--quiet', ...target], { cwd }), await run(target, { cwd }))
  })

  test('also shows packages that load and files that are not used with --verbose', async (t) => {
    const cwd = broken(t, { 'node_modules/fine/other/y.node': 'x' })
    const { out } = await run(['--verbose', ...target], { cwd })
    assert.match(out, /fine 1\.2\.3\n/)
    assert.match(out, /other[\\/]y\.node \(dormant/)
  })

  test('gives the possible reason if it finds no native package', async (t) => {
    const nothing = await run([], { cwd: project(t, { 'package.json': {} }) })
    assert.equal(nothing.code, 0)
    assert.match(
      nothing.out,
      /^No native packages in .+\.\nThe directory has no node_modules folder/s,
    )
    const pnp = await run([], { cwd: project(t, { 'package.json': {}, '.pnp.cjs': '' }) })
    assert.match(pnp.out, /can't read .+\.pnp\.cjs: no table of packages\s+in\s+it/s)
  })
})

describe('abi-guard check', () => {
  test('accepts files, folders and names of packages', async (t) => {
    const cwd = broken(t)
    const file = join(cwd, 'node_modules', 'broken', 'build', 'Release', 'x.node')
    for (const operand of [
      file,
      'node_modules/broken/build/Release/x.node',
      './node_modules/broken',
      'node_modules/broken',
      'broken',
    ]) {
      const { code, out, err } = await run(['check', operand, ...target], { cwd })
      assert.deepEqual([code, err], [1, ''], operand)
      assert.match(out, /built for Node\.js 18 \(ABI 108\)/)
      assert.ok(out.includes(file), operand)
    }
    assert.equal((await run(['check', 'fine', ...target], { cwd })).code, 0)
  })

  test('describes a single file even if it loads', async () => {
    const { code, out } = await run(['check', prebuild, ...target])
    assert.equal(code, 0)
    assert.match(out, /Node\.js 20\.20\.2 \(linux-x64\) loads it/)
    assert.match(out, /linux-x64, glibc 2\.4 or newer, Node-API 1/)
  })

  test('of several packages prints every report, and has the highest exit code', async (t) => {
    const cwd = broken(t)
    const two = await run(['check', 'fine', 'broken', ...target], { cwd })
    assert.equal(two.code, 1)
    assert.ok(two.out.indexOf('fine') < two.out.indexOf('broken'))
    const three = await run(['check', 'fine', 'absent', 'broken', './absent.node', ...target], {
      cwd,
    })
    assert.equal(three.code, 2)
    assert.match(three.out, /✖ broken/)
    assert.match(
      three.err,
      /^abi-guard: package "absent" is not installed.+\nabi-guard: there is no \S*absent\.node .+\n$/,
    )
  })

  test('of an own folder reports each of its addons', async (t) => {
    const other = prebuild.replace('linux-x64', 'darwin-x64')
    const files = { 'lib/a.node': copyOf(prebuild), 'lib/b.node': copyOf(other) }
    const cwd = project(t, { ...files, 'node_modules/x/package.json': { name: 'x' } })
    for (const [operand, format] of [['.'], ['lib'], ['lib', '--json']]) {
      const { code, out } = await run(['check', operand, ...(format ? [format] : []), ...target], {
        cwd,
      })
      assert.equal(code, 1)
      assert.ok(out.indexOf('a.node') < out.indexOf('b.node') && out.includes('a.node'), out)
      if (format) assert.equal(JSON.parse(out).length, 2)
    }
  })

  test('judges for worker threads with --threads', async (t) => {
    const file = (await published('deasync'))('deasync', 'bin/linux-x64-node-9/deasync.node')
    const spec = ['--target', 'node@9/linux-x64-glibc2.36']
    assert.equal((await run(['check', file, ...spec])).code, 0)
    assert.equal((await run(['check', file, '--threads', ...spec])).code, 1)
    const folder = project(t, withBindings('deasync', copyOf(file)))
    const states = async (...args) => {
      const { out } = await run(['matrix', folder, '--json', ...spec, ...args])
      return JSON.parse(out).rows.map(({ cells: [{ state, code }] }) => [state, code])
    }
    assert.deepEqual(await states(), [['unknown', 'undetermined']])
    assert.deepEqual(await states('--threads'), [['breaks', 'not-context-aware']])
  })

  test('fails with --strict for a file that could not be judged', async (t) => {
    const two = {
      'node_modules/two/a.node': copyOf(prebuild),
      'node_modules/two/b.node': copyOf(prebuild),
    }
    const cwd = project(t, { 'package.json': {}, ...two })
    assert.equal((await run(['check', 'two', ...target], { cwd })).code, 0)
    assert.equal((await run(['check', 'two', '--strict', ...target], { cwd })).code, 1)
    assert.equal((await run(['--strict', ...target], { cwd })).code, 1)
  })
})

describe('abi-guard runtimes', () => {
  test('prints the table, or a part of it', async () => {
    const all = await run(['runtimes'])
    assert.equal(all.code, 0)
    assert.match(all.out, /^18\.0\.0 – 18\.16\.1 +108 +8$/m)
    assert.match(all.out, /^31\.0\.0 – 31\.[\d.]+ +125 +9 {3}20\./m)
    const one = await run(['runtimes', '115'])
    assert.match(one.out, /^Node\.js .+\n20\.0\.0/)
    assert.doesNotMatch(one.out, / 108 /)
    assert.match((await run(['runtimes', 'bun'])).out, /^Bun /)
    await refuses(['runtimes', 'rhino'], /no runtime "rhino": use node, electron/)
    await refuses(['runtimes', '9999'], /no known release has ABI 9999/)
  })
})

describe('JSON', () => {
  test('is one report, or an array of several, and nothing else is printed', async (t) => {
    const cwd = broken(t)
    const scan = JSON.parse((await run(['--json', ...target], { cwd })).out)
    assert.deepEqual([scan.ok, scan.packages.length, scan.directory], [false, 2, cwd])
    const one = await run(['check', 'broken', '--format', 'json', ...target], { cwd })
    assert.equal(JSON.parse(one.out).active.addon.abi, 108)
    assert.equal(one.code, 1)
    const two = JSON.parse(
      (await run(['check', 'fine', 'broken', '--json', ...target], { cwd })).out,
    )
    assert.deepEqual(
      two.map(({ name }) => name),
      ['fine', 'broken'],
    )
    const file = JSON.parse((await run(['check', prebuild, '--json', ...target])).out)
    assert.equal(file.outcome, 'loads')
    const table = JSON.parse((await run(['runtimes', 'electron', '--json'])).out)
    assert.ok(table.every(({ runtime, abi }) => runtime === 'electron' && Number.isInteger(abi)))
    assert.notEqual(
      (await run(['--json', '--quiet', '--ignore', 'broken', ...target], { cwd })).out,
      '',
    )
  })
})

describe('help and version', () => {
  test('need no binary and fit into 80 columns', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    // This option makes loading the binary fail.
    const env = { NODE_OPTIONS: '--no-addons' }
    for (const flag of ['--version', '-v']) {
      assert.deepEqual(await run([flag], { env }), { code: 0, out: `${version}\n`, err: '' })
    }
    for (const args of [
      ['--help'],
      ['-h'],
      ['help'],
      ['check', '--help'],
      ['help', 'check'],
      ['scan', '-h'],
      ['runtimes', '--help'],
    ]) {
      const { code, out, err } = await run(args, { env })
      assert.deepEqual([code, err], [0, ''])
      assert.match(out, /Usage:\n {2}abi-guard /)
      assert.ok(widest(out) <= 80, out)
    }
    assert.doesNotMatch((await run(['check', '--help'], { env })).out, /--ignore/)
  })
})

test('in a Node.js that is too old, the command says so and doesn’t fail an installation', async (t) => {
  const folder = project(t, { 'older.cjs': "require('node:util').parseArgs = undefined" })
  const node = ['-r', join(folder, 'older.cjs')]
  const inInstall = { npm_lifecycle_event: 'postinstall', INIT_CWD: folder }
  for (const [code, env] of [
    [2, {}],
    [0, inInstall],
  ]) {
    const told = await run([], { node, env })
    assert.deepEqual([told.code, told.out], [code, ''])
    assert.match(
      told.err,
      /^abi-guard: the abi-guard command needs Node\.js \^16\.17 \|\| >=18\.3, but this is [\d.]+: /,
    )
  }
})

describe('wrong usage', () => {
  const rows = [
    [['chekc'], /no command "chekc": did you mean "check"\? A directory is written \.\/chekc/],
    [['cehck'], /did you mean "check"/],
    [['runtime'], /did you mean "runtimes"/],
    [['help', 'chekc'], /did you mean "check"/],
    [['xyzzy'], /no command or directory "xyzzy"/],
    [['./xyzzy'], /there is no .+xyzzy \(ENOENT\)/],
    [['scan', 'xyzzy'], /there is no .+xyzzy \(ENOENT\)/],
    [['package.json'], /package\.json is a file: abi-guard check package\.json/],
    [['./package.json'], /\.\/package\.json is a file: abi-guard check \.\/package\.json/],
    [['scan', 'package.json'], /package\.json is not a directory/],
    [['scan', 'a', 'b'], /scan takes one operand, 2 were given/],
    [['check'], /check needs a file or a package/],
    [[''], /an argument is empty/],
    [['check', ''], /an argument is empty/],
    [['check', './absent'], /there is no \S*absent \(ENOENT\)/],
    [['check', 'absent.node'], /there is no \S*absent\.node \(ENOENT\)/],
    [['check', 'no-such-package'], /"no-such-package" is not installed.+; install it/],
    [['check', 'x', '--ignore', 'y'], /--ignore has no meaning for "check", only for scan/],
    [['--fromat', 'json'], /no option --fromat: did you mean --format\?/],
    [['--frobnicate'], /no option --frobnicate \(abi-guard --help lists them\)/],
    [['-x'], /no option -x/],
    [['--target'], /--target needs a value: --target <runtime>/],
    [['--target', '--json'], /--target needs a value/],
    [['--target', 'a', '--target', 'b'], /--target was given 2 times/],
    [['--target', 'rhino@1'], /unknown runtime "rhino": use node, electron, bun, deno or nw/],
    [['--target', 'elektron@31'], /unknown runtime "elektron": did you mean "electron@31"\?/],
    [['--target', 'node22'], /did you mean "node@22"\?/],
    [
      ['check', 'x', '--target', 'node@22/linux-x46'],
      /not a system: did you mean "node@22\/linux-x64"\?/,
    ],
    [['matrix', '--target', 'node@22', '--target', 'node=24'], /did you mean "node@24"\?/],
    [['--target', 'lts'], /unknown runtime "lts": did you mean "node@lts"/],
    [['key', '--target', ''], /unknown runtime ""/],
    [['--target', 'node@newest'], /"newest" is not a version/],
    [['--json=yes'], /--json takes no value/],
    [['--format', 'xml'], /no format "xml": use text, json, markdown, sarif, github or cyclonedx/],
    [['--format', 'text', '--json'], /exclude each other/],
    [['--quiet', '--verbose'], /exclude each other/],
  ]
  for (const [args, message] of rows) {
    test(`"abi-guard ${args.join(' ')}" prints one line that says what to do`, () =>
      refuses(args, message))
  }

  test('a folder that is named like a command is selected with ./', async (t) => {
    const cwd = project(t, {
      'package.json': {},
      'check/package.json': {},
      ...withBindings('broken', copyOf(addon)),
    })
    const { code, out } = await run(['./check', ...target], { cwd })
    assert.equal(code, 0)
    assert.match(out, /No native packages in .+check/)
    await refuses(['check'], /check needs a file/, { cwd })
  })
})

describe('the output', () => {
  const evil = {
    name: 'ev\u001b[31mil\u0007\u202e',
    version: '1\n2\u009b',
    dependencies: { bindings: '1' },
  }

  test('never has control characters from a package', async (t) => {
    const cwd = project(t, {
      'package.json': {},
      'node_modules/evil/package.json': evil,
      'node_modules/evil/index.js': "require('bindings')('x')",
      'node_modules/evil/build/Release/x.node': copyOf(addon),
    })
    for (const args of [target, ['--verbose', ...target], ['check', 'evil', ...target]]) {
      const { out } = await run(args, { cwd })
      assert.match(out, /ev\\u\{1b\}\[31mil/)
      assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    }
    const error = await run(['check', './a\u001b[31m\nb.node'], { cwd })
    assert.match(error.err, /^abi-guard: there is no \S*a\\u\{1b\}\[31m\\u\{a\}b\.node [^\n]+\n$/)
  })

  test('fits into 80 columns except for paths and names', async (t) => {
    const cwd = broken(t, {
      'node_modules/two/a.node': 'x',
      'node_modules/two/b.node': 'x',
      ...withBindings('text', 'text '.repeat(50)),
    })
    for (const spec of [
      'node@20.20.2/linux-x64',
      'electron@31',
      'deno@2',
      'bun',
      'node@22/linux-x64-musl',
      'node@99',
    ]) {
      for (const more of [[], ['--verbose']]) {
        const { out } = await run(['--target', spec, ...more], { cwd })
        const lines = out.split('\n').filter((line) => !/[\\/]/.test(line))
        assert.ok(widest(lines.join('\n')) <= 80, out)
      }
    }
    const table = await run(['runtimes'])
    assert.ok(widest(table.out) <= 80)
  })

  test('has colors only if they are requested', async (t) => {
    const cwd = broken(t)
    const colours = async (env) => (await run(target, { cwd, env })).out.includes('\u001b[')
    assert.equal(await colours({}), false)
    assert.equal(await colours({ FORCE_COLOR: '1' }), true)
    assert.equal(await colours({ FORCE_COLOR: '0' }), false)
    assert.equal(await colours({ FORCE_COLOR: '1', NO_COLOR: '1' }), true)
    const { out } = await run([...target, '--no-color'], { cwd, env: { FORCE_COLOR: '1' } })
    assert.equal(out.includes('\u001b['), false)
  })

  test('the usual short options are accepted', async (t) => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url)))
    for (const letter of ['-v', '-V']) assert.equal((await run([letter])).out, `${version}\n`)
    const healthy = project(t, { 'package.json': { name: 'healthy' } })
    assert.equal((await run(['scan', '-q', healthy])).out, '')
  })

  test('on a terminal has colors and its width, unless NO_COLOR is set', {
    skip: !hasScript(),
  }, (t) => {
    const cwd = broken(t)
    const onTerminal = (env) => {
      const command = [process.execPath, cli, ...target].map((word) => `'${word}'`).join(' ')
      const options = { cwd, encoding: 'utf8', env: { ...environment, TERM: 'xterm', ...env } }
      return spawnSync('script', ['-qefc', `stty cols 60; ${command}`, '/dev/null'], options)
    }
    const coloured = onTerminal({})
    assert.equal(coloured.status, 1, coloured.stderr)
    assert.ok(coloured.stdout.includes('\u001b[31m✖\u001b[0m'))
    const plain = onTerminal({ NO_COLOR: '1' }).stdout.replaceAll('\r', '')
    assert.ok(!plain.includes('\u001b'))
    assert.ok(
      widest(
        plain
          .split('\n')
          .filter((line) => !line.includes('/'))
          .join('\n'),
      ) <= 60,
      plain,
    )
  })

  test('may be closed by its reader without an error', async () => {
    const { code, err } = await run(['runtimes', '--json'], {
      onStart: (child) => child.stdout.destroy(),
    })
    assert.deepEqual([code, err], [0, ''])
  })
})

/** True if `script` of util-linux, which runs a command in a terminal, is installed. */
function hasScript() {
  return (
    process.platform === 'linux' &&
    spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')
  )
}

test('explain takes a word like a path for a file, and says so if it is missing', async (t) => {
  const text = "Error: Module did not self-register: '/a/b.node'."
  const cwd = project(t, { 'ci.log': text, 'here.txt': text, plain: text, 'logs/.keep': '' })
  for (const [operand, expected] of [
    ['ci.log', 0],
    ['here.txt', 0],
    ['./plain', 0],
    ['plain', 0],
    [text, 0],
    ['/nowhere/x', 'there is no /nowhere/x (ENOENT)'],
    ['plain/x', 'there is no plain/x (ENOENT)'],
    ['logs\\ci', 'there is no logs\\ci (ENOENT)'],
    ['missing.log', 'there is no missing.log (ENOENT)'],
    ['missing.TXT', 'there is no missing.TXT (ENOENT)'],
    ['./logs', './logs is not a regular file'],
    ['ENOENT', 1],
    ['Error in /nowhere/x', 1],
    ['segfault/'.repeat(1000), 1],
  ]) {
    const { code, out, err } = await run(['explain', operand], { cwd })
    const isError = typeof expected === 'string'
    assert.equal(code, isError ? 2 : expected, operand)
    if (isError) {
      assert.ok(err.startsWith(`abi-guard: ${expected}`), err)
      assert.equal(out, '')
    }
  }
})

describe('Ctrl-C', { skip: process.platform === 'win32' }, () => {
  test('ends a scan, a matrix or a doctor immediately, and the shell sees the signal', async (t) => {
    // Sends the signal as soon as the command listens for it.
    const hook = join(project(t), 'hook.cjs')
    writeFileSync(
      hook,
      `const { once } = process
      process.once = function (name, listener) {
        const result = once.call(this, name, listener)
        if (name === 'SIGINT') setImmediate(() => process.emit('SIGINT'))
        return result
      }`,
    )
    for (const command of ['scan', 'matrix', 'doctor']) {
      const { code, out, err } = await run([command, root], { node: ['--require', hook] })
      assert.deepEqual([code, out, err], ['SIGINT', '', ''], command)
    }
  })

  const error = "Error: Module did not self-register: '/a/b.node'."

  /**
   * Runs a pipeline that ends in `explain`. As Ctrl+C in a terminal does, a signal goes to all of
   * its processes: as soon as `explain` has read the error, and again 200 ms later.
   */
  async function interrupted(t, { app = 'app.sh', output = '', signals = 1 }) {
    const cwd = project(t, {
      'app.sh': `echo "${error}"; exec sleep 60`,
      'stubborn.sh': `trap '' INT; echo "${error}"; sleep 60`,
      'hook.cjs': "process.stdin.once('data', () => process.stderr.write('it has read;'))",
    })
    const explain = `${process.execPath} --require ./hook.cjs ${cli} explain ${output}`
    const pipeline = `sh ${app} 2>&- | { trap : INT; ${explain}; echo "code $?;" >&2; }`
    const child = spawn('sh', ['-c', `trap : INT; ${pipeline}`], { cwd, detached: true })
    const text = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (part) => (text.out += part))
    child.stderr.setEncoding('utf8').on('data', (part) => {
      text.err += part
      const send = () => process.kill(-child.pid, 'SIGINT')
      if (part.includes('read;')) for (let n = 0; n < signals; n++) setTimeout(send, 200 * n)
      // What has ignored the signal.
      if (part.includes('code')) process.kill(-child.pid, 'SIGKILL')
    })
    await once(child, 'close')
    const file = join(cwd, 'file')
    const code = Number(/code (\d+);/.exec(text.err)?.[1])
    return { code, text: existsSync(file) ? readFileSync(file, 'utf8') : text.out, err: text.err }
  }

  test('ends the app before the pipe, and explain explains what it has read', async (t) => {
    for (const output of ['', '> file', '-o file', '--json > file', '| tee -i file']) {
      const { code, text, err } = await interrupted(t, { output })
      assert.match(text, /did not register as an addon/, `${output}: ${err}`)
      assert.equal(code, 0, output)
    }
  })

  test('ends explain the second time if the app doesn’t stop', async (t) => {
    const found = await interrupted(t, { app: 'stubborn.sh', output: '> file', signals: 2 })
    assert.deepEqual([found.code, found.text], [130, ''])
  })
})
