// The messages of the matchers in the real runners, and their stability.
import assert from 'node:assert/strict'
import { cpSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { executable, placeOf } from '../../scripts/support/matrix/index.mjs'
import { byHand } from '../../scripts/support/lane.mjs'
import { app, runProgram, runnersProject, suiteFor } from './project.mjs'

/** The newest Vitest needs a newer Node.js than the tests do. */
const newer = placeOf('26.10.0')

/**
 * @param {() => { first: object, second: object }} projects `first`: with Jest and an older Vitest;
 *   `second`: with the newest Vitest
 */
export function matchers(projects) {
  const broken = () => app({ dependencies: ['good', 'stale'] })

  /** Runs the matchers' suite; all its tests must pass. */
  async function runs(project, program, files, { args = [], ...how } = {}) {
    const cwd = project.place({ ...(await broken()), ...files })
    const env = { MESSAGES: join(cwd, 'messages'), ...how.env }
    const { code, output } = await runProgram(program, args, { ...how, cwd, env })
    assert.equal(code, 0, output)
    return { output, messages: JSON.parse(readFileSync(join(cwd, 'messages.json'), 'utf8')), cwd }
  }

  const jestConfig = (config) => ({ 'jest.config.json': config })
  const vitestConfig = (config) => ({
    'vitest.config.mjs': `export default { test: ${JSON.stringify(config)} }`,
  })
  const setup = { setupFilesAfterEnv: ['abi-guard/jest'] }

  /** The messages that all runners must have. */
  const expected = ({ version, abi }) => ({
    file: `expect(file).toBeLoadable()

✖ node_modules/stale/build/Release/x.node
  Node.js ${version} (linux-x64) rejects it
  linux-x64, uses V8
  built for Node.js 18 (ABI 108), this is Node.js ${version} (ABI ${abi})

Rebuild stale for Node.js ${version}:
  npm rebuild stale`,
    package: `expect(file).toBeLoadable('node@22.11.0/linux-x64-glibc2.36')

✖ stale 1.2.3
  built for Node.js 18 (ABI 108), Node.js 22.11.0 needs ABI 127
  node_modules/stale/build/Release/x.node

Rebuild stale under Node.js 22.11.0, on linux-x64 (glibc 2.36).`,
    project: `expect(directory).toHaveLoadableAddons()

1 of 2 native packages can't be loaded by Node.js ${version} (linux-x64).

✖ stale 1.2.3
  built for Node.js 18 (ABI 108), this is Node.js ${version} (ABI ${abi})
  node_modules/stale/build/Release/x.node

Rebuild stale for Node.js ${version}:
  npm rebuild stale`,
    notFile: `expect(file).not.toBeLoadable('node@22.11.0')

It was expected not to load, but it does:

✔ node_modules/good/build/Release/x.node
  Node.js 22.11.0 (linux-x64) loads it
  linux-x64, Node-API`,
    notPackage: `expect(file).not.toBeLoadable()

It was expected not to load, but it does:

✔ good 1.2.3
  node_modules/good/build/Release/x.node`,
    notProject: `expect(directory).not.toHaveLoadableAddons(options)

An addon was expected not to load, but no problem was found:

1 native package checked for Node.js ${version} (linux-x64): no problem found.`,
  })
  const here = { version: process.versions.node, abi: process.versions.modules }
  const there = { version: '26.10.0', abi: '147' }

  test('Jest: the matchers, in Node.js and in jsdom', async () => {
    const { messages, output } = await runs(projects().first, 'jest', {
      ...jestConfig(setup),
      'matchers.test.js': suiteFor('jest', 'matchers.js'),
      'jsdom.test.js': suiteFor('jsdom', 'matchers.js'),
    })
    assert.match(output, /Test Suites: 2 passed/)
    assert.deepEqual(messages, expected(here))
  })

  test('Jest: the matchers without globals, in worker threads', async () => {
    const { messages, output } = await runs(projects().first, 'jest', {
      ...jestConfig({ injectGlobals: false, workerThreads: true, maxWorkers: 2 }),
      'one.test.js': suiteFor('jestGlobals', 'matchers.js'),
      'two.test.js': suiteFor('jestGlobals', 'matchers.js'),
    })
    assert.match(output, /Test Suites: 2 passed/)
    assert.deepEqual(messages, expected(here))
  })

  test('Jest: the matchers in ES modules', async () => {
    const files = { ...jestConfig({ testMatch: ['**/*.mjs'] }) }
    files['matchers.mjs'] = suiteFor('jestModule', 'matchers.js')
    const nodeArgs = ['--experimental-vm-modules', '--no-warnings']
    const { messages } = await runs(projects().first, 'jest', files, { nodeArgs })
    assert.deepEqual(messages, expected(here))
  })

  test('Jest: if abi-guard/jest is loaded too early, the error names the right place', async () => {
    const cwd = projects().first.place({
      ...(await broken()),
      ...jestConfig({ setupFiles: ['abi-guard/jest'] }),
      'a.test.js': "test('a', () => {})\n",
    })
    const { code, output } = await runProgram('jest', [], { cwd })
    assert.equal(code, 1)
    assert.match(output, /abi-guard\/jest found no "expect": list it in setupFilesAfterEnv/)
  })

  test('Jest 29: the matchers and the setup', { skip: byHand }, async () => {
    const project = await runnersProject('jest29')
    try {
      const { messages } = await runs(project, 'jest', {
        ...jestConfig(setup),
        'matchers.test.js': suiteFor('jest', 'matchers.js'),
      })
      assert.deepEqual(messages, expected(here))
      const cwd = project.place({
        ...(await broken()),
        ...jestConfig({ globalSetup: 'abi-guard/global-setup' }),
        'a.test.js': "test('a', () => {})\n",
      })
      const { code, output } = await runProgram('jest', [], { cwd })
      assert.equal(code, 1)
      assert.match(output, /built for Node\.js 18/)
    } finally {
      project.remove()
    }
  })

  for (const [version, project, node, facts] of [
    [3, () => projects().first, process.execPath, here],
    [5, () => projects().second, newer, there],
  ]) {
    test(`Vitest ${version}: the matchers, in processes`, async () => {
      const { messages } = await runs(
        project(),
        'vitest',
        {
          ...vitestConfig({ setupFiles: ['abi-guard/vitest'] }),
          'matchers.test.mjs': suiteFor('vitest', 'matchers.js'),
        },
        { args: ['run'], node },
      )
      assert.deepEqual(messages, expected(facts))
    })

    test(`Vitest ${version}: the matchers with globals and inlined packages, in threads of their own realm`, async () => {
      const config = {
        globals: true,
        pool: 'vmThreads',
        server: { deps: { inline: [/abi-guard/.source] } },
      }
      const text = JSON.stringify(config).replace('"abi-guard"', '/abi-guard/')
      const { messages } = await runs(
        project(),
        'vitest',
        {
          'vitest.config.mjs': `export default { test: ${text} }`,
          'matchers.test.mjs': suiteFor('vitestGlobals', 'matchers.js'),
        },
        { args: ['run'], node },
      )
      assert.deepEqual(messages, expected(facts))
    })
  }

  for (const [name, project, program, config, file, args] of [
    ['Jest', () => projects().first, 'jest', jestConfig(setup), 'a.test.js', []],
    ...[3, 5].map((version) => [
      `Vitest ${version}`,
      () => (version === 3 ? projects().first : projects().second),
      'vitest',
      vitestConfig({ setupFiles: ['abi-guard/vitest'] }),
      'a.test.mjs',
      ['run'],
    ]),
  ])
    test(`${name}: an asymmetric matcher that does not hold says why`, async () => {
      const files = { ...(await broken()), ...config, [file]: suiteFor(program, 'asymmetric.js') }
      const cwd = project().place(files)
      const { code, output } = await runProgram(program, args, { cwd, node: newer })
      assert.equal(code, 1)
      const lines = output.replace(/\u001b\[\d+m/g, '').split(/\n[-+\s]*/)
      for (const line of [
        'toBeLoadable<>',
        /^built for Node\.js 18 \(ABI 108\), this is/,
        'npm rebuild stale',
        'It was expected not to load, but it does:',
        /^1 of 2 native packages can't be loaded/,
      ])
        assert.ok(
          lines.some((one) => (line.test ? line.test(one) : one.includes(line))),
          `${line}\n${output}`,
        )
      // The matcher that holds has no reason.
      assert.doesNotMatch(output, /✔ good/)
    })

  test('snapshots are the same in another folder, in another Node.js and on a terminal with colors', async () => {
    for (const [program, project, config, head, file, args] of [
      ['jest', projects().first, jestConfig(setup), 'jest', 'snapshots.test.js', []],
      [
        'vitest',
        projects().second,
        vitestConfig({ setupFiles: ['abi-guard/vitest'] }),
        'vitest',
        'snapshots.test.mjs',
        ['run'],
      ],
    ]) {
      const files = { ...(await broken()), ...config, [file]: suiteFor(head, 'snapshots.js') }
      const cwd = project.place(files)
      const made = await runProgram(
        program,
        [...args, program === 'jest' ? '--ci=false' : '--update'],
        {
          cwd,
          node: newer,
        },
      )
      assert.equal(made.code, 0, made.output)
      const [name] = readdirSync(join(cwd, '__snapshots__'))
      const text = readFileSync(join(cwd, '__snapshots__', name), 'utf8')
      assert.match(text, /"file": "node_modules\/stale\/build\/Release\/x\.node"/)
      assert.doesNotMatch(
        text,
        new RegExp(`${project.folder}|execPath|stats|milliseconds|"size"|26\\.10|\\u001b`),
      )

      const elsewhere = project.place(files, join('a', 'folder', 'further', program))
      cpSync(join(cwd, '__snapshots__'), join(elsewhere, '__snapshots__'), { recursive: true })
      const again = await runProgram(
        program,
        [...args, ...(program === 'jest' ? ['--ci', '--colors'] : [])],
        {
          cwd: elsewhere,
          node: executable('22.23.3'),
          env: { FORCE_COLOR: '1' },
        },
      )
      assert.equal(again.code, 0, again.output)
      assert.match(again.output, /5 passed/)
    }
  })

  test('a test that fails shows the report, once', async () => {
    const lines = [
      "test('a', () => expect('stale').toBeLoadable())",
      "test('b', () => expect('good').toBeLoadable())",
    ]
    const import_ = "import { expect, test } from 'vitest'"
    const jest = projects().first.place({
      ...(await broken()),
      ...jestConfig(setup),
      'a.test.js': lines.join('\n'),
    })
    const vitest = projects().first.place({
      ...(await broken()),
      ...vitestConfig({ setupFiles: ['abi-guard/vitest'], reporters: ['tap'] }),
      'a.test.mjs': [import_, ...lines].join('\n'),
    })
    for (const [program, args, cwd] of [
      ['jest', [], jest],
      ['vitest', ['run'], vitest],
    ]) {
      const { code, output } = await runProgram(program, args, { cwd })
      assert.equal(code, 1)
      const facts = `built for Node.js 18 (ABI 108), this is Node.js ${here.version}`
      assert.equal(output.split(facts).length, 2, output)
      assert.match(output, /npm rebuild stale/)
    }
  })
}
