'use strict'
// The check before all tests. It gives one report instead of one error per test.

const path = require('node:path')
const { AbiError } = require('../abi-error.js')
const { oneLine } = require('../escape.js')
const { modeOf, settingsOf } = require('../mode.js')
const { tellFailure } = require('../tell.js')

/**
 * Throws if the tests of a project can't load an addon that they need.
 * @param {{ folder: string, threads: boolean }[]} projects
 * @param {Function} caller this function and the frames above it are left out of the stack
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
  // Vitest prints every property of an error. The message already contains the report.
  delete error.report
  Error.captureStackTrace(error, caller)
  throw error // ABI_GUARD=warn runs the tests anyway
}

/** The same check as at the start of an app, but with packages that only devDependencies need. */
function scan({ folder, threads }, settings) {
  // Required lazily: it throws if the binary is missing.
  const { guardJob, passed } = require('../guard.js')
  const { unwrap } = require('../request.js')
  const { job, mode } = guardJob(
    folder,
    { production: settings.production === true, ...(threads && { threads }) },
    { settings },
  )
  passed(unwrap(job.run()), mode)
}

/** Combines the errors of several projects. */
function together(failures) {
  const texts = failures.map(({ project, error }) => {
    const folder = path.relative(process.cwd(), project.folder) || '.'
    return `In ${oneLine(folder)}:\n${error.message}`
  })
  return new AbiError(texts.join('\n\n'), failures[0].error.report)
}

module.exports = { check }
