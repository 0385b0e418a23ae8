// Projects with a broken addon that `fix` repairs within seconds, and hostile contents of projects.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { write } from '../layouts/installed.mjs'
import { addonOf } from '../support/addons.mjs'
import { cli } from '../support/command.mjs'
import { onTerminal } from '../support/terminal.mjs'

/** The time limit of a command, in milliseconds. A command that takes longer counts as hanging. */
const TIME_LIMIT = 60_000

/**
 * The install script of the broken package: it runs `more`, and then "compiles" by copying a file.
 */
const building = (more) => `const fs = require('node:fs')
${more}
fs.mkdirSync('build/Release', { recursive: true })
fs.copyFileSync('fine.bin', 'build/Release/addon.node')
`

/**
 * Creates a place with a home, a project `app` that has a broken package `broken`, and another
 * project `other`.
 * @param {import('node:test').TestContext} t
 * @param {{ script?: string, files?: Record<string, string | object>, place?: string }} how
 *   `script`: code at the beginning of the install script; `files`: more files of the project
 */
export async function repairable(t, { script = '', files = {}, place } = {}) {
  const folder = realpathSync(place ?? mkdtempSync(join(tmpdir(), 'abi-guard-hostile-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const app = join(folder, 'app')
  await writeBroken(join(app, 'node_modules', 'broken'), script)
  await writeBroken(join(folder, 'other', 'node_modules', 'broken'), script)
  for (const name of ['app', 'other']) {
    const lock = {
      name,
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name, version: '1.0.0', dependencies: { broken: '1.0.0' } },
        'node_modules/broken': { version: '1.0.0', hasInstallScript: true },
      },
    }
    write(join(folder, name), {
      'package.json': { name, version: '1.0.0', dependencies: { broken: '1.0.0' } },
      'package-lock.json': lock,
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/config': '[core]\n',
    })
  }
  write(app, {
    'node_modules/neighbor/package.json': { name: 'neighbor', version: '1.0.0' },
    ...files,
  })
  write(join(app, 'node_modules', 'neighbor'), { 'data.txt': 'as it was' })
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  return {
    place: folder,
    app,
    other: join(folder, 'other'),
    home: join(folder, 'home'),
    state: stateIn(folder),
  }
}

const stateIn = (place) => join(place, 'home', '.local', 'state', 'abi-guard', 'repairs')

/**
 * Writes a package whose addon is for an old Node.js, and whose install script creates one that
 * loads.
 */
export async function writeBroken(folder, script = '', name = 'broken') {
  write(folder, {
    'package.json': {
      name,
      version: '1.0.0',
      main: 'index.js',
      scripts: { install: 'node build.js' },
    },
    'index.js': "module.exports = require('./build/Release/addon.node')\n",
    'build.js': building(script),
    'data.txt': 'as it was',
  })
  mkdirSync(join(folder, 'build', 'Release'), { recursive: true })
  copyFileSync(await addonOf('throws'), join(folder, 'build', 'Release', 'addon.node'))
  copyFileSync(await addonOf('fine'), join(folder, 'fine.bin'))
}

/** The name of a project's folder in the state directory. */
export const keyOf = (root) => createHash('sha256').update(root).digest('hex')

/**
 * The contents of a folder, for comparison: path → kind, mode, contents, link, time. `leaveOut`:
 * path → true if it is ignored.
 */
export function snapshot(folder, { leaveOut = () => false, inodes = false } = {}) {
  const found = {}
  const visit = (path) => {
    const name = relative(folder, path) || '.'
    if (leaveOut(name)) return
    const stats = lstatSync(path)
    const about = [
      stats.mode.toString(8),
      ...(inodes ? [stats.ino, stats.nlink, stats.mtimeMs] : []),
    ]
    if (stats.isSymbolicLink()) about.push(readlinkSync(path))
    else if (stats.isFile())
      about.push(
        stats.size > 64 << 20
          ? stats.size
          : createHash('sha256').update(readFileSync(path)).digest('hex'),
      )
    // The time of a folder isn't compared: it changes if an entry is replaced and restored.
    found[name] = stats.isDirectory() ? stats.mode.toString(8) : about.join(' ')
    if (stats.isDirectory()) for (const entry of readdirSync(path).sort()) visit(join(path, entry))
  }
  visit(folder)
  return found
}

/**
 * The environment of a command: a separate home, without variables of the package manager that runs
 * these tests.
 */
export function environmentOf({ home }, more = {}) {
  const npm = {
    update_notifier: 'false',
    audit: 'false',
    offline: 'true',
    cache: join(home, '.npm'),
  }
  const settings = Object.entries(npm).map(([name, value]) => [`npm_config_${name}`, value])
  const own = {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C',
    ...Object.fromEntries(settings),
    ...more,
  }
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
}

const register = fileURLToPath(new URL('../../register.js', import.meta.url))

/**
 * Starts abi-guard in a project. `program`: arguments of Node.js instead of the path of the command
 * line.
 */
export function startIn(
  made,
  args,
  { env = {}, cwd = made.app, detached = false, uid, program = [cli] } = {},
) {
  return spawn(process.execPath, [...program, ...args], {
    cwd,
    env: environmentOf(made, env),
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid && { uid, gid: uid }),
  })
}

/**
 * Runs abi-guard in a project to its end.
 * @returns {Promise<{ code: number | string, output: string, isHanging: boolean }>}
 */
export function runIn(made, args, how = {}) {
  const child = startIn(made, args, how)
  return new Promise((resolve, reject) => {
    let output = ''
    let isHanging = false
    const timer = setTimeout(() => {
      isHanging = true
      child.kill('SIGKILL')
    }, TIME_LIMIT)
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => (output += part))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: code ?? signal, output, isHanging })
    })
  })
}

/** Starts an app with the guard. */
export const guarded = (made) => runIn(made, ['-e', '0'], { program: ['-r', register] })

/** Runs abi-guard in a project on a terminal, and types an answer to each question. */
export async function answering(made, args, answer) {
  const { code, out } = await onTerminal(args, { cwd: made.app, env: environmentOf(made), answer })
  return { code, output: out, isHanging: false }
}

/** True if the addon of a package loads in this Node.js, according to the bytes of its file. */
export async function isFixed(folder) {
  const file = join(folder, 'build', 'Release', 'addon.node')
  return existsSync(file) && readFileSync(file).equals(readFileSync(await addonOf('fine')))
}

/** True if a package's file is one of its two possible versions. */
export async function isWhole(folder) {
  const file = join(folder, 'build', 'Release', 'addon.node')
  const both = await Promise.all(['fine', 'throws'].map(addonOf))
  return existsSync(file) && both.some((one) => readFileSync(one).equals(readFileSync(file)))
}

/** The files that abi-guard left in a project and in the state directory. */
export function leftovers({ app, state }) {
  const inProject = readdirSync(app).filter((name) => name.startsWith('.abi-guard-repair'))
  const inModules = existsSync(join(app, 'node_modules'))
    ? readdirSync(join(app, 'node_modules')).filter((name) => name.startsWith('.abi-guard'))
    : []
  return [...inProject, ...inModules, ...(existsSync(state) ? readdirSync(state) : [])]
}

/** Waits until `isSo` returns a true value, and returns the value. */
export async function until(isSo, what) {
  for (let tries = 0; tries < 3000; tries++) {
    const found = await isSo()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`timed out before this happened: ${what}`)
}

/** True for a running process; a zombie doesn't count. */
export function isRunning(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2)[0] !== 'Z'
  } catch {
    return false
  }
}

/** The child processes of a process. */
export const childrenOf = (pid) => processesWith(1, pid)

/** The processes of a process group. */
export const membersOf = (group) => processesWith(2, group)

function processesWith(field, value) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isRunning(name))
    .filter((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8')
        return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[field]) === value
      } catch {
        return false
      }
    })
    .map(Number)
}

/** The start time of a process, as the journal of a repair contains it. */
export function startOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const ticks = text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`
}

/** The folder of a new mount with this size in bytes; undefined if mounting isn't permitted. */
export function mounted(t, bytes) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-mount-')))
  const { status } = spawnSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${bytes}`,
    'abi-guard-test',
    folder,
  ])
  if (status !== 0) {
    rmSync(folder, { recursive: true })
    return undefined
  }
  t.after(() => {
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}
