// npm run test:all-platforms [-- PLATFORM…] [--write]: loads the binary of every platform in npm/,
// or of the given ones, in real Node.js of that platform, if this machine can run one, and calls
// the whole API. The results must be those of the checkout's own build on this machine. The facts
// of each binary are compared with a snapshot; --write updates the snapshots.
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'
import { root, setupOrExit } from '../setup.mjs'
import { firstDifference, wrongIn } from './compare.mjs'
import { installed, loadable, material } from './material.mjs'
import { isNewer, reportOf } from './inspect.mjs'
import { runtimesOf } from './runtimes.mjs'
import { differenceFromSnapshot } from './snapshots.mjs'
import { fileOf, floorOf, platform, platforms } from './table.mjs'

const script = fileURLToPath(new URL('../../__test__/platforms/exercise.cjs', import.meta.url))
/** Emulators are slow, and this machine may be busy. */
const TIME_LIMIT = 900_000

/**
 * Runs the exercise in a runtime.
 * @param {import('./runtimes.mjs').Runtime} runtime
 * @param {object} input with paths of this machine
 * @returns {Promise<object>} the result, or `{ error }`
 */
async function exercise(runtime, input, work) {
  const folder = mkdtempSync(join(work, 'run-'))
  const { toPath = (path) => path, command, env } = runtime
  const answerFile = join(folder, 'answer.json')
  const inputFile = join(folder, 'input.json')
  const launcher = launcherIn(folder, runtime)
  writeFileSync(inputFile, JSON.stringify({ ...withPaths(input, toPath), launcher }))
  const [program, ...args] = [...command, ...[script, inputFile, answerFile].map(toPath)]
  const { status, said } = await run(program, args, { cwd: folder, env })
  const answer = existsSync(answerFile) ? JSON.parse(readFileSync(answerFile, 'utf8')) : {}
  rmSync(folder, { recursive: true, force: true })
  if (answer.error || !answer.common)
    return { error: answer.error ?? `it wrote no answer (${status}): ${essence(said)}` }
  return status === 0
    ? answer
    : { error: `it ended with ${status} after it had answered: ${essence(said)}` }
}

/** The most important part of the output. */
function essence(said) {
  const lines = said.split('\n').map((line) => line.trim())
  return (
    lines.find((line) => /error/i.test(line)) ??
    (lines.filter(Boolean).slice(-3).join(' | ') || 'nothing was printed')
  )
}

/**
 * Creates a program that starts another process of the runtime; null if the runtime can start
 * itself.
 */
function launcherIn(folder, { command, toPath, is }) {
  // Bun, Deno and programs in wine can start themselves, however they were started.
  if (toPath || command.length === 1 || is?.runtime) return null
  const file = join(folder, 'node')
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  writeFileSync(file, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 })
  return file
}

function run(program, args, { cwd, env }) {
  // The output goes to a file: Node.js in wine can't write to a pipe.
  const file = join(cwd, 'said')
  const output = openSync(file, 'w')
  // No other variables may reach it: NODE_OPTIONS and npm's settings would change the result.
  const clean = { PATH: process.env.PATH, HOME: cwd, LANG: 'C.UTF-8', ...env }
  const how = {
    cwd,
    env: clean,
    stdio: ['ignore', output, output],
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  }
  return new Promise((resolve) => {
    const child = spawn(program, args, how)
    closeSync(output)
    child.on('error', (error) => resolve({ status: error.code, said: error.message }))
    child.on('close', (code, signal) =>
      resolve({ status: code ?? signal, said: readFileSync(file, 'utf8') }),
    )
  })
}

/** The input with every path in the runtime's form. */
function withPaths(input, toPath) {
  const named = (list) => list.map(({ name, file }) => ({ name, file: toPath(file) }))
  return {
    ...input,
    ...Object.fromEntries(
      ['home', 'project', 'package', 'archive'].map((key) => [key, toPath(input[key])]),
    ),
    files: named(input.files),
    own: named(input.own),
    damaged: input.damaged.map(toPath),
    places: input.places.map(([place, name]) => [toPath(place), name]),
  }
}

/**
 * The minimum version of glibc isn't available here. The versions that the file needs show that it
 * is enough. Returns 1 if it isn't.
 */
function sayFloor(one, file, say) {
  const floor = floorOf(one, 'glibc')
  if (!floor) return 0
  const { libcVersion } = reportOf(one, file).binary ?? {}
  const isEnough = libcVersion && !isNewer(libcVersion, floor)
  const why =
    `it isn't to be had here; of what the binary asks for, the newest is of glibc ` +
    `${libcVersion}`
  say(isEnough ? 'not run' : 'FAILED', `glibc ${floor}: ${why}`)
  return isEnough ? 0 : 1
}

/** Tests one platform; prints a line for each runtime and returns the number of failures. */
async function tryPlatform(one, { input, corpus, expected, work, write }) {
  const file = join(root, 'npm', one.name, fileOf(one))
  const say = (word, text) => console.log(`${word.padEnd(7)} ${one.name}: ${text}`)
  if (!existsSync(file)) {
    say('not run', `there is no npm/${one.name}/${fileOf(one)}: npm run build:all -- ${one.name}`)
    return 0
  }
  const home = installed(one, file, work)
  const changed = differenceFromSnapshot(one, file, { write })
  say(
    changed ? 'FAILED' : 'ok',
    changed
      ? `it isn't as in its snapshot: ${changed}`
      : `it is ${write ? 'now' : 'as'} in its snapshot`,
  )
  let failed = (changed ? 1 : 0) + sayFloor(one, file, say)
  for (const runtime of await runtimesOf(one.name)) {
    if (runtime.why) {
      say('not run', `${runtime.name}: ${runtime.why}`)
      continue
    }
    const start = performance.now()
    const answer = await exercise(runtime, { ...input, home, own: loadable(one, corpus) }, work)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    const difference =
      answer.error ??
      firstDifference(comparable(expected, runtime), comparable(answer.common, runtime), '') ??
      wrongIn(answer.own, runtime.is, one)
    if (difference) say('FAILED', `${runtime.name}: ${difference}`)
    else say('ok', `${runtime.name} (${seconds} s; ${told(answer.own)})`)
    failed += difference ? 1 : 0
  }
  return failed
}

/**
 * A result without the parts that differ between runtimes. An error is explained for the runtime
 * that calls, which may be another than Node.js. Windows has other commands and slashes.
 */
function comparable(answer, { toPath, is }) {
  if (is.runtime) return { ...answer, explained: null }
  if (!toPath) return answer
  const explained = answer.explained.map((one) =>
    one?.fix ? { ...one, fix: { ...one.fix, commands: null } } : one,
  )
  const slashed = (text) => text.replaceAll('\\', '/')
  const [text, ...formats] = answer.formats
  return {
    ...answer,
    explained,
    formats: [slashed(text), ...formats],
    styled: slashed(answer.styled),
  }
}

function told({ loads, names }) {
  const real = loads.filter((one) => one.real)
  const loading = real.filter((one) => one.real.outcome === 'loads').length
  const missing = names.filter((one) => one.missing).map(({ how }) => how)
  const untried = missing.length > 0 ? `; not tried: a folder ${missing.join(', ')}` : ''
  return (
    `${loading} real addons load, ${real.length - loading} throw, as predicted; ` +
    `${names.length - missing.length} names of a folder${untried}`
  )
}

async function main(words) {
  const write = words.includes('--write')
  const names = words.filter((word) => word !== '--write')
  const wanted = names.length > 0 ? names.map(platform) : platforms
  setupOrExit()
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-platforms-')))
  try {
    const { input, corpus } = await material(work)
    const here = { name: 'the checkout', command: [process.execPath], env: {} }
    const { common: expected, error } = await exercise(
      here,
      { ...input, home: root, own: [] },
      work,
    )
    if (error) throw new Error(`the checkout itself can't be used: ${error}`)
    let failed = 0
    for (const one of wanted)
      failed += await tryPlatform(one, { input, corpus, expected, work, write })
    return failed
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = (await main(process.argv.slice(2))) > 0 ? 1 : 0
  } catch (error) {
    if (!/there is no platform/.test(error.message)) throw error
    console.error(`test: ${error.message}`)
    process.exitCode = 2
  }
}
