'use strict'
// Runs a command of a plan.

const { spawn } = require('node:child_process')
const { MARK, stopGroup } = require('./processes.js')
const { UNSAFE_IN_CMD, WITH_SETTING, environment, resolve } = require('./programs.js')

/** Bytes of a command's output that are kept, to explain a failure. */
const KEPT = 2 ** 20

/** Milliseconds for the end of the output of a command that was stopped. */
const PATIENCE = 1000

/**
 * Programs that change the project only. The others are for the reader: they need another user, or
 * change the system.
 */
const OWN = ['npm', 'npx', 'pnpm', 'yarn', 'bun', 'rm', 'node', 'env', 'cmd']

const isWindows = process.platform === 'win32'

/** True for a command that a repair runs itself. */
function isRunnable([program, ...args]) {
  if (!OWN.includes(program)) return false
  if (program === 'cmd') return WITH_SETTING.test(args.at(-1))
  if (isWindows && args.some((word) => UNSAFE_IN_CMD.test(word))) return false
  // It asks, and so needs somebody in front of it.
  return !(program === 'pnpm' && args.length === 1 && args[0] === 'approve-builds')
}

/**
 * True for a command that builds or fetches a package's own binary again, and does nothing else.
 */
function isRebuild(words) {
  const [program, ...args] = words.filter(
    (word) => word !== 'env' && !/^npm_config_\w+=/.test(word),
  )
  if (program === 'cmd') return /&& (npm|pnpm|yarn) rebuild /.test(args.at(-1))
  if (program === 'npx') return args.includes('@electron/rebuild')
  return ['npm', 'pnpm', 'yarn'].includes(program) && args[0] === 'rebuild'
}

/**
 * Runs a command, its output passed on and its end kept.
 * @param {string[]} words
 * @param {string} cwd where it runs
 * @param {string} root the project's root: no program in it is taken for a package manager
 * @param {string} mark what the command and all that it starts are recognized by
 * @returns {{ done: Promise<{ code: number | null, output: string }>, stop(): void, pid: number |
 *   undefined }}
 */
function start(words, cwd, root, mark) {
  // The scripts of packages run in cmd.exe, which would go to the folder of Windows instead.
  if (isWindows && cwd.startsWith('\\\\'))
    return failed(`cmd.exe can't start in ${cwd}: give the share a drive (net use), and go there`)
  const around = { root, env: process.env, platform: process.platform, execPath: process.execPath }
  const { program, args, env, shell, problem } = resolve(words, around)
  if (problem) return failed(problem)
  const child = spawn(program, args, {
    cwd,
    env: environment({ ...env, [MARK]: mark }, around),
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that everything it started can be stopped with it.
    detached: !isWindows,
    windowsHide: true,
  })
  let kept = ''
  let isStopped = false
  const pass = (stream) => (chunk) => {
    stream.write(chunk)
    kept = (kept + chunk.toString()).slice(-KEPT)
  }
  child.stdout.on('data', pass(process.stdout))
  child.stderr.on('data', pass(process.stderr))
  const done = new Promise((settle) => {
    child.on('error', (error) => settle({ code: null, output: error.message }))
    child.on('close', (code) => settle({ code, output: kept }))
    // A process that left the group may hold its output open for ever after it.
    child.on(
      'exit',
      (code) => isStopped && setTimeout(() => settle({ code, output: kept }), PATIENCE),
    )
  })
  const stop = () => {
    isStopped = true
    stopGroup(child.pid)
    // It ended before, and only its output is waited for.
    if (child.exitCode !== null || child.signalCode !== null) child.emit('exit', child.exitCode)
  }
  return { done, pid: child.pid, stop }
}

/** A command that isn't run at all. */
const failed = (output) => ({
  done: Promise.resolve({ code: null, output }),
  pid: undefined,
  stop() {},
})

module.exports = { isRebuild, isRunnable, start }
