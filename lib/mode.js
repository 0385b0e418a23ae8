'use strict'
// How strict the guard is: what the environment says, else the key "abi-guard" of the project's
// package.json.

const path = require('node:path')
const { LONGEST_MANIFEST, readText } = require('./files.js')

/**
 * `off`: no check; `warn`: tells what is wrong and lets it go on; `error`; `strict`: what can't be
 * judged counts as wrong, too.
 */
const MODES = ['off', 'warn', 'error', 'strict']

/** What people write to switch something off or on. */
const SYNONYMS = {
  0: 'off',
  false: 'off',
  no: 'off',
  1: 'error',
  true: 'error',
  on: 'error',
  yes: 'error',
}

/** The mode that ABI_GUARD names; `undefined` where it names none. */
function modeOfEnvironment() {
  const text = process.env.ABI_GUARD?.toLowerCase()
  const mode = SYNONYMS[text] ?? text
  return MODES.includes(mode) ? mode : undefined
}

/** What to say of a value of ABI_GUARD that names no mode. */
function mistakeInEnvironment() {
  const { ABI_GUARD } = process.env
  if (!ABI_GUARD || modeOfEnvironment()) return undefined
  return `ABI_GUARD is ${JSON.stringify(ABI_GUARD)}, which means nothing: use ${MODES.join(', ')}`
}

/**
 * The key "abi-guard" of the project at `root`, empty where it has none. What is wrong in it is
 * told by the scan.
 */
function settingsOf(root) {
  try {
    const settings = JSON.parse(readText(path.join(root, 'package.json'), LONGEST_MANIFEST))[
      'abi-guard'
    ]
    return settings !== null && typeof settings === 'object' ? settings : {}
  } catch {
    return {}
  }
}

/** The mode for the project that has these settings. */
function modeOf({ mode }) {
  return modeOfEnvironment() ?? (MODES.includes(mode) ? mode : 'error')
}

module.exports = { mistakeInEnvironment, modeOf, modeOfEnvironment, settingsOf }
