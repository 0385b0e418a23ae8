'use strict'
// What abi-guard/register does: a scan at the start, and a guard for what is loaded later.

const { isMainThread } = require('node:worker_threads')
const { mistakeInEnvironment, modeOf, modeOfEnvironment, settingsOf } = require('../mode.js')
const { mainScript } = require('../root.js')
const { tell, tellFailure } = require('../tell.js')
const { isInstalling, rootOfApp } = require('./entry.js')

/**
 * Milliseconds after which a scan is given up: a folder may be immense, or lie on a disk that
 * doesn't answer.
 */
const PATIENCE = 10_000

let undo

/**
 * Begins to guard this process.
 * @returns {Error | undefined} the AbiError to throw
 */
function register() {
  if (undo || modeOfEnvironment() === 'off') return undefined
  try {
    guard()
  } catch (error) {
    if (error.code === 'ERR_ABI_INCOMPATIBLE') return withoutFrames(error)
    tellFailure(error)
  }
  return undefined
}

function guard() {
  const main = mainScript()
  if (isInstalling(main)) return
  const mistake = mistakeInEnvironment()
  if (mistake && isMainThread) tell(mistake)
  const root = rootOfApp(main)
  const settings = root === undefined ? {} : settingsOf(root)
  const mode = modeOf(settings)
  if (mode === 'off') return
  // Loaded only here: where the binary is missing, this throws.
  const { guardDlopen } = require('./dlopen.js')
  undo = guardDlopen(mode === 'warn' ? tell : undefined)
  if (root !== undefined) check(root, settings)
}

function check(root, settings) {
  const { guardJob, passed } = require('../guard.js')
  const { unwrap } = require('../request.js')
  const { job, mode } = guardJob(root, {}, settings)
  let report
  try {
    report = unwrap(job.runWithin(PATIENCE))
  } catch (error) {
    if (error.code !== 'ABORT_ERR') throw error
    return tell(
      `${root} could not be looked through in ${PATIENCE / 1000} s: addons are checked when ` +
        `they are loaded`,
    )
  }
  passed(report, mode)
}

/**
 * Before the app there are no frames that say anything; without any, Node.js would put the message
 * into brackets.
 */
function withoutFrames(error) {
  const way = 'ABI_GUARD=warn starts the app all the same'
  error.stack = `${error.name}: ${error.message}\n    at abi-guard/register (${way})`
  // Else Node.js prints it in braces behind the message.
  Object.defineProperty(error, 'code', { enumerable: false })
  return error
}

/** Takes the guard away. */
function unregister() {
  undo?.()
  undo = undefined
}

module.exports = { register, unregister }
