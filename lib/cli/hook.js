'use strict'
// abi-guard as a hook of an installation ("postinstall": "abi-guard"): what npm, pnpm, Yarn and Bun
// say of it, and how to behave there.

const path = require('node:path')
const { isInInstall } = require('../lifecycle.js')
const { modeOf, settingsOf } = require('../mode.js')

/**
 * What is known of the installation.
 * @returns {{ from: string, isSilent: boolean, isVerbose: boolean, mode: string, target?: object }
 *   | undefined} `from`: where the user
 *   typed; `undefined` where this is no hook
 */
function hook() {
  if (!isInInstall()) return undefined
  const { INIT_CWD, npm_config_loglevel: level } = process.env
  return {
    from: INIT_CWD || process.cwd(),
    // Only npm says it; what pnpm, Yarn and Bun are told to hide, they hide themselves.
    isSilent: level === 'silent',
    isVerbose: level === 'verbose' || level === 'silly',
    mode: modeOf(settingsOf(process.cwd())),
    target: targetOf(process.env),
  }
}

/**
 * The runtime that packages are installed for, where the settings of npm name one that isn't this
 * Node.js.
 */
function targetOf(env) {
  const setting = (...names) => names.map((name) => env[`npm_config_${name}`]).find(Boolean)
  const runtime = setting('runtime')
  const target = {
    runtime: runtime === 'node-webkit' ? 'nw' : runtime,
    version: setting('target') ?? installedVersion(runtime),
    platform: setting('platform', 'target_platform', 'os'),
    arch: setting('arch', 'target_arch', 'cpu'),
    libc: setting('libc'),
  }
  const isNamed = Object.values(target).some((value) => value !== undefined)
  return isNamed ? { ...target, runtime: target.runtime ?? 'node' } : undefined
}

/** Of Electron without a version: the one that lies in node_modules. */
function installedVersion(runtime) {
  if (runtime !== 'electron') return undefined
  try {
    return require(path.resolve('node_modules', 'electron', 'package.json')).version
  } catch {
    return undefined
  }
}

module.exports = { hook }
