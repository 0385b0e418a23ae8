// npm test [-- word…]: sets the checkout up and runs every check, or those whose name contains one
// of the words. Shows the output of what fails; ABI_GUARD_VERBOSE=1 shows all of it as it comes.
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, setupOrExit } from './setup.mjs'

setupOrExit()

const tool = (name, ...args) => [join(root, 'node_modules', '.bin', name), ...args]
const attw = (...args) => tool('attw', '--no-emoji', '--no-color', '--pack', '.', ...args)
const testFiles = readdirSync(join(root, '__test__'))
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => join('__test__', name))

/** Name, command, and how to count what it ran; a check that counts nothing is one. */
const steps = [
  ['rust format', ['cargo', 'fmt', '--check']],
  ['rust lint', ['cargo', 'clippy', '--all-targets', '--', '-D', 'warnings']],
  ['rust lint, core alone', ['cargo', 'clippy', '--no-default-features', '--', '-D', 'warnings']],
  ['rust tests', ['cargo', 'test'], countOfCargo],
  [
    'rust, damaged inputs',
    [process.execPath, 'scripts/fuzz.mjs', '--inputs', '50000'],
    countOfFuzz,
  ],
  ...(hasCargoDeny()
    ? [['licenses, bans and sources', ['cargo', 'deny', 'check', 'licenses', 'bans', 'sources']]]
    : []),
  ['js format and lint', tool('biome', 'check', '--error-on-warnings', '.')],
  [
    'js types, word for word',
    tool('tsd', '--typings', 'index.d.ts', '--files', '__test__/types/api.test-d.ts'),
  ],
  ['js package', tool('publint', '--strict', '.')],
  ['js package types', attw('--exclude-entrypoints', 'vitest')],
  // Vitest itself can't be required.
  ['js package types of ES modules', attw('--entrypoints', 'vitest', '--profile', 'esm-only')],
  ['js tests', [process.execPath, '--test', '--test-reporter=spec', ...testFiles], countOfNode],
]

const verbose = Boolean(process.env.ABI_GUARD_VERBOSE)
const words = process.argv.slice(2)
const wanted = steps.filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
)
const failures = []
let passed = 0
let failed = 0
for (const [name, command, count] of wanted) {
  const start = performance.now()
  const { status, output } = await run(command)
  const ok = status === 0
  const found = count?.(output) ?? { passed: ok ? 1 : 0, failed: 0, skipped: 0 }
  passed += found.passed
  failed += ok ? 0 : Math.max(found.failed, 1)
  if (!ok) {
    failures.push(name)
    if (!verbose) console.log(essence(output))
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const skipped = found.skipped > 0 ? `, ${found.skipped} skipped` : ''
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s${skipped})`)
}
if (wanted.length === 0)
  console.log(`no check is called like that; there are: ${steps.map(([name]) => name).join(', ')}`)
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || wanted.length === 0 ? 1 : 0

/** Runs a command in the checkout; gives its exit code and all it printed. */
function run([program, ...args]) {
  return new Promise((resolve) => {
    const windows = process.platform === 'win32' && !program.endsWith('.exe')
    const child = spawn(program, args, {
      cwd: root,
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

/** Of node:test only the list of failures, which stands at the end; of everything else all. */
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

/** Of the damaged inputs one check is made; which inputs are findings is shown. */
function countOfFuzz(output) {
  const counts = [...output.matchAll(/^\d+ inputs, (\d+) findings/gm)].map(([, findings]) =>
    Number(findings),
  )
  const failed = counts.length > 0 ? counts.reduce((sum, count) => sum + count) : 1
  return { passed: failed === 0 ? 1 : 0, failed, skipped: 0 }
}

/** cargo-deny isn't part of Rust; it is asked where it is installed. */
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
  }
}
