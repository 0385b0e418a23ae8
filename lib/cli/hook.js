'use strict'
// abi-guard as a hook of an installation ("postinstall": "abi-guard"): reads the settings of npm,
// pnpm, Yarn and Bun.

const path = require('node:path')
const { isInInstall } = require('../lifecycle.js')
const { modeOf, settingsOf } = require('../mode.js')

/**
 * Reads the facts of the installation.
 * @returns {{ from: string, isSilent: boolean, isVerbose: boolean, mode: string, target?: object }
 *   | undefined} `from`: the folder where the user typed the command; `undefined` if this is no
 *   hook
 */
function hook() {
  if (!isInInstall()) return undefined
  const { INIT_CWD, npm_config_loglevel: level } = process.env
  return {
    from: INIT_CWD || process.cwd(),
    // Only npm sets the level. pnpm, Yarn and Bun hide the output of hooks themselves.
    isSilent: level === 'silent',
    isVerbose: level === 'verbose' || level === 'silly',
    mode: modeOf(settingsOf(process.cwd())),
    target: targetOf(process.env),
  }
}

/** The runtime of the installation, if npm's settings name another one than this Node.js. */
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

/** The version of the installed Electron, if the settings name Electron without a version. */
function installedVersion(runtime) {
  if (runtime !== 'electron') return undefined
  try {
    return require(path.resolve('node_modules', 'electron', 'package.json')).version
  } catch {
    return undefined
  }
}

module.exports = { hook }
