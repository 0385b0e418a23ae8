'use strict'
// The work of abi-guard/register: a scan at the start, and a guard for addons that are loaded
// later.

const { isMainThread } = require('node:worker_threads')
const { mistakeInEnvironment, modeOf, modeOfEnvironment, settingsOf } = require('../mode.js')
const { mainScript } = require('../root.js')
const { tell, tellFailure } = require('../tell.js')
const { isInstalling, rootOfApp } = require('./entry.js')

/**
 * The time limit of the scan in milliseconds. A folder may be huge, or on a disk that doesn't
 * answer.
 */
const TIME_LIMIT = 10_000

let undo

/**
 * Starts to guard this process.
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
  // Required lazily: it throws if the binary is missing.
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
    report = unwrap(job.runWithin(TIME_LIMIT))
  } catch (error) {
    if (error.code !== 'ABORT_ERR') throw error
    return tell(
      `${root} could not be scanned in ${TIME_LIMIT / 1000} s: each addon is checked when it is ` +
        'loaded',
    )
  }
  passed(report, mode)
}

/**
 * Replaces the stack: before the app runs, its frames are of no use. With an empty stack, Node.js
 * would print the message in brackets.
 */
function withoutFrames(error) {
  const way = 'ABI_GUARD=warn starts the app anyway'
  error.stack = `${error.name}: ${error.message}\n    at abi-guard/register (${way})`
  // Otherwise Node.js prints the code in braces after the message.
  Object.defineProperty(error, 'code', { enumerable: false })
  return error
}

/** Removes the guard. */
function unregister() {
  undo?.()
  undo = undefined
}

module.exports = { register, unregister }
