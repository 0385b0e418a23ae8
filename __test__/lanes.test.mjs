// Checks the lanes of __test__/README.md: every test is in a lane, and the tests that are skipped
// in the fast lane are found by what they import.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { differing, filesWithMore, nearest, rooms, testFiles } from '../scripts/lanes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a JavaScript program in a lane. */
function inLane(lane, args) {
  const env = { ...process.env, ABI_GUARD_TEST: lane }
  // node:test sets this variable. With it, a test that is started below would report to this one.
  delete env.NODE_TEST_CONTEXT
  return spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' })
}

const script = (text) => ['--input-type=module', '--eval', text]

/** The JavaScript files below some folders. */
const modulesBelow = (...folders) =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => /\.[cm]?js$/.test(name) && !/node_modules|target/.test(name))
      .map((name) => ({
        path: `${folder}/${name.replaceAll('\\', '/')}`,
        text: readFileSync(join(root, folder, name), 'utf8'),
      })),
  )

test('the exports that differ between the lanes identify the files whose tests differ', () => {
  const print = script(
    `console.log(JSON.stringify({ ...await import('./scripts/support/lane.mjs') }))`,
  )
  const of = (lane) => JSON.parse(inLane(lane, print).stdout)
  const [fast, full] = [of('fast'), of('full')]
  assert.deepEqual(
    Object.keys(full)
      .filter((name) => fast[name] !== full[name])
      .toSorted(),
    differing,
  )
})

test('only lane.mjs and the programs that start the tests use the variable of the lane', () => {
  const knowing = modulesBelow('__test__', 'scripts').filter(({ text }) =>
    /env\.ABI_GUARD_TEST\b/.test(text),
  )
  assert.deepEqual(knowing.map(({ path }) => path).toSorted(), [
    'scripts/support/lane.mjs',
    'scripts/t.mjs',
    'scripts/test.mjs',
  ])
})

test('a file depends on the lane by itself or through its imports', () => {
  const names = filesWithMore.map((file) => file.replaceAll('\\', '/'))
  for (const name of ['hook', 'layouts', 'formats', 'register'])
    assert.ok(names.includes(`__test__/${name}.test.mjs`), name)
  for (const name of ['lines', 'rooms', 'cli', 'doctor'])
    assert.ok(!names.includes(`__test__/${name}.test.mjs`), name)
})

test('a lane that does not exist is an error', () => {
  const { status, stderr } = inLane('ful', ['scripts/support/lane.mjs'])
  assert.notEqual(status, 0)
  assert.match(stderr, /ABI_GUARD_TEST is "ful": use fast, full, all/)
})

test('in the fast lane a test of the full lane is skipped with the reason, and does not count as passed', () => {
  const { status, stdout } = inLane('fast', [
    '--test',
    '--test-reporter=spec',
    '__test__/foreign.test.mjs',
    '__test__/layouts.test.mjs',
  ])
  assert.equal(status, 0, stdout)
  assert.match(stdout, /^\S pass 0$/m)
  assert.equal([...stdout.matchAll(/^﹣ .* # full lane: npm run test:full/gm)].length, 2, stdout)
})

test('in the fast lane a test fails if it installs large downloads, even if they are cached', () => {
  for (const [module, call] of [
    ...(isLinuxX64 ? [['./scripts/support/matrix/install.mjs', "install('small')"]] : []),
    ['./scripts/support/matrix/install.mjs', "installed('22.23.3')"],
    ['./scripts/support/corpus/install.mjs', "install('full')"],
    ['./scripts/support/zig.mjs', 'install()'],
    ['./__test__/layouts/managers.mjs', "run('npm11', ['--version'], { cwd: '.' })"],
    ['./__test__/trace/install.mjs', "install(['small'])"],
    ['./__test__/runners/install.mjs', "installedRunners('jest')"],
  ]) {
    const { status, stderr } = inLane('fast', script(`await (await import('${module}')).${call}`))
    assert.equal(status, 1, module)
    assert.match(stderr, /is not for the fast lane: give the test \{ skip: fullLane \}/)
  }
})

test('npm run t lists the tests and the nearest name for an unknown one', () => {
  const { status, stderr } = inLane('fast', ['scripts/t.mjs', 'verdct', 'clii'])
  assert.equal(status, 2)
  assert.match(stderr, /"verdct"; did you mean "verdict"\?/)
  assert.match(stderr, /"clii"; did you mean "cli"\?/)
  assert.match(stderr, /^Test files: \w+, .*^Rooms of src\/: addon, /ms)
  assert.equal(nearest('docter', ['cli', 'doctor', 'docs']), 'doctor')
  assert.ok(rooms.includes('verdict') && rooms.includes('hash') && !rooms.includes('lib'))
  assert.ok(testFiles.length > 40)
})

test('npm run t imports only modules of Node.js before it has found a test file', () => {
  for (const file of ['scripts/t.mjs', 'scripts/lanes.mjs']) {
    const text = readFileSync(join(root, file), 'utf8')
    const from = [...text.matchAll(/^import .* from '(.*)'$/gm)].map(([, name]) => name)
    assert.deepEqual(
      from.filter((name) => !name.startsWith('node:') && name !== './lanes.mjs'),
      [],
      file,
    )
  }
})

test('nothing outside of the test folder imports from it', () => {
  const importing = modulesBelow('scripts', 'src', 'schema', 'lib').filter(({ text }) =>
    /(?:from|import)\s*\(?\s*['"`][^'"`]*__test__/.test(text),
  )
  assert.deepEqual(
    importing.map(({ path }) => path),
    [],
  )
})

test('no published file is one of the tests or of the scripts', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const paths = JSON.parse(packed)[0].files.map(({ path }) => path)
  assert.ok(paths.includes('index.js'))
  assert.deepEqual(
    paths.filter((path) => /^(scripts|__test__|src)\//.test(path)),
    [],
  )
})
