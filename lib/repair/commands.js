'use strict'
// Runs a command of a plan.

const { spawn } = require('node:child_process')
const { follow } = require('./progress.js')
const { MARK, stopGroup } = require('./processes.js')
const { UNSAFE_IN_CMD, WITH_SETTING, environment, resolve } = require('./programs.js')

/** The number of output bytes that are kept to explain a failure. */
const KEPT = 2 ** 20

/** The time limit in milliseconds for the rest of the output of a stopped command. */
const TIME_LIMIT = 1000

/**
 * Programs that change only the project. A repair doesn't run other programs: they need another
 * user, or they change the system.
 */
const OWN = ['npm', 'npx', 'pnpm', 'yarn', 'bun', 'deno', 'rm', 'node', 'env', 'cmd']

const isWindows = process.platform === 'win32'

/** True for a command that a repair runs itself. */
function isRunnable([program, ...args]) {
  if (!OWN.includes(program)) return false
  if (program === 'cmd') return WITH_SETTING.test(args.at(-1))
  if (isWindows && args.some((word) => UNSAFE_IN_CMD.test(word))) return false
  // Without names, the command asks which packages it approves.
  return !(program === 'pnpm' && args.length === 1 && args[0] === 'approve-builds')
}

/** True for a command that only builds or downloads a package's binary again. */
function isRebuild(words) {
  const [program, ...args] = words.filter(
    (word) => word !== 'env' && !/^npm_config_\w+=/.test(word),
  )
  if (program === 'cmd') return /&& (npm|pnpm|yarn) rebuild /.test(args.at(-1))
  if (program === 'npx') return args.includes('@electron/rebuild')
  return ['npm', 'pnpm', 'yarn'].includes(program) && args[0] === 'rebuild'
}

/**
 * Runs a command. Forwards its output and keeps the end of it.
 * @param {string[]} words
 * @param {string} cwd the folder where the command runs
 * @param {string} root the project's root; programs inside of it are never run as a package manager
 * @param {string} mark the mark in the environment of the command and of its child processes
 * @returns {{ done: Promise<{ code: number | null, output: string }>, stop(): void, pid: number |
 *   undefined }}
 */
function start(words, cwd, root, mark) {
  // Package scripts run in cmd.exe. It can't start in a network folder, and would use the Windows
  // folder.
  if (isWindows && cwd.startsWith('\\\\'))
    return failed(`cmd.exe can't start in ${cwd}: map the share to a drive (net use), and go there`)
  const around = surroundings(root)
  const { program, args, env, shell, problem } = resolve(words, around)
  if (problem) return failed(problem)
  const child = spawn(program, args, {
    cwd,
    env: environment({ ...env, [MARK]: mark }, around),
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A new process group, so that its child processes can be stopped with it.
    detached: !isWindows,
    windowsHide: true,
  })
  let kept = ''
  let isStopped = false
  const progress = follow(child.pid, words, process.stdout)
  const pass = (stream) => (chunk) => {
    progress.before(chunk)
    stream.write(chunk)
    kept = (kept + chunk.toString()).slice(-KEPT)
  }
  child.stdout.on('data', pass(process.stdout))
  child.stderr.on('data', pass(process.stderr))
  const done = new Promise((settle) => {
    const end = (result) => {
      progress.end()
      settle(result)
    }
    child.on('error', (error) => end({ code: null, output: error.message }))
    child.on('close', (code) => end({ code, output: kept }))
    // A process that left the group may keep the output open forever.
    child.on(
      'exit',
      (code) => isStopped && setTimeout(() => end({ code, output: kept }), TIME_LIMIT),
    )
  })
  const stop = () => {
    isStopped = true
    stopGroup(child.pid)
    // The process has ended already. Only its output is still open.
    if (child.exitCode !== null || child.signalCode !== null) child.emit('exit', child.exitCode)
  }
  return { done, pid: child.pid, stop }
}

const surroundings = (root) => ({
  root,
  env: process.env,
  platform: process.platform,
  execPath: process.execPath,
})

/** The reason why a command can't be started, if it can't. */
function problemOf(words, root) {
  return resolve(words, surroundings(root)).problem
}

/** The result of a command that isn't run. */
const failed = (output) => ({
  done: Promise.resolve({ code: null, output }),
  pid: undefined,
  stop() {},
})

module.exports = { isRebuild, isRunnable, problemOf, start }
