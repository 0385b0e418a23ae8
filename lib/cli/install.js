'use strict'
// The scan in an installation hook. It prints nothing without problems, and never breaks an
// installation by its own failure.

const path = require('node:path')
const { formatReport, resolveRuntime, scanNodeModules } = require('../../index.js')
const { guardJob } = require('../guard.js')
const { mistakeInEnvironment } = require('../mode.js')
const { printAndFix } = require('./print.js')
const { complain, style } = require('./terminal.js')

/**
 * Checks a project that is being installed.
 * @param {{ from: string, isSilent: boolean, isVerbose: boolean, mode: string, target?: object }}
 *   hook the facts from lib/cli/hook.js
 * @returns {Promise<number>} the exit code
 */
async function check(directory, options, hook) {
  if (hook.mode === 'off') return 0
  const mistake = mistakeInEnvironment()
  if (mistake) complain(mistake)
  const isWarning = options.warn || hook.mode === 'warn'
  try {
    const isOk = await passes(directory, options, hook)
    return isOk || isWarning ? 0 : 1
  } catch (error) {
    if (!isWarning) throw error
    complain(error.reason ?? error.message)
    return 0
  }
}

async function passes(directory, options, { from, isSilent, isVerbose, mode, target }) {
  const { threads, ignore, include, production } = options
  const how = {
    target: options.target ?? understood(target),
    strict: options.strict || mode === 'strict',
    threads,
    ignore,
    include,
    production,
  }
  const report = scanNodeModules(directory, how)
  // With --format or --output, the report goes to the requested place.
  if (options.format !== 'text' || options.output)
    return printAndFix(report, { ...options, ...how })
  // Not to standard output: the package manager may print JSON there.
  const { stderr } = process
  const text = (width) =>
    formatReport(report, 'text', {
      ...style({ verbose: options.verbose, stream: stderr }),
      ...width,
      from,
    })
  if (report.ok) {
    if (options.verbose) stderr.write(text())
    else if (isVerbose) stderr.write(`abi-guard: ${text({ width: 200 }).split('\n')[0]}\n`)
    prepareStart(directory)
    return true
  }
  if (!isSilent) stderr.write(text())
  if (!options.fix) return false
  return (await require('./fix.js').rebuild(report, { ...options, ...how }, stderr)).ok
}

/** Lets the guard write its index, so that the first start of the app needn't scan. */
function prepareStart(directory) {
  try {
    guardJob(path.resolve(directory)).job.run()
  } catch {
    // The first start says what is wrong.
  }
}

/** The target in npm's settings, if it is valid. The settings may mean something else. */
function understood(target) {
  if (!target) return undefined
  try {
    resolveRuntime(target)
    return target
  } catch (error) {
    complain(
      `the runtime in npm's settings isn't known (${error.reason ?? error.message}): abi-guard ` +
        'checks for this Node.js',
    )
    return undefined
  }
}

module.exports = { check }
