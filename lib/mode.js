'use strict'
// The mode of the guard: from the environment, or from the key "abi-guard" in the project's
// package.json.

const path = require('node:path')
const { readManifest } = require('./manifest.js')

/**
 * `off`: no check. `warn`: prints problems and continues. `error`: throws. `strict`: also throws if
 * something can't be judged.
 */
const MODES = ['off', 'warn', 'error', 'strict']

/** Common values to switch something off or on. */
const SYNONYMS = {
  0: 'off',
  false: 'off',
  no: 'off',
  1: 'error',
  true: 'error',
  on: 'error',
  yes: 'error',
}

/** The value of an environment variable, in our own words where there are others for it. */
function wordOf(variable) {
  const text = process.env[variable]?.toLowerCase()
  return SYNONYMS[text] ?? text
}

/** The mode in ABI_GUARD, or `undefined` if it isn't valid or not set. */
function modeOfEnvironment() {
  const mode = wordOf('ABI_GUARD')
  return MODES.includes(mode) ? mode : undefined
}

/** The message about an invalid value of ABI_GUARD, or `undefined`. */
function mistakeInEnvironment() {
  const { ABI_GUARD } = process.env
  if (!ABI_GUARD || modeOfEnvironment()) return undefined
  return `ABI_GUARD is ${JSON.stringify(ABI_GUARD)}, which is not a mode: use ${MODES.join(', ')}`
}

/**
 * The key "abi-guard" of the project at `root`, or an empty object. The scan reports mistakes in
 * it.
 */
function settingsOf(root) {
  try {
    const settings = readManifest(root)['abi-guard']
    return settings !== null && typeof settings === 'object' ? settings : {}
  } catch {
    return {}
  }
}

/** The mode for a project with these settings. */
function modeOf({ mode }) {
  return modeOfEnvironment() ?? (MODES.includes(mode) ? mode : 'error')
}

/**
 * False if the guard must look at every file at each start: the user says so, or this process may
 * not write into the project. An addon isn't stopped by the permissions of Node.js and Deno.
 * @param {string} root the folder of the project
 */
function usesIndex(root) {
  if (wordOf('ABI_GUARD_INDEX') === 'off') return false
  const { permission } = process
  if (permission) return permission.has('fs.write', path.join(root, 'node_modules'))
  const { permissions } = globalThis.Deno ?? {}
  if (!permissions?.querySync) return true
  return permissions.querySync({ name: 'write', path: root }).state === 'granted'
}

module.exports = { mistakeInEnvironment, modeOf, modeOfEnvironment, settingsOf, usesIndex }
