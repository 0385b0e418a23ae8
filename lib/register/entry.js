'use strict'
// Decides whether this process belongs to the app, or to a tool that the guard must not stop.

const path = require('node:path')
const { isMainThread } = require('node:worker_threads')
const { isInInstall } = require('../lifecycle.js')
const { defaultStart, findPackageRoot } = require('../root.js')

/**
 * Scripts that install or build. NODE_OPTIONS loads the guard into them too. The guard must not
 * stop them: they may repair what is broken.
 */
const INSTALLERS =
  /^(npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack|node-gyp|node-pre-gyp|node-gyp-build|prebuild-install|prebuildify|electron-rebuild|abi-guard)(-cli|-[\d.]+)?(\.[cm]?js)?$/

/** Folders of packages whose scripts have other names. */
const TOOLS =
  /[\\/](node_modules[\\/](npm|pnpm|corepack|node-gyp|@electron[\\/]rebuild|@mapbox[\\/]node-pre-gyp)|corepack|\.yarn[\\/]releases)[\\/]/

/** abi-guard's own programs that repair. */
const OWN = ['cli.js', 'lib/repair/guardian.js'].map((file) =>
  path.join(__dirname, '..', '..', file),
)

/**
 * True during an installation, when the packages are not complete yet. `main` is the main script.
 */
function isInstalling(main) {
  if (isInInstall()) return true
  if (main === undefined) return false
  return INSTALLERS.test(path.basename(main)) || TOOLS.test(main) || OWN.includes(main)
}

/**
 * The folder to scan. `undefined` if there is none, or in a worker, because the main thread scans.
 */
function rootOfApp(main) {
  if (!isMainThread) return undefined
  return rootInElectron() ?? findPackageRoot(defaultStart(main))
}

/** In Electron's main process, the folder of the app, however it was started. */
function rootInElectron() {
  if (!process.versions.electron || process.type !== 'browser') return undefined
  try {
    const folder = require('electron').app.getAppPath()
    // A scan of this folder reads the archive and the files beside it.
    return path.extname(folder) === '.asar' ? path.dirname(folder) : findPackageRoot(folder)
  } catch {
    return undefined
  }
}

module.exports = { isInstalling, rootOfApp }
