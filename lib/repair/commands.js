'use strict'
// How a command of a plan is started: with the Node.js that runs this, and its npm.

const fs = require('node:fs')
const path = require('node:path')
const { spawn } = require('node:child_process')

/** Bytes of a command's output that are kept, to explain a failure. */
const KEPT = 2 ** 20

/** Milliseconds for the end of the output of a command that was stopped. */
const PATIENCE = 1000

/** Programs that change the project only. The others are for the reader: they need another user, or change the system. */
const OWN = ['npm', 'npx', 'pnpm', 'yarn', 'bun', 'rm', 'node', 'env', 'cmd']

const isWindows = process.platform === 'win32'

/** True for a command that a repair runs itself. */
function isRunnable([program, ...args]) {
  if (!OWN.includes(program)) return false
  // cmd.exe expands these between quotes, too.
  if (isWindows && args.some((word) => /["%\r\n]/.test(word))) return false
  // It asks, and so needs somebody in front of it.
  return !(program === 'pnpm' && args.length === 1 && args[0] === 'approve-builds')
}

/** True for a command that builds or fetches a package's own binary again, and does nothing else. */
function isRebuild(words) {
  const [program, ...args] = words.filter((word) => word !== 'env' && !/^npm_config_\w+=/.test(word))
  if (program === 'cmd') return /&& (npm|pnpm|yarn) rebuild /.test(args.at(-1))
  if (program === 'npx') return args.includes('@electron/rebuild')
  return ['npm', 'pnpm', 'yarn'].includes(program) && args[0] === 'rebuild'
}

/** The program and arguments that stand for a command's words, and the settings in front of it. */
function resolve(words) {
  if (words[0] === 'env') {
    const first = words.findIndex((word, index) => index > 0 && !word.includes('='))
    const settings = words.slice(1, first)
    const command = resolve(words.slice(first))
    return { ...command, env: Object.fromEntries(settings.map((word) => word.split(/=(.*)/s).slice(0, 2))) }
  }
  const [program, ...args] = words
  if (program === 'node') return { program: process.execPath, args, env: {} }
  const script = scriptOf(program)
  if (script) return { program: process.execPath, args: [script, ...args], env: {} }
  // Windows has the other managers as .cmd files, which only its shell can start.
  return isWindows ? { program, args: args.map(quoted), env: {}, shell: true } : { program, args, env: {} }
}

/** A word of a command as cmd.exe takes it. */
function quoted(word) {
  return /^[\w@.,:=+/\\-]+$/.test(word) ? word : `"${word.replace(/\\+$/, '$&$&')}"`
}

/** The script of npm or npx that belongs to this Node.js; of another manager the one that runs us. */
function scriptOf(program) {
  const running = process.env.npm_execpath
  if (
    running &&
    path.basename(running).replace(/(-cli)?\.[cm]?js$/, '') === program &&
    fs.existsSync(running)
  )
    return running
  if (program !== 'npm' && program !== 'npx') return undefined
  const bin = path.dirname(process.execPath)
  const places = [path.join(bin, 'node_modules'), path.join(bin, '..', 'lib', 'node_modules')]
  return places
    .map((place) => path.join(place, 'npm', 'bin', `${program}-cli.js`))
    .find((file) => fs.existsSync(file))
}

/** The environment in which scripts find this Node.js first. */
function environment(more) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const search = [path.dirname(process.execPath), process.env[key]].filter(Boolean).join(path.delimiter)
  // The app's own hook would check, and mend, once more.
  return { ...process.env, [key]: search, ABI_GUARD: 'off', ...more }
}

/**
 * Runs a command, its output passed on and its end kept.
 * @returns {{ done: Promise<{ code: number | null, output: string }>, stop(): void, pid: number | undefined }}
 */
function start(words, cwd) {
  // The scripts of packages run in cmd.exe, which would go to the folder of Windows instead.
  if (isWindows && cwd.startsWith('\\\\'))
    return failed(`cmd.exe can't start in ${cwd}: give the share a drive (net use), and go there`)
  const { program, args, env, shell } = resolve(words)
  const child = spawn(program, args, {
    cwd,
    env: environment(env),
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
    child.on('error', (error) => settle({ code: null, output: missing(program, error) }))
    child.on('close', (code) => settle({ code, output: kept }))
    // What left the group may hold its output open for ever after it.
    child.on('exit', (code) => isStopped && setTimeout(() => settle({ code, output: kept }), PATIENCE))
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
const failed = (output) => ({ done: Promise.resolve({ code: null, output }), pid: undefined, stop() {} })

function missing(program, error) {
  return error.code === 'ENOENT' ? `there is no program ${program} on the PATH` : error.message
}

/** Ends a process and everything it started. */
function stopGroup(pid) {
  if (pid === undefined) return
  try {
    if (isWindows)
      spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true })
    else process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

module.exports = { isRebuild, isRunnable, start, stopGroup }
