'use strict'
// The guard's scan: checks what the app of this process would load. What only a broken app needs is
// required lazily.

const path = require('node:path')
const { bare } = require('./arguments.js')
const { projectFolder, scanJob } = require('./jobs.js')
const { modeOf, settingsOf } = require('./mode.js')
const { appRoots } = require('./root.js')

/**
 * The guard's scan as a job, and its mode.
 * @param {object} [options] checked options of `assertNodeModules`
 * @param {object} [known] the settings of the project, if they were read already
 * @returns {{ job: object, mode: string }}
 */
function guardJob(directory, options = {}, known = undefined) {
  const root = projectFolder(directory)
  const settings = known ?? settingsOf(root)
  const mode = modeOf(settings)
  const { target, production, strict } = bare(options)
  const how = {
    ...options,
    // Not the target in package.json: Node.js also runs the tests of an app for Electron.
    target: target ?? { execPath: process.execPath },
    production: production ?? settings.production !== false,
    strict: strict ?? mode === 'strict',
  }
  try {
    return { job: scanJob(root, how), mode }
  } catch (error) {
    if (error.code !== 'ERR_ABI_GUARD_BUNDLED' || mode === 'strict') throw error
    return { job: require('./bundled.js').jobWithoutBinary(root, error.message), mode }
  }
}

/**
 * The folders that `assertNodeModules` checks: the one that its caller names, or the projects of
 * the main script and of the caller.
 * @param {Function} callee the function whose caller is asked for
 */
function foldersToGuard(directory, callee) {
  if (directory !== undefined) return [directory]
  const roots = appRoots(callerOf(callee))
  return roots.length > 0 ? roots : [undefined]
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
 * @param {Function} [caller] this function and the frames above it are left out of the stack
 */
function passed(report, mode, caller = passed) {
  if (report.ok || mode === 'off') return report
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

module.exports = { foldersToGuard, guardJob, passed }
