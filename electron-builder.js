'use strict'
// abi-guard/electron-builder: the hook `afterPack`.

const { checkApp } = require('./lib/packagers/check.js')

/** The names of electron-builder's enum `Arch`, by their numbers (builder-util 26, out/arch.js). */
const ARCHS = ['ia32', 'x64', 'armv7l', 'arm64', 'universal']

exports.afterPack = async function afterPack({ appOutDir, packager, electronPlatformName, arch }) {
  const { framework } = packager.info
  // Apps of other frameworks (Proton Native) have no Electron.
  if (framework.name !== 'electron') return
  await checkApp(packager.getResourcesDir(appOutDir), {
    electron: framework.version,
    platform: electronPlatformName,
    arch: typeof arch === 'number' ? ARCHS[arch] : arch,
  })
}
