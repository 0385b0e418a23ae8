// Loads an addon with a real Node.js in a separate process, and returns the result.
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runAlone } from '../support/alone.mjs'
import {
  inCache,
  readJson,
  shortHash,
  temporaryFolder,
  writeWhole,
} from '../../scripts/support/cache.mjs'
import { contentHash } from '../support/content.mjs'

export const probe = fileURLToPath(new URL('./probe.cjs', import.meta.url))
const width = 2

/**
 * A part of the cache key of every load: another probe or another libc could give another result.
 */
const machine =
  process.platform === 'linux'
    ? process.report?.getReport?.().header.glibcVersionRuntime
    : process.platform
const setting = shortHash(`${readFileSync(probe, 'utf8')} ${machine}`)

let running = 0
const waiting = []

/** Runs `work` when fewer than `width` others run: a load may take a whole core and much memory. */
async function inTurn(work) {
  if (running >= width) await new Promise((resolve) => waiting.push(resolve))
  running++
  try {
    return await work()
  } finally {
    running--
    waiting.shift()?.()
  }
}

/**
 * Loads `file` in a new process of `execPath`.
 * @param {{ env?: object, flags?: string[], prefix?: string[] }} settings variables and
 *   command-line flags of that Node.js; `prefix`: the program that starts it, with its arguments,
 *   as in `['ld.so', '--library-path', '…']`
 * @returns {Promise<{ outcome: 'loads' | 'throws' | 'crashes', message: string | null, code: string
 *   | null, name: string | null, signal: string | null, exitCode: number | null, stderr: string,
 *   atExit: string | null, timedOut: boolean }>} `atExit`: the way in which a process died after it
 *   had reported that the addon loads or throws
 */
export const load = (execPath, file, settings = {}) => inTurn(() => run(execPath, file, settings))

async function run(execPath, file, { env = {}, flags = [], prefix = [] }) {
  const folder = temporaryFolder()
  try {
    const answerFile = join(folder, 'answer.json')
    const errors = openSync(join(folder, 'stderr'), 'w')
    const [program, ...args] = [...prefix, execPath, ...flags, probe, file, answerFile]
    const ending = runAlone(program, args, {
      cwd: folder,
      home: folder,
      env,
      output: errors,
    })
    closeSync(errors)
    const { exitCode, signal, timedOut } = await ending
    const stderr = readFileSync(join(folder, 'stderr'), 'utf8').slice(0, 4000)
    const answer = readJson(answerFile, null)
    const clean = exitCode === 0
    if (answer) {
      const atExit = clean ? null : timedOut ? 'did not exit' : (signal ?? `exit code ${exitCode}`)
      return { ...answer, exitCode, signal, stderr, atExit, timedOut }
    }
    const nothing = { message: null, code: null, name: null, atExit: null }
    return { outcome: 'crashes', ...nothing, exitCode, signal, stderr, timedOut }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * A cache of real loads over several runs, one file per Node.js version (and libc, if it isn't this
 * system's). `place` is the folder in which the addon may find other files (its libraries). Its
 * path is removed from the cached results.
 */
export class Memory {
  #version
  #file
  #known
  #news = {}

  constructor(version, { fresh = false } = {}) {
    this.#version = version
    this.#file = inCache('loads', `${version}.json`)
    this.#known = fresh ? {} : readJson(this.#file, {})
  }

  async load(execPath, file, { place, relative, ...settings }) {
    const key = shortHash([contentHash(file), relative, this.#version, setting].join(' '))
    this.#known[key] ??= this.#news[key] = anonymous(
      await load(execPath, file, settings),
      place,
      file,
    )
    return named(this.#known[key], place, file)
  }

  save() {
    if (Object.keys(this.#news).length === 0) return
    // Another run may have written the file in the meantime; its results are kept.
    writeWhole(this.#file, JSON.stringify({ ...readJson(this.#file, {}), ...this.#news }))
    this.#news = {}
  }
}

const replaced = (result, pairs) =>
  Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? pairs.reduce((text, [from, to]) => text.replaceAll(from, to), value)
        : value,
    ]),
  )
const anonymous = (result, place, file) =>
  replaced(result, [
    [file, '<file>'],
    [place, '<place>'],
  ])
const named = (result, place, file) =>
  replaced(result, [
    ['<file>', file],
    ['<place>', place],
  ])
