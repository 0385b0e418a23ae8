// npm test [-- word…]: sets up the checkout and runs the fast lane of the tests, or only the checks
// whose name contains one of the words. npm run test:full: runs every check, including the test
// files of scripts/lanes.mjs; -- --rest skips what `npm test` has run completely.
// __test__/README.md explains the lanes. Shows the output of failed checks; ABI_GUARD_VERBOSE=1
// shows all output immediately.
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { filesWithManagers, filesWithMore, testFiles } from './lanes.mjs'
import { root, setupOrExit } from './setup.mjs'
import { FULL_LANE } from './support/lane.mjs'

const given = process.argv.slice(2)
const words = given.filter((word) => !word.startsWith('--'))
const isRest = given.includes('--rest')
const isFull = isRest || given.includes('--full')
const verbose = Boolean(process.env.ABI_GUARD_VERBOSE)

/** A test of the fast lane that takes longer than this, in milliseconds, is reported. */
const SLOW = 10_000
/** The number of parts in which the test files run. */
const PARTS = 5

setupOrExit()

const tool = (name, ...args) => [join(root, 'node_modules', '.bin', name), ...args]
const attw = (...args) => tool('attw', '--no-emoji', '--no-color', '--pack', '.', ...args)
const clippy = (...args) => ['cargo', 'clippy', ...args, '--', '-D', 'warnings']

/**
 * Name, command, and a function that counts the tests in its output. Without one, the check counts
 * as one test.
 */
const fastRust = [
  ['rust format', ['cargo', 'fmt', '--check']],
  ['rust lint', clippy('--all-targets')],
  ['rust tests', ['cargo', 'test'], countOfCargo],
  ...(hasCargoDeny()
    ? [['licenses, bans and sources', ['cargo', 'deny', 'check', 'licenses', 'bans', 'sources']]]
    : []),
]
/** Each of these compiles the crate again, with its own features or settings. */
const moreRust = [
  ['rust lint, core alone', clippy('--no-default-features')],
  [
    'rust, damaged inputs',
    [process.execPath, 'scripts/fuzz.mjs', '--inputs', '50000'],
    countOfFuzz,
  ],
  ['rust, crafted inputs', [process.execPath, 'scripts/fuzz.mjs', '--crafted']],
  ['rust, scripts against a full parser', [process.execPath, 'scripts/compare-scripts.mjs']],
]
const fastJs = [
  ['js format and lint', tool('biome', 'check', '--error-on-warnings', '.')],
  [
    'js types, word for word',
    tool('tsd', '--typings', 'index.d.ts', '--files', '__test__/types/api.test-d.ts'),
  ],
  ['js package', tool('publint', '--strict', '.')],
  ['js package types', attw('--exclude-entrypoints', 'vitest')],
  // Vitest itself is an ES module only.
  ['js package types of ES modules', attw('--entrypoints', 'vitest', '--profile', 'esm-only')],
]
const files = isRest && process.env.ABI_GUARD_TEST !== 'all' ? filesWithMore : testFiles
const jsTest = (name, those) => [
  `js tests, ${name}`,
  [process.execPath, '--test', '--test-reporter=spec', ...those],
  countOfNode,
]
const isAlone = (file) => filesWithManagers.includes(file)
const others = files.filter((file) => !isAlone(file))
/** The test files in parts, for the track that has nothing left to do; the longest part first. */
const jsTests = [
  jsTest('package managers', files.filter(isAlone)),
  ...Array.from({ length: PARTS }, (_, part) =>
    jsTest(
      `part ${part + 1} of ${PARTS}`,
      others.filter((_, at) => at % PARTS === part),
    ),
  ),
]

const wanted = ([name]) => words.length === 0 || words.some((word) => name.includes(word))
// Rust and JavaScript run at the same time: on two processors, node:test runs one file at a time,
// and most files use only one of them. Whichever is ready first helps with the test files.
const tracks = [
  [...(isRest ? [] : fastRust), ...(isFull ? moreRust : [])],
  isRest ? [] : fastJs,
].map((steps) => steps.filter(wanted))
const shared = jsTests.filter(wanted)
const isEmpty = [...tracks.flat(), ...shared].length === 0

const env = { ...process.env }
if (!isFull) env.ABI_GUARD_TEST = 'fast'
else if (env.ABI_GUARD_TEST !== 'all') env.ABI_GUARD_TEST = 'full'

const start = performance.now()
const failures = []
const sum = { passed: 0, failed: 0, skipped: 0, ofFullLane: 0 }
if (verbose) for (const steps of tracks) await runAll(steps)
else await Promise.all(tracks.map(runAll))
if (isEmpty) {
  const names = [...fastRust, ...moreRust, ...fastJs, ...jsTests].map(([name]) => name)
  console.log(`no check of this lane is called like that; there are: ${names.join(', ')}`)
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`)
const minutes = ((performance.now() - start) / 60_000).toFixed(1)
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
console.log(`\n${sum.passed} passed, ${sum.failed} failed${skipped} (${minutes} minutes)`)
if (!isFull && words.length === 0) {
  const names = moreRust.map(([name]) => name).join(', ')
  console.log(
    `Left to the ${FULL_LANE} (npm run test:full): ${names}; ` +
      `${sum.ofFullLane} tests and suites of JavaScript`,
  )
}
process.exitCode = sum.failed > 0 || isEmpty ? 1 : 0

/** Runs steps one after the other, and then those that no other track has begun. */
async function runAll(steps) {
  for (let step; (step = steps.shift() ?? shared.shift()); ) {
    const [name, command, count] = step
    const begin = performance.now()
    const { status, output } = await run(command)
    const ok = status === 0
    const found = count?.(output) ?? { passed: ok ? 1 : 0, failed: 0, skipped: 0 }
    sum.passed += found.passed
    sum.failed += ok ? 0 : Math.max(found.failed, 1)
    sum.skipped += found.skipped
    sum.ofFullLane += found.ofFullLane ?? 0
    if (!ok) {
      failures.push(name)
      if (!verbose) console.log(essence(output))
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1)
    const skipped = found.skipped > 0 ? `, ${found.skipped} skipped` : ''
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s${skipped})`)
    for (const one of found.slow ?? []) console.log(`slow   ${one}`)
  }
}

/** Runs a command in the checkout; returns its exit code and its output. */
function run([program, ...args]) {
  return new Promise((resolve) => {
    const windows = process.platform === 'win32' && !program.endsWith('.exe')
    const child = spawn(program, args, {
      cwd: root,
      env,
      shell: windows,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const parts = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        parts.push(part)
        if (verbose) process.stdout.write(part)
      })
    }
    child.on('error', (error) =>
      resolve({ status: -1, output: `${program} can't be started: ${error.message}` }),
    )
    child.on('close', (status, signal) =>
      resolve({ status: status ?? signal, output: Buffer.concat(parts).toString() }),
    )
  })
}

/** For node:test, only the list of failures at the end; otherwise the whole output. */
function essence(output) {
  const list = output.indexOf('\n✖ failing tests:')
  return output.slice(list + 1).trimEnd()
}

function countOfCargo(output) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    sum.passed += Number(passed)
    sum.failed += Number(failed)
    sum.skipped += Number(ignored)
  }
  return sum
}

/** The damaged inputs count as one test; the output lists the findings. */
function countOfFuzz(output) {
  const counts = [...output.matchAll(/^\d+ inputs, (\d+) findings/gm)].map(([, findings]) =>
    Number(findings),
  )
  const failed = counts.length > 0 ? counts.reduce((sum, count) => sum + count) : 1
  return { passed: failed === 0 ? 1 : 0, failed, skipped: 0 }
}

/** cargo-deny isn't part of Rust, so it runs only if it is installed. */
function hasCargoDeny() {
  return spawnSync('cargo', ['deny', '--version'], { stdio: 'ignore' }).status === 0
}

function countOfNode(output) {
  const number = (name) =>
    Number(new RegExp(`^[^\\w\\s] ${name} (\\d+)`, 'm').exec(output)?.[1] ?? 0)
  return {
    passed: number('pass'),
    failed: number('fail') + number('cancelled'),
    skipped: number('skipped') + number('todo'),
    ofFullLane: [...output.matchAll(new RegExp(`^\\s*﹣ .* # ${FULL_LANE}: `, 'gm'))].length,
    slow: isFull ? [] : slowTests(output),
  }
}

/** The tests that took too long for the fast lane. Suites have no time limit. */
function slowTests(output) {
  const suites = new Set([...output.matchAll(/^\s*▶ (.*?)(?: \([\d.]+ms\))?$/gm)].map(([, n]) => n))
  return [...output.matchAll(/^\s*✔ (.*) \(([\d.]+)ms\)$/gm)]
    .filter(([, name, milliseconds]) => Number(milliseconds) > SLOW && !suites.has(name))
    .map(([, name, milliseconds]) => {
      const seconds = (milliseconds / 1000).toFixed(1)
      return `${name} (${seconds} s): a test of more than 10 s is given { skip: fullLane }`
    })
}
