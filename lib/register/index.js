'use strict'
// What abi-guard/register does: a scan at the start, and a guard for what is loaded later.

const { modeOf, modeOfEnvironment, settingsOf } = require('../mode.js')
const { isUnusable } = require('../unusable.js')
const { isInstalling, rootOfApp } = require('./entry.js')

let undo

/**
 * Begins to guard this process.
 * @returns {Error | undefined} the AbiError to throw
 */
function register() {
  if (undo || modeOfEnvironment() === 'off' || isInstalling()) return undefined
  const root = rootOfApp()
  const mode = modeOf(root === undefined ? {} : settingsOf(root))
  if (mode === 'off') return undefined
  try {
    // Loaded only here: where the binary is missing, this throws.
    const { guardDlopen } = require('./dlopen.js')
    undo = guardDlopen(mode === 'warn' ? warn : undefined)
    if (root !== undefined) check(root)
  } catch (error) {
    if (error.code === 'ERR_ABI_INCOMPATIBLE') return withoutFrames(error)
    // Whatever keeps the guard from its work is no reason to keep the app from its own.
    warn(isUnusable(error) ? error.message : `the check could not be made: ${error.message}`)
  }
  return undefined
}

function check(root) {
  const { guardJob, passed } = require('../guard.js')
  const { unwrap } = require('../request.js')
  const { job, mode } = guardJob(root)
  passed(unwrap(job.run()), mode)
}

/** Before the app there are no frames that say anything; without any, Node.js would put the message into brackets. */
function withoutFrames(error) {
  error.stack = `${error.name}: ${error.message}\n    at abi-guard/register`
  return error
}

/** At once, as the process may end before its event loop runs. */
function warn(message) {
  process.stderr.write(`abi-guard: ${message}\n`)
}

/** Takes the guard away. */
function unregister() {
  undo?.()
  undo = undefined
}

module.exports = { register, unregister }
