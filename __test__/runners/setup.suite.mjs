// The global setup: when it stops the tests, when it lets them run, and that its own problems don't
// stop them.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { platformName } from '../../lib/platform.js'
import { placeOf } from '../../scripts/support/matrix/index.mjs'
import { isAll } from '../../scripts/support/lane.mjs'
import { app, native, runProgram, write } from './project.mjs'

const newer = placeOf('26.10.0')
const TOLD = 'built for Node.js 18 (ABI 108)'
const times = (output, text) => output.split(text).length - 1

/** @param {() => { first: object, second: object }} projects the projects of the matchers' suite */
export function setup(projects) {
  const jestConfig = (config) => ({
    'jest.config.json': { globalSetup: 'abi-guard/global-setup', ...config },
  })
  const vitestConfig = (config) => ({
    'vitest.config.mjs': `export default { test: ${JSON.stringify({ globalSetup: ['abi-guard/global-setup'], ...config })} }`,
  })
  /** Test files, each of which writes a file when it runs. */
  const tests = (extension, head = '', names = ['a', 'b', 'c']) =>
    Object.fromEntries(
      names.map((name) => [
        `${name}.test.${extension}`,
        `${head}test('${name}', () => process.getBuiltinModule?.('fs').writeFileSync('${name}.ran', ''))\n`,
      ]),
    )
  const importVitest = "import { test } from 'vitest'\n"
  const importNode = "import { test } from 'node:test'\n"

  const runners = [
    [
      'Jest',
      { program: 'jest', args: [], project: 'first', config: jestConfig, files: tests('js') },
    ],
    [
      'Vitest 3',
      {
        program: 'vitest',
        args: ['run'],
        project: 'first',
        config: vitestConfig,
        files: tests('mjs', importVitest),
      },
    ],
    [
      'Vitest 5',
      {
        program: 'vitest',
        args: ['run'],
        project: 'second',
        config: vitestConfig,
        files: tests('mjs', importVitest),
        node: newer,
      },
    ],
  ]

  /** Runs tests in a new folder. */
  async function run(
    { program, args, project, config, files, node },
    { app: about, more = {}, env, settings },
  ) {
    const cwd = projects()[project].place({
      ...(await app(about)),
      ...config(settings),
      ...files,
      ...more,
    })
    return { ...(await runProgram(program, args, { cwd, node, env })), cwd }
  }

  for (const [name, runner] of runners) {
    test(`${name}: one report instead of all tests, also for development packages`, async () => {
      const about = { dependencies: ['good'], devDependencies: ['stale'] }
      const { code, output, cwd } = await run(runner, { app: about })
      assert.equal(code, 1, output)
      assert.equal(times(output, TOLD), 1, output)
      assert.match(output, /npm rebuild stale/)
      assert.match(output, /^ +node_modules\/stale\/build\/Release\/x\.node$/m)
      assert.equal(times(output, 'requiredBy'), 0, 'the report itself is not printed')
      assert.deepEqual(
        [existsSync(join(cwd, 'a.ran')), existsSync(join(cwd, 'b.ran'))],
        [false, false],
      )
    })

    test(`${name}: no output if all packages load, or if package.json ignores the others`, async () => {
      const about = {
        dependencies: ['good'],
        devDependencies: ['stale'],
        'abi-guard': { production: true },
      }
      const { code, output, cwd } = await run(runner, { app: about })
      assert.equal(code, 0, output)
      assert.match(output, /3 passed/)
      assert.doesNotMatch(output, /abi-guard:|native package/)
      assert.ok(existsSync(join(cwd, 'c.ran')))
    })

    test(`${name}: ABI_GUARD and package.json set the mode`, async () => {
      const dependencies = ['stale']
      const rows = [
        [{ dependencies }, { ABI_GUARD: 'off' }, 0, 0],
        [{ dependencies, 'abi-guard': { mode: 'warn' } }, {}, 0, 1],
        [{ dependencies, 'abi-guard': { mode: 'off' } }, {}, 0, 0],
        [{ dependencies }, { ABI_GUARD: 'warn' }, 0, 1],
        [{ dependencies, 'abi-guard': { mode: 'warn' } }, { ABI_GUARD: 'error' }, 1, 1],
      ]
      // The settings mean the same in all runners. With each of the others, two rows test that they
      // have an effect.
      for (const [about, env, code, said] of name === 'Jest' ? rows : rows.slice(0, 2)) {
        const result = await run(runner, { app: about, env })
        const story = `${JSON.stringify([about, env])}\n${result.output}`
        assert.deepEqual([result.code, times(result.output, TOLD)], [code, said], story)
      }
    })

    test(`${name}: without abi-guard’s own binary, there is one warning and the tests run`, async () => {
      const cwd = await withoutBinary(runner)
      try {
        const { code, output } = await runProgram(runner.program, runner.args, {
          cwd,
          node: runner.node,
        })
        assert.equal(code, 0, output)
        const told = `the package @abi-guard/binding-${platformName()}, is not installed`
        assert.equal(times(output, told), 1, output)
        const env = { ABI_GUARD: 'off' }
        const off = await runProgram(runner.program, runner.args, { cwd, node: runner.node, env })
        assert.equal(off.code, 0, off.output)
        assert.equal(times(off.output, 'binary'), 0, off.output)
      } finally {
        rmSync(cwd, { recursive: true, force: true })
      }
    })
  }

  /** An app with a broken package, in a folder in which abi-guard doesn't find its binary. */
  async function withoutBinary({ project, config, files }) {
    const installed = join(projects()[project].folder, 'node_modules')
    const folder = mkdtempSync(join(tmpdir(), 'abi-guard-alone-'))
    write(folder, { ...(await app({ dependencies: ['stale'] })), ...config(), ...files })
    for (const name of readdirSync(installed)) {
      const [from, to] = [join(installed, name), join(folder, 'node_modules', name)]
      if (name === 'abi-guard') cpSync(from, to, { recursive: true })
      else if (name !== '@abi-guard' && name !== '.bin') symlinkSync(from, to, 'junction')
    }
    return folder
  }

  test('node --test: one report instead of all tests', async () => {
    const { folder } = projects().first
    for (const [dependencies, passes, said] of [
      [['good'], true, 0],
      [['good', 'stale'], false, 1],
    ]) {
      const cwd = projects().first.place({
        ...(await app({ dependencies })),
        ...tests('mjs', importNode),
      })
      const args = [
        '--test',
        `--test-global-setup=${join(folder, 'node_modules', 'abi-guard', 'global-setup.js')}`,
      ]
      const result = await runProgram(undefined, args, { cwd, node: newer })
      assert.deepEqual(
        [result.code === 0, times(result.output, TOLD)],
        [passes, said],
        result.output,
      )
      assert.equal(existsSync(join(cwd, 'a.ran')), passes)
    }
  })

  /**
   * A folder with two apps, of which the second is broken, and a third app in which the tests are
   * started.
   */
  const two = async () => ({
    'main/package.json': { name: 'main', private: true },
    ...below('one', await app({ dependencies: ['good'] })),
    ...below('two', await app({ dependencies: ['stale'] })),
  })
  const below = (folder, files) =>
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]),
    )

  test('Jest: each of several projects is checked once', async () => {
    const config = { globalSetup: 'abi-guard/global-setup' }
    const place = projects().first.place({
      ...(await two()),
      'one/a.test.js': tests('js')['a.test.js'],
      'two/a.test.js': tests('js')['a.test.js'],
      'main/jest.config.json': {
        projects: [
          '<rootDir>/../one',
          '<rootDir>/../two/jest.config.json',
          { ...config, displayName: 'again', rootDir: '<rootDir>/../two' },
        ],
      },
      'one/jest.config.json': config,
      'two/jest.config.json': config,
    })
    const { code, output } = await runProgram('jest', [], { cwd: join(place, 'main') })
    assert.equal(code, 1, output)
    assert.equal(times(output, TOLD), 1, output)
    assert.match(output, /In \.\.\/two:\n1 of 1 native package/)
  })

  for (const [version, project, node] of [
    [3, 'first'],
    [5, 'second', newer],
  ]) {
    for (const where of ['for all', 'in each']) {
      test(`Vitest ${version}: each of several projects is checked once, with the setup in ${where}`, async () => {
        const setting = { globalSetup: ['abi-guard/global-setup'] }
        const own = (name) => ({
          test: { name, root: `../${name}`, ...(where === 'in each' && setting) },
        })
        const config = {
          test: { ...(where === 'for all' && setting), projects: [own('one'), own('two')] },
        }
        const place = projects()[project].place({
          ...(await two()),
          'one/a.test.mjs': tests('mjs', importVitest)['a.test.mjs'],
          'two/a.test.mjs': tests('mjs', importVitest)['a.test.mjs'],
          'main/vitest.config.mjs': `export default ${JSON.stringify(config)}`,
        })
        const { code, output } = await runProgram('vitest', ['run'], {
          cwd: join(place, 'main'),
          node,
        })
        assert.equal(code, 1, output)
        assert.equal(times(output, TOLD), 1, output)
      })
    }
  }

  test('an addon that only one thread can load fails tests in worker threads, and no others', async () => {
    const dependencies = ['single']
    const jest = { ...runners[0][1], files: tests('js', '', ['a']) }
    const vitest = { ...runners[1][1], files: tests('mjs', importVitest, ['a']) }
    const vitestSays = (pool, more) =>
      run(vitest, { app: { dependencies }, settings: { pool, ...more } })
    const jestSays = (settings) => run(jest, { app: { dependencies }, settings })
    const said = /not context-aware: it can be loaded once per process, so it fails in worker\n/
    for (const result of [
      await jestSays({ workerThreads: true, maxWorkers: 2 }),
      await vitestSays('threads'),
      ...(isAll ? [await vitestSays('vmThreads')] : []),
    ]) {
      assert.equal(result.code, 1, result.output)
      assert.match(result.output, said)
    }
    for (const result of [
      ...(isAll ? [await jestSays({ maxWorkers: 2 })] : []),
      await jestSays({ workerThreads: true, maxWorkers: 1 }),
      await vitestSays('forks'),
      await vitestSays('threads', { maxWorkers: 1, minWorkers: 1 }),
    ]) {
      assert.equal(result.code, 0, result.output)
    }
  })

  test('two threads at once really cannot load such an addon', async () => {
    const load =
      "import { createRequire } from 'node:module'\ncreateRequire(import.meta.url)('single')\n"
    const wait =
      "import { beforeAll } from 'vitest'\nbeforeAll(() => new Promise((done) => setTimeout(done, 500)))\n"
    for (const [pool, workers, code] of [
      ['threads', 2, 1],
      ['threads', 1, 0],
      ...(isAll ? [['forks', 2, 0]] : []),
    ]) {
      const config = { pool, minWorkers: workers, maxWorkers: workers }
      const cwd = projects().first.place({
        'package.json': { name: 'app' },
        ...(await native('single')),
        ...tests('mjs', `${importVitest}${load}${wait}`, ['a', 'b']),
        'vitest.config.mjs': `export default { test: ${JSON.stringify(config)} }`,
      })
      const result = await runProgram('vitest', ['run'], { cwd })
      assert.equal(result.code, code, `${JSON.stringify(config)} ${result.output}`)
      if (code === 1) assert.match(result.output, /Module did not self-register/)
    }
  })
}
