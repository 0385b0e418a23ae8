'use strict'
// Decides whether this process belongs to the app, or to a tool that the guard must not stop.

const path = require('node:path')
const { isInInstall } = require('../lifecycle.js')
const own = require('../own.js')
const { appRoots, findPackageRoot } = require('../root.js')

/**
 * Scripts that install or build. NODE_OPTIONS loads the guard into them too. The guard must not
 * stop them: they may repair what is broken.
 */
const INSTALLERS = [
  'npm',
  'npx',
  'pnpm',
  'pnpx',
  'yarn',
  'yarnpkg',
  'corepack',
  'node-gyp',
  'node-pre-gyp',
  'node-gyp-build',
  'prebuild-install',
  'prebuildify',
  'electron-rebuild',
  'abi-guard',
]

/** True for the path of such a script, which may have a version in its name. */
function isInstaller(main) {
  const file = path.basename(main)
  // A regular expression is compiled when it is used for the first time. Most scripts need none.
  return INSTALLERS.some(
    (name) =>
      file.startsWith(name) && /^(-cli|-[\d.]+)?(\.[cm]?js)?$/.test(file.slice(name.length)),
  )
}

/** Folders of packages whose scripts have other names. */
const TOOLS =
  /[\\/](node_modules[\\/](npm|pnpm|corepack|node-gyp|@electron[\\/]rebuild|@mapbox[\\/]node-pre-gyp)|corepack|\.yarn[\\/]releases)[\\/]/

const isTool = (main) =>
  ['node_modules', 'corepack', '.yarn'].some((name) => main.includes(name)) && TOOLS.test(main)

/** abi-guard's own programs that repair. */
const OWN = ['cli.js', 'lib/repair/guardian.js']

/**
 * True during an installation, when the packages are not complete yet. `main` is the main script.
 */
function isInstalling(main) {
  if (isInInstall()) return true
  if (main === undefined) return false
  return isInstaller(main) || isTool(main) || isOwn(main)
}

const isOwn = (main) => OWN.some((file) => main === path.join(own.folder(), file))

/**
 * True in a worker thread. `worker_threads` has this fact too, but loads 26 more modules of Node.js
 * at the start. In a worker, Node.js replaces functions of `process` that only the main thread may
 * call (lib/internal/process/worker_thread_only.js), and marks them. Two are read, because a tool
 * may have wrapped one.
 */
function isWorker() {
  const { abort, chdir, versions } = process
  if (versions.bun || versions.deno) return !require('node:worker_threads').isMainThread
  return abort?.disabled === true || chdir?.disabled === true
}

/**
 * The folders to scan, the main script's first. Empty in a worker, because the main thread scans.
 * @param {NodeModule | undefined} parent the module that requires the guard
 */
function rootsOfApp(parent) {
  if (isWorker()) return []
  const root = rootInElectron()
  if (root !== undefined) return [root]
  return appRoots(parent?.filename ?? undefined, parent == null && !isPreloaded())
}

/** True if Node.js was started with `--import abi-guard/register`. */
function isPreloaded() {
  const { env, execArgv } = process
  return /--import[= ]\S*abi-guard/.test([env.NODE_OPTIONS, ...execArgv].join(' '))
}

/** In Electron's main process, the folder of the app, however it was started. */
function rootInElectron() {
  if (!process.versions.electron || process.type !== 'browser') return undefined
  try {
    const folder = own.load('electron').app.getAppPath()
    // A scan of this folder reads the archive and the files beside it.
    return path.extname(folder) === '.asar' ? path.dirname(folder) : findPackageRoot(folder)
  } catch {
    return undefined
  }
}

module.exports = { isInstalling, isWorker, rootsOfApp }
