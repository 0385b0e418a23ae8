'use strict'
// A scan that must come out well: for this process, of what its app would load.

const { AbiError } = require('./abi-error.js')
const { bare } = require('./arguments.js')
const { projectFolder, scanJob } = require('./jobs.js')
const { modeOf, settingsOf } = require('./mode.js')
const { storyOf } = require('./story.js')
const { tell } = require('./tell.js')

/**
 * The scan that the guard makes, and how strict it is.
 * @param {object} [options] checked options of `assertNodeModules`
 * @param {object} [known] the settings of the project, where they have been read
 * @returns {{ job: object, mode: string }}
 */
function guardJob(directory, options = {}, known = undefined) {
  const root = projectFolder(directory)
  const settings = known ?? settingsOf(root)
  const mode = modeOf(settings)
  const { target, production, strict } = bare(options)
  const how = {
    ...options,
    // Not what package.json names: an app for Electron is tested by Node.js, too.
    target: target ?? { execPath: process.execPath },
    production: production ?? settings.production !== false,
    strict: strict ?? mode === 'strict',
  }
  return { job: scanJob(root, how), mode }
}

/**
 * The report, where it is good or must not matter; else throws an AbiError.
 * @param {Function} [caller] the frames of the error begin below it
 */
function passed(report, mode, caller = passed) {
  if (report.ok || mode === 'off') return report
  const story = storyOf(report)
  if (mode === 'warn') {
    tell(story)
    return report
  }
  const error = new AbiError(story, report)
  Error.captureStackTrace(error, caller)
  throw error // ABI_GUARD=warn goes on all the same
}

module.exports = { guardJob, passed }
