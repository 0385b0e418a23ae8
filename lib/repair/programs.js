'use strict'
// Finds the program for a command of a plan: this Node.js, its npm, or another package manager as
// an absolute path outside of the project.

const fs = require('node:fs')
const path = require('node:path')
const { readText } = require('../files.js')
const { ofSystem } = require('./processes.js')

/** Characters that cmd.exe expands, or that end a line, even between quotes. */
const UNSAFE_IN_CMD = /["%\r\n]/

/** `set name=value&& command`: the form of a setting for cmd.exe in a plan. */
const WITH_SETTING = /^set (npm_config_\w+)=(\w+)&& ([\w@./+:=~-]+(?: [\w@./+:=~-]+)*)$/

/**
 * @typedef {{ root: string, env: Record<string, string | undefined>, platform: string,
 *   execPath: string, exists?: (file: string) => boolean, real?: (file: string) => string
 *   }} Surroundings `root`: the project's root; `exists`: true if the file exists
 */

/**
 * Turns the words of a command into a program, its arguments and its environment variables.
 * @param {string[]} words
 * @param {Surroundings} around
 * @returns {{ program?: string, args: string[], env: object, shell?: string, problem?: string }}
 *   `problem`: the reason why it can't be started
 */
function resolve(words, around) {
  const isWindows = around.platform === 'win32'
  if (words[0] === 'env') {
    const first = words.findIndex((word, index) => index > 0 && !word.includes('='))
    const settings = words.slice(1, first).map((word) => word.split(/=(.*)/s).slice(0, 2))
    const command = resolve(words.slice(first), around)
    return { ...command, env: { ...command.env, ...Object.fromEntries(settings) } }
  }
  if (words[0] === 'cmd') {
    const [, name, value, command] = WITH_SETTING.exec(words.at(-1)) ?? []
    if (!name) return refused('a repair does not run this command')
    const resolved = resolve(command.split(' '), around)
    return { ...resolved, env: { ...resolved.env, [name]: value } }
  }
  const [program, ...args] = words
  if (program === 'node') return { program: around.execPath, args, env: {} }
  const env = settingsOf(program, around.root)
  const script = scriptOf(program, around)
  if (script) return { program: around.execPath, args: [script, ...args], env }
  const file = runningProgram(program, around) ?? onPath(program, around)
  if (!file) return refused(`there is no program ${program} on the PATH outside of the project`)
  if (!isWindows || file.toLowerCase().endsWith('.exe')) return { program: file, args, env }
  // On Windows the other package managers are .cmd files, which only cmd.exe can start.
  if ([file, ...args].some((word) => UNSAFE_IN_CMD.test(word)))
    return refused(`cmd.exe can't run ${file}: a word of the command has a quote or a percent sign`)
  const shell = ofSystem('cmd.exe', around.env)
  return { program: `"${file}"`, args: args.map(quoted), env, shell }
}

const refused = (problem) => ({ args: [], env: {}, problem })

/** Quotes a word for cmd.exe. */
function quoted(word) {
  return /^[\w@.,:=+/\\-]+$/.test(word) ? word : `"${word.replace(/\\+$/, '$&$&')}"`
}

/** The script of the package manager that runs this process, or the npm or npx of this Node.js. */
function scriptOf(program, around) {
  const { env, exists = isFile } = around
  const paths = pathsOf(around)
  const running = env.npm_execpath
  const isScript = running && /\.[cm]?js$/.test(running) && paths.isAbsolute(running)
  if (isScript && paths.basename(running).replace(/(-cli)?\.[cm]?js$/, '') === program)
    if (isOutside(running, around) && exists(running)) return running
  if (program !== 'npm' && program !== 'npx') return undefined
  const bin = paths.dirname(around.execPath)
  const places = [paths.join(bin, 'node_modules'), paths.join(bin, '..', 'lib', 'node_modules')]
  return places
    .map((place) => paths.join(place, 'npm', 'bin', `${program}-cli.js`))
    .find((file) => isOutside(file, around) && exists(file))
}

/**
 * The package manager that runs this process, if it isn't a script of Node.js: pnpm's and Bun's
 * executables, and the shell script of Yarn 4, may be missing on the PATH.
 */
function runningProgram(program, around) {
  const { env, platform, exists = platform === 'win32' ? isFile : isExecutable } = around
  const paths = pathsOf(around)
  const running = env.npm_execpath
  if (!running || !paths.isAbsolute(running)) return undefined
  // Windows starts only executables without a shell.
  const name = platform === 'win32' ? `${program}.exe` : program
  const isIt = paths.basename(running) === name
  return isIt && isOutside(running, around) && exists(running) ? running : undefined
}

/**
 * The file of a program on the PATH. Relative entries and entries inside of the project are
 * skipped.
 */
function onPath(program, around) {
  const { env, platform, exists = platform === 'win32' ? isFile : isExecutable } = around
  const paths = pathsOf(around)
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const names =
    platform === 'win32' ? ['.exe', '.cmd', '.bat'].map((end) => program + end) : [program]
  for (const entry of (env[key] ?? '').split(paths.delimiter)) {
    const folder = platform === 'win32' ? entry.replace(/^"(.*)"$/, '$1') : entry
    if (!paths.isAbsolute(folder) || !isOutside(folder, around)) continue
    const found = names.map((name) => paths.join(folder, name)).find((file) => exists(file))
    // The file may be a link into the project.
    if (found && isOutside(found, around)) return found
  }
  return undefined
}

const pathsOf = ({ platform }) => (platform === 'win32' ? path.win32 : path.posix)

/** True if both the path and its real path are outside of the project. */
function isOutside(file, around) {
  const { root, platform, real = realOf } = around
  const paths = pathsOf(around)
  const isBelow = (folder, place) => {
    const relative = paths.relative(folder, place)
    return relative === '' || !(relative.split(paths.sep)[0] === '..' || paths.isAbsolute(relative))
  }
  // `C:tools` and `\tools` depend on the current drive.
  if (platform === 'win32' && !/^([a-z]:[\\/]|\\\\)/i.test(file)) return false
  const isInside = [root, real(root)].some((folder) =>
    [file, real(file)].some((one) => isBelow(folder, one)),
  )
  return !isInside
}

function realOf(file) {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

const isFile = (file) => Boolean(fs.statSync(file, { throwIfNoEntry: false })?.isFile())

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK)
    return isFile(file)
  } catch {
    return false
  }
}

/** The maximum length of a .yarnrc.yml in bytes. */
const LIMIT = 1 << 20

/**
 * Settings that make a package manager copy packages from its store instead of linking them. Its
 * scripts then write only to the project's own files.
 * @param {string} program
 * @param {string} root
 */
function settingsOf(program, root) {
  const method = 'clone-or-copy'
  if (program === 'pnpm')
    return { npm_config_package_import_method: method, pnpm_config_package_import_method: method }
  // Yarn before 3.1 doesn't know this setting and refuses to run with it.
  return program === 'yarn' && isLinked(root) ? { YARN_NM_MODE: 'classic' } : {}
}

function isLinked(root) {
  try {
    return /^nmMode:\s*["']?hardlinks/m.test(readText(path.join(root, '.yarnrc.yml'), LIMIT))
  } catch {
    return false
  }
}

/** The environment of a command. Its PATH starts with the folder of this Node.js. */
function environment(more, { env, platform, execPath }) {
  const paths = pathsOf({ platform })
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const search = [paths.dirname(execPath), env[key]].filter(Boolean).join(paths.delimiter)
  // Without this variable, cmd.exe searches for programs in the current folder (the project) first.
  const windows = platform === 'win32' ? { NoDefaultCurrentDirectoryInExePath: '1' } : {}
  // With ABI_GUARD=off, the app's own postinstall hook doesn't check again.
  return { ...env, [key]: search, ABI_GUARD: 'off', ...windows, ...more }
}

module.exports = { UNSAFE_IN_CMD, WITH_SETTING, environment, onPath, resolve }
