// The projects that are measured. Those in the cache folder are only read, except for the index
// that the guard writes into the large tree. All others are temporary copies.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inCache, once, pinned, shortHash, temporaryFolder } from '../../scripts/support/cache.mjs'
import { compile } from '../fixtures/compile.mjs'
import { installedIn } from '../runners/install.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))

const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

function writeManifest(folder, manifest) {
  const file = join(folder, 'package.json')
  // The file may be a hard link to one of another project.
  rmSync(file, { force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, JSON.stringify(manifest))
}

/** The number of files in a folder. */
export const countFiles = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length

/** A project with tens of thousands of files. It is installed once. */
function largeProject() {
  const manifest = join(here, 'project', 'package.json')
  return once(inCache('bench', shortHash(readFileSync(manifest))), (folder) => {
    mkdirSync(folder)
    copyFileSync(manifest, join(folder, 'package.json'))
    const args = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--legacy-peer-deps',
      '--loglevel=error',
    ]
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  })
}

/** The workspaces of the large tree. Each is a project of its own for tools without workspaces. */
export const WORKSPACES = ['a', 'b']

/** A project with two workspaces, each of which is the large project. */
export async function largeTree() {
  const project = await largeProject()
  const root = { name: 'abi-guard-bench-tree', private: true, workspaces: WORKSPACES }
  return pinned('bench', 'tree', [project, root], (folder) => {
    writeManifest(folder, root)
    writeFileSync(join(folder, 'app.js'), '')
    // The guard has its index in the root's node_modules.
    writeManifest(join(folder, 'node_modules', 'plain'), { name: 'plain', version: '1.0.0' })
    for (const name of WORKSPACES) {
      const workspace = join(folder, name)
      execFileSync('cp', ['-al', project, workspace])
      writeManifest(workspace, { ...readManifest(workspace), name })
    }
  })
}

/**
 * A copy of an app with about 100 packages. `app.js` is empty, `server.js` loads every dependency.
 * @returns {Promise<{ folder: string, packages: number }>}
 */
export async function appCopy() {
  const installed = await installedIn(here, 'app')
  const folder = temporaryFolder()
  cpSync(installed, folder, { recursive: true, verbatimSymlinks: true })
  writeFileSync(join(folder, 'app.js'), '')
  const names = Object.keys(readManifest(folder).dependencies)
  const lines = names.map((name) => `require(${JSON.stringify(name)})\n`)
  // An open handle of a package must not keep the process running.
  writeFileSync(join(folder, 'server.js'), `${lines.join('')}process.exit()\n`)
  const lock = readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8')
  return { folder, packages: Object.keys(JSON.parse(lock).packages).length }
}

/** Replaces an addon of the app by a file that no loader accepts. */
export function breakApp(folder) {
  const file = join(folder, 'node_modules/bcrypt/prebuilds/linux-x64/bcrypt.glibc.node')
  rmSync(file)
  writeFileSync(file, 'not an addon\n')
}

const FOLDERS = ['build', 'lib', 'src']
const FILES = ['index.js', 'util.js']
const PACKAGES_PER_ADDON = 100

/** The number of folders in a generated tree, with the root and its node_modules. */
export const foldersOf = (packages) => 2 + packages * (1 + FOLDERS.length)

/**
 * A project with this number of packages, all in one node_modules. Each has a package.json and three
 * folders with two files. Every hundredth also has an addon.
 */
export async function generatedTree(count) {
  const addon = await compile('bench', { NAPISYM: true })
  const shape = [addon, FOLDERS, FILES, PACKAGES_PER_ADDON]
  return pinned('bench', `generated-${count}`, shape, (root) => {
    const names = Array.from({ length: count }, (_, index) => `package-${index}`)
    const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']))
    writeManifest(root, { name: 'generated', private: true, dependencies })
    for (const [index, name] of names.entries()) {
      const folder = join(root, 'node_modules', name)
      const isNative = index % PACKAGES_PER_ADDON === 0
      writeManifest(folder, { name, version: '1.0.0', main: 'lib/index.js' })
      for (const inside of FOLDERS) {
        mkdirSync(join(folder, inside))
        for (const file of FILES) writeFileSync(join(folder, inside, file), '')
      }
      if (!isNative) continue
      copyFileSync(addon, join(folder, 'build', 'bench.node'))
      writeFileSync(
        join(folder, 'lib', 'index.js'),
        "module.exports = require('../build/bench.node')\n",
      )
    }
  })
}
