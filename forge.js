'use strict'
// abi-guard/forge: a plugin of Electron Forge, and its hook.

const { createRequire } = require('node:module')
const path = require('node:path')
const { checkApp } = require('./lib/packagers/check.js')

/**
 * The version of the app's own Electron. Forge packages it, but its hook doesn't get it. Without
 * it, the version in the packaged folder counts.
 */
function electronOf(folder) {
  try {
    return createRequire(path.join(folder, 'package.json'))('electron/package.json').version
  } catch {
    return undefined
  }
}

async function checkPackages(folder, { platform, arch, outputPaths }) {
  const electron = electronOf(folder)
  for (const output of outputPaths) await checkApp(output, { electron, platform, arch })
}

class AbiGuardPlugin {
  // Forge reads these fields (@electron-forge/plugin-base 7, dist/Plugin.js).
  __isElectronForgePlugin = true
  name = 'abi-guard'
  #folder = process.cwd()

  init(folder) {
    this.#folder = folder
  }

  getHooks() {
    return { postPackage: (_, result) => checkPackages(this.#folder, result) }
  }

  // Forge calls it for every plugin. `false` means that Forge itself starts the app.
  async startLogic() {
    return false
  }
}

module.exports = AbiGuardPlugin
module.exports.AbiGuardPlugin = AbiGuardPlugin
module.exports.postPackage = (_, result) => checkPackages(process.cwd(), result)
