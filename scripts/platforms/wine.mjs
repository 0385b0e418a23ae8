// A Node.js for Windows that runs in wine, from a folder of the tests' cache.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zig } from '../support/zig.mjs'
import { unpackDebian } from '../support/debian.mjs'

const execute = promisify(execFile)

/**
 * The version of the layout of wine's folder. It is a part of the folder's name, so it must be
 * increased with every change of `fill`.
 */
const layout = 3

/**
 * @param {object} pins the pins of runtimes.json
 * @param {(pin: object) => Promise<string>} npmNode returns the executable of a Node.js from npm
 * @param {(name: string, pin: unknown, fill: (folder: string, work: string) => Promise<void>) =>
 *   Promise<string>} made
 * @returns {Promise<import('./runtimes.mjs').Runtime[]>}
 */
export async function wine({ release, wine: { version, packages, nodes } }, npmNode, made) {
  const home = await made('wine', [layout, packages], (folder, work) =>
    fill(folder, work, release, packages),
  )
  const list = []
  for (const node of nodes) {
    const number = node.package.split('@')[1]
    list.push({
      name: `Node.js ${number}, wine ${version}`,
      command: [program(home), toPath(await npmNode(node))],
      env: environment(home),
      toPath,
      is: { version: number, libc: null, libcVersion: null },
    })
  }
  return list
}

const program = (home) => join(home, 'usr', 'lib', 'wine', 'wine64')

/** The Windows form of a path of this machine. */
const toPath = (path) => `Z:${path.replaceAll('/', '\\')}`

const environment = (home) => ({
  LD_LIBRARY_PATH: join(home, 'usr', 'lib', 'x86_64-linux-gnu'),
  WINEPREFIX: join(home, 'prefix'),
  WINEDEBUG: '-all',
  // Without .NET and a browser, which it would offer to install.
  WINEDLLOVERRIDES: 'mscoree=;mshtml=',
  NODE_SKIP_PLATFORM_CHECK: '1',
})

/**
 * Unpacks wine, and creates the files that its packages' scripts would create, and those that
 * Node.js needs and wine lacks.
 */
async function fill(folder, work, release, packages) {
  await unpackDebian(release, packages, work, folder)
  const usr = join(folder, 'usr')
  // This replaces a script that contains the path of a real installation.
  copyFileSync(join(usr, 'lib/wine/wineserver64'), join(usr, 'lib/wine/wineserver'))
  const zlib = readFileSync(join(usr, 'x86_64-w64-mingw32/lib/zlib1.dll'))
  zlib.fill(0, 64, 96).write('Wine builtin DLL', 64, 'latin1')
  writeFileSync(join(usr, 'lib/x86_64-linux-gnu/wine/x86_64-windows/zlib1.dll'), zlib)
  const env = { PATH: process.env.PATH, HOME: work, ...environment(folder) }
  mkdirSync(join(folder, 'prefix'))
  const start = (...args) => execute(program(folder), args, { env, timeout: 300_000 })
  await start('cmd', '/c', 'ver')
  await start('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f')
  // A drive that stands for a folder, like those of subst.
  symlinkSync('/', join(folder, 'prefix/dosdevices/y:'))
  // This machine as a share: \\localhost\z$ is Z:, as on Windows.
  const shares = join(folder, 'prefix/dosdevices/unc/localhost')
  mkdirSync(shares, { recursive: true })
  symlinkSync('/', join(shares, 'z$'))
  await execute(join(usr, 'lib/wine/wineserver'), ['-w'], { env, timeout: 300_000 })
  await randomness(join(folder, 'prefix/drive_c/windows/system32'), work)
}

/**
 * Rust gets its random numbers from Windows' bcryptprimitives.dll. This wine doesn't have that
 * library, but another function that returns random numbers.
 */
async function randomness(folder, work) {
  const [source, object, list, library] = ['p.c', 'p.o', 'p.def', 'p.lib'].map((name) =>
    join(work, name),
  )
  writeFileSync(
    source,
    `__declspec(dllimport) unsigned char SystemFunction036(void *, unsigned long);
__declspec(dllexport) int ProcessPrng(unsigned char *to, unsigned long long size) {
  return SystemFunction036(to, (unsigned long)size);
}
`,
  )
  writeFileSync(list, 'LIBRARY advapi32.dll\nEXPORTS\n  SystemFunction036\n')
  await zig('clang', '--target=x86_64-windows-msvc', '-c', '-O1', source, '-o', object)
  await zig('lib', `/def:${list}`, '/machine:x64', `/out:${library}`)
  const made = join(folder, 'bcryptprimitives.dll')
  rmSync(made, { force: true })
  const flags = ['/dll', '/noentry', '/nodefaultlib', '/noimplib', '/machine:x64']
  await zig('lld-link', ...flags, object, library, `/out:${made}`)
}
