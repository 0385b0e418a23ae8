'use strict'
// The guard's scan: checks what the app of this process would load.

const { AbiError } = require('./abi-error.js')
const { bare } = require('./arguments.js')
const { projectFolder, scanJob } = require('./jobs.js')
const { modeOf, settingsOf } = require('./mode.js')
const { reportText } = require('./report-text.js')
const { tell } = require('./tell.js')

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
  return { job: scanJob(root, how), mode }
}

/**
 * Returns the report if it is ok or if the mode allows problems. Otherwise throws an AbiError.
 * @param {Function} [caller] this function and the frames above it are left out of the stack
 */
function passed(report, mode, caller = passed) {
  if (report.ok || mode === 'off') return report
  const text = reportText(report)
  if (mode === 'warn') {
    tell(text)
    return report
  }
  const error = new AbiError(text, report)
  Error.captureStackTrace(error, caller)
  throw error // ABI_GUARD=warn starts the app anyway
}

module.exports = { guardJob, passed }
