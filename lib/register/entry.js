'use strict'
// Whose process this is: the app's, or that of a tool that must not be kept from its work.

const path = require('node:path')
const { isMainThread } = require('node:worker_threads')
const { isInInstall } = require('../lifecycle.js')
const { defaultStart, findPackageRoot } = require('../root.js')

/**
 * Scripts that install or build. With NODE_OPTIONS the guard gets into them, too, and would keep
 * them from repairing what is broken.
 */
const INSTALLERS =
  /^(npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack|node-gyp|node-pre-gyp|node-gyp-build|prebuild-install|prebuildify|electron-rebuild|abi-guard)(-cli|-[\d.]+)?(\.[cm]?js)?$/

/** Packages whose scripts have other names. */
const TOOLS =
  /[\\/](node_modules[\\/](npm|pnpm|corepack|node-gyp|@electron[\\/]rebuild|@mapbox[\\/]node-pre-gyp)|corepack|\.yarn[\\/]releases)[\\/]/

/** abi-guard's own programs, which repair. */
const OWN = ['cli.js', 'lib/repair/guardian.js'].map((file) =>
  path.join(__dirname, '..', '..', file),
)

/** True where an installation is under way: nothing is settled yet. `main` is the main script. */
function isInstalling(main) {
  if (isInInstall()) return true
  if (main === undefined) return false
  return INSTALLERS.test(path.basename(main)) || TOOLS.test(main) || OWN.includes(main)
}

/** The folder to scan; `undefined` where there is none, or where the main thread has seen to it. */
function rootOfApp(main) {
  if (!isMainThread) return undefined
  return rootInElectron() ?? findPackageRoot(defaultStart(main))
}

/** Electron's main process knows its app, however it was started. */
function rootInElectron() {
  if (!process.versions.electron || process.type !== 'browser') return undefined
  try {
    const folder = require('electron').app.getAppPath()
    // A scan reads the archive together with what lies beside it.
    return path.extname(folder) === '.asar' ? path.dirname(folder) : findPackageRoot(folder)
  } catch {
    return undefined
  }
}

module.exports = { isInstalling, rootOfApp }
