// Makes the process look like one on another system (a row of systems.mjs) to the package under
// test. Only what loaders look at is changed: Node.js itself, and with it `path`, goes on as on the
// real system.
'use strict'
const childProcess = require('node:child_process')
const { EventEmitter } = require('node:events')
const fs = require('node:fs')
const Module = require('node:module')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')

function pretend(system) {
  fakeProcess(system)
  fakeFiles(system)
  fakeCommands(system)
  if (system.versions.electron) fakeElectron()
  Module.syncBuiltinESMExports()
}

const define = (object, name, value) =>
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  })

function fakeProcess({ platform, arch, versions, report, os: names, env }) {
  define(process, 'platform', platform)
  define(process, 'arch', arch)
  define(process, 'versions', Object.freeze({ ...process.versions, ...versions }))
  define(process, 'version', `v${process.versions.node}`)

  const variables = { ...process.config.variables, host_arch: arch, target_arch: arch }
  delete variables.shlib_suffix
  define(process, 'config', { ...process.config, variables })

  const header = {
    ...report.header,
    platform,
    arch,
    osName: names.type,
    nodejsVersion: process.version,
  }
  const getReport = () => ({ header, sharedObjects: report.sharedObjects })
  define(process, 'report', { getReport, writeReport: () => '', excludeNetwork: false })

  // As in Node.js itself, `${os.platform}` works without a call.
  for (const [name, value] of Object.entries({ platform, arch, ...names }))
    os[name] = Object.assign(() => value, { [Symbol.toPrimitive]: () => value })
  Object.assign(process.env, env)
}

/** Files outside of the project by which loaders tell the libc: the faked system's stand in a folder of their own. */
function fakeFiles({ platform, root }) {
  // Windows takes both separators, and some packages name their file with `\`.
  const slashes = (file) => (platform === 'win32' ? file.replaceAll('\\', '/') : file)
  const outside =
    /^\/(?:etc|proc|lib|lib32|lib64|usr\/bin|usr\/lib|usr\/lib64|System|Library)(?:\/|$)/
  const moved = (file) => {
    if (typeof file !== 'string') return file
    const place = slashes(file)
    return outside.test(place) ? path.join(root, place) : place
  }
  const move = (object, name) => {
    const original = object[name]
    if (typeof original !== 'function') return
    object[name] = Object.assign(
      (file, ...rest) => original.call(object, moved(file), ...rest),
      original,
    )
  }
  for (const name of [
    'access',
    'exists',
    'lstat',
    'open',
    'readFile',
    'readdir',
    'readlink',
    'realpath',
    'stat',
  ]) {
    move(fs, name)
    move(fs, `${name}Sync`)
    move(fs.promises, name)
  }
  const { _resolveFilename } = Module
  Module._resolveFilename = (request, ...rest) => _resolveFilename(slashes(request), ...rest)
}

/** Commands give what they print there; a program that isn't known is missing. */
function fakeCommands({ commands }) {
  const run = (command) => {
    const found = Object.entries(commands).filter(([name]) => command.includes(name))
    const status = found.length === 0 ? 127 : Math.max(...found.map(([, one]) => one.status))
    const text = (stream) => found.map(([, one]) => one[stream] ?? '').join('')
    const result = { status, stdout: text('stdout'), stderr: text('stderr') }
    const code = status === 127 ? 'ENOENT' : status
    const error =
      status === 0 ? null : Object.assign(new Error(`Command failed: ${command}`), result, { code })
    return { ...result, error }
  }
  const commandOf = (file, [args]) => [file, ...(Array.isArray(args) ? args : [])].join(' ')
  const encoder = (rest) => {
    const { encoding = 'buffer' } = rest.find((one) => one?.encoding) ?? {}
    return (text) => (encoding === 'buffer' ? Buffer.from(text) : text)
  }

  const outputOf = (command, rest) => {
    const { error, stdout } = run(command)
    if (error) throw error
    return encoder(rest)(stdout)
  }
  childProcess.execSync = (command, ...rest) => outputOf(command, rest)
  childProcess.execFileSync = (file, ...rest) => outputOf(commandOf(file, rest), rest)
  childProcess.spawnSync = (file, ...rest) => {
    const { status, error, ...texts } = run(commandOf(file, rest))
    const [stdout, stderr] = [texts.stdout, texts.stderr].map(encoder(rest))
    const missing = status === 127 ? { error } : {}
    return {
      pid: 0,
      signal: null,
      status,
      stdout,
      stderr,
      output: [null, stdout, stderr],
      ...missing,
    }
  }

  const later = (command, rest) => {
    const { error, stdout, stderr } = run(command)
    const callback = rest.find((one) => typeof one === 'function')
    process.nextTick(() => callback?.(error, stdout, stderr))
    return Object.assign(new EventEmitter(), { pid: 0, kill() {} })
  }
  childProcess.exec = (command, ...rest) => later(command, rest)
  childProcess.execFile = (file, ...rest) => later(commandOf(file, rest), rest)
  for (const start of [childProcess.exec, childProcess.execFile])
    start[promisify.custom] = (...args) =>
      new Promise((resolve, reject) =>
        start(...args, (error, stdout, stderr) =>
          error ? reject(error) : resolve({ stdout, stderr }),
        ),
      )
}

/** Its main process, in which `require('electron')` always works. */
function fakeElectron() {
  define(process, 'type', 'browser')
  const app = { getAppPath: () => process.cwd(), getPath: () => os.tmpdir(), isPackaged: false }
  const { _load } = Module
  Module._load = (request, ...rest) => (request === 'electron' ? { app } : _load(request, ...rest))
}

module.exports = { pretend }
