'use strict'
// The check before all tests: one report instead of one error per test.

const path = require('node:path')
const { AbiError } = require('../abi-error.js')
const { oneLine } = require('../escape.js')
const { modeOf, settingsOf } = require('../mode.js')
const { tellFailure } = require('../tell.js')

/**
 * Throws where the tests of one of the projects could not load what they depend on.
 * @param {{ folder: string, threads: boolean }[]} projects
 * @param {Function} caller the frames of the error begin below it
 */
function check(projects, caller) {
  const failures = []
  for (const project of projects) {
    const settings = settingsOf(project.folder)
    if (modeOf(settings) === 'off') continue
    try {
      scan(project, settings)
    } catch (error) {
      if (error.code === 'ERR_ABI_INCOMPATIBLE') {
        failures.push({ project, error })
        continue
      }
      tellFailure(error)
      break
    }
  }
  if (failures.length === 0) return
  const error =
    failures.length === 1 && projects.length === 1 ? failures[0].error : together(failures)
  // Vitest prints every property of an error in its own process, and all of the report is in the
  // message.
  delete error.report
  Error.captureStackTrace(error, caller)
  throw error // ABI_GUARD=warn runs the tests all the same
}

/** As an app is checked at its start, but with what is there for development: tests load it. */
function scan({ folder, threads }, settings) {
  // Loaded only here: where the binary is missing, this throws.
  const { guardJob, passed } = require('../guard.js')
  const { unwrap } = require('../request.js')
  const { job, mode } = guardJob(
    folder,
    { production: settings.production === true, ...(threads && { threads }) },
    settings,
  )
  passed(unwrap(job.run()), mode)
}

/** One error of those of several projects. */
function together(failures) {
  const stories = failures.map(({ project, error }) => {
    const folder = path.relative(process.cwd(), project.folder) || '.'
    return `In ${oneLine(folder)}:\n${error.message}`
  })
  return new AbiError(stories.join('\n\n'), failures[0].error.report)
}

module.exports = { check }
