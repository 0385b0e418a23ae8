'use strict'
// The guard's scan: checks what the app of this process would load. What only a broken app needs is
// required lazily.

const path = require('node:path')
const { bare } = require('./bare.js')
const { modeOf, settingsOf, usesIndex } = require('./mode.js')
const native = require('./native.js')
const { request } = require('./request.js')
const { appRoots } = require('./root.js')

/**
 * The guard's scan as a job, and its mode.
 * @param {string} root the absolute path of the project
 * @param {object} [options] checked options of `assertNodeModules`
 * @param {object} [how]
 * @param {object} [how.settings] the settings of the project, if they were read already
 * @param {boolean} [how.isOwn] false for a project whose code doesn't run in this process: nothing
 *   in it is believed
 * @param {boolean} [how.whole] true for a report also if everything is ok
 * @returns {{ job: object, mode: string }}
 */
function guardJob(root, options = {}, { settings: known, isOwn = true, whole = false } = {}) {
  const settings = known ?? settingsOf(root)
  const mode = modeOf(settings)
  const { target, production, strict } = bare(options)
  const scan = {
    ...options,
    // Not the target in package.json: Node.js also runs the tests of an app for Electron.
    target: target ?? { execPath: process.execPath },
    production: production ?? settings.production !== false,
    strict: strict ?? mode === 'strict',
  }
  try {
    return { job: jobOf(root, scan, { byIndex: isOwn && usesIndex(root), whole }), mode }
  } catch (error) {
    if (error.code !== 'ERR_ABI_GUARD_BUNDLED' || mode === 'strict') throw error
    return { job: require('./bundled.js').jobWithoutBinary(root, error.message), mode }
  }
}

/**
 * The job of the core. Its answer has a report if there is a problem, or if `whole` is true.
 * @param {{ byIndex: boolean, whole: boolean }} how `byIndex` is true if it may believe the index
 *   in the app's node_modules
 */
function jobOf(root, scan, { byIndex, whole }) {
  return native.Job.guard(root, request(scan), byIndex, whole)
}

/**
 * The folders that `assertNodeModules` checks: the one that its caller names, or the projects of
 * the main script and of the caller.
 * @param {Function} callee the function whose caller is asked for
 * @returns {{ folder: string, isOwn: boolean }[]}
 */
function foldersToGuard(directory, callee) {
  const roots = appRoots(callerOf(callee))
  if (directory !== undefined || roots.length === 0) {
    const folder = require('./jobs.js').projectFolder(directory)
    return [{ folder, isOwn: roots.includes(folder) }]
  }
  return roots.map((folder) => ({ folder, isOwn: true }))
}

/** The file that calls a function, or `undefined` for code without a file. */
function callerOf(callee) {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 1
    Error.prepareStackTrace = (_, [frame]) => frame?.getFileName()
    const at = {}
    Error.captureStackTrace(at, callee)
    const file = at.stack
    const known = file?.startsWith('file:') ? require('node:url').fileURLToPath(file) : file
    return known && path.isAbsolute(known) ? known : undefined
  } catch {
    return undefined
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit })
  }
}

/**
 * Returns the report if it is ok or if the mode allows problems. Otherwise throws an AbiError.
 * @param {object} answer of the guard's job
 * @param {Function} [caller] this function and the frames above it are left out of the stack
 */
function passed({ ok, report }, mode, caller = passed) {
  if (ok || mode === 'off') return report
  const text = require('./report-text.js').reportText(report)
  if (mode === 'warn') {
    require('./tell.js').tell(text)
    return report
  }
  const { AbiError } = require('./abi-error.js')
  const error = new AbiError(text, report)
  Error.captureStackTrace(error, caller)
  throw error // ABI_GUARD=warn starts the app anyway
}

module.exports = { foldersToGuard, guardJob, jobOf, passed }
