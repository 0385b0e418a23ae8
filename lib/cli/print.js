'use strict'
// Prints reports in the requested format, to standard output or to a file.

const fs = require('node:fs')
const path = require('node:path')
const { formatReport } = require('../../index.js')
const { oneLine } = require('../escape.js')
const { nearestInstalled } = require('../installed.js')
const { annotate } = require('../jobs.js')
const { deliver } = require('./output.js')
const { DEFAULT_LEVEL, LEVELS } = require('./options.js')
const { complain, style } = require('./terminal.js')

/**
 * Prints reports. JSON has a single report, or an array if `many` is true. Returns the exit code.
 */
function print(reports, options, many = false) {
  const ok = reports.every((report) => isFine(report, options['fail-on']))
  deliver(laidOut(reports, options, many, options.quiet && ok), options.output)
  if (options.summary) summarize(reports)
  return ok ? 0 : 1
}

/**
 * Prints the report of a scan. With --fix and a machine format, prints the report after the
 * rebuild.
 * @returns {Promise<boolean>} true if no problems remain
 */
async function printAndFix(report, options) {
  const isForPeople = options.format === 'text' && options.output === undefined
  const fixes = options.fix && !report.ok
  if (isForPeople || !fixes) print([report], options)
  if (!fixes) return report.ok
  // Required lazily: only this part starts programs.
  const { rebuild } = require('./fix.js')
  const now = await rebuild(report, options, isForPeople ? process.stdout : process.stderr)
  if (!isForPeople) print([now], options)
  return now.ok
}

/** True if nothing in a report gives exit code 1. `level`: the value of `--fail-on`, if given. */
function isFine(report, level = DEFAULT_LEVEL[report.kind]) {
  if (report.kind === 'matrix') return isFineMatrix(report, LEVELS.matrix[level])
  if (report.kind !== 'doctor') return report.ok
  const wrong = LEVELS.doctor[level]
  return !report.findings.some(({ severity }) => wrong.includes(severity))
}

/**
 * True if no package has one of the states `wrong`. An optional package counts only if its file is
 * damaged or ends the process. Rows don't say so, but then `ok` is false although every other
 * package loads.
 */
function isFineMatrix({ ok, rows }, wrong) {
  const has = (row, states) => row.cells.some(({ state }) => states.includes(state))
  const needed = rows.filter(({ optional }) => !optional)
  const counted = !ok && !needed.some((row) => has(row, LEVELS.matrix.unknown)) ? rows : needed
  return !counted.some((row) => has(row, wrong))
}

/** Adds the reports to the summary of a job in GitHub Actions. */
function summarize(reports) {
  const file = process.env.GITHUB_STEP_SUMMARY
  if (!file) return complain('--summary has no effect here: GITHUB_STEP_SUMMARY is not set')
  fs.appendFileSync(file, annotate(reports, 'markdown'))
}

/** The output for the reports. With --quiet, text without problems is empty. */
function laidOut(reports, options, many, isUnwanted) {
  const { format } = options
  if (format === 'json') return json(many ? reports : reports[0])
  if (['sarif', 'markdown', 'cyclonedx'].includes(format)) return annotate(reports, format)
  if (isUnwanted) return ''
  if (format === 'github') return annotate(reports, format)
  const how = style(options)
  const hint = (report) =>
    (options.isOfProject === false ? '' : emptiness(report)) || unmatched(report, options)
  return reports.map((report) => formatReport(report, 'text', how) + hint(report)).join('\n')
}

/**
 * CI services read `##[` anywhere in a log as a command. Only JSON strings can contain it, and the
 * escape means the same there.
 */
const json = (value) => `${JSON.stringify(value, null, 2).replaceAll('##[', '#\\u0023[')}\n`

/** A hint if a scan found no packages because nothing is installed. */
function emptiness({ packages, directory }) {
  if (packages?.length !== 0 || path.basename(directory) === 'node_modules') return ''
  const installed = ['node_modules', '.pnp.cjs'].some((name) =>
    fs.existsSync(path.join(directory, name)),
  )
  if (installed) return ''
  return (
    'The directory has no node_modules folder: install the packages first, or name another ' +
    'directory.\n'
  )
}

/** A hint if a scan of named packages found none: a name may be misspelled. */
function unmatched({ packages, directory }, { include }) {
  if (packages?.length !== 0 || !include) return ''
  return include
    .map((name) => {
      const near = nearestInstalled(name, directory)
      const said = `--include "${oneLine(name)}" names no native package there`
      return near === undefined || near === name
        ? `${said}.\n`
        : `${said}: did you mean "${oneLine(near)}"?\n`
    })
    .join('')
}

module.exports = { json, print, printAndFix }
