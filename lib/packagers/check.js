'use strict'
// The check of a packaged Electron app, for the hooks of packagers.

const { AbiError } = require('../abi-error.js')
const { reportText } = require('../report-text.js')

/** The names of processors that differ from those of Node.js. A universal app has two. */
const ARCHS = { armv7l: ['arm'], universal: ['x64', 'arm64'] }

/** `mas` is the Mac App Store. */
const platformOf = (name) => (name === 'mas' ? 'darwin' : name)

/**
 * Throws an AbiError if an addon of a packaged app can't be loaded there.
 * @param {string} folder a folder with the app: its resources, or all that was packaged
 * @param {{ electron?: string, platform: string, arch: string }} target the names of the packager;
 *   without a version of Electron, the one in the folder
 */
async function checkApp(folder, { electron, platform, arch }) {
  // Required lazily: a packager loads this file with its configuration.
  const { scanNodeModules } = require('../../promises.js')
  const archs = Object.hasOwn(ARCHS, arch) ? ARCHS[arch] : [arch]
  for (const one of archs) {
    const system = `${platformOf(platform)}-${one}${platform === 'linux' ? '-glibc' : ''}`
    const target = electron === undefined ? undefined : `electron@${electron}/${system}`
    const report = await scanNodeModules(folder, { target })
    if (!report.ok) throw new AbiError(reportText(report), report)
  }
}

module.exports = { checkApp }
