'use strict'
// Reports as they leave a command: laid out in the wanted format, to standard output or into a
// file.

const fs = require('node:fs')
const path = require('node:path')
const { formatReport } = require('../../index.js')
const { annotate } = require('../jobs.js')
const { deliver } = require('./output.js')
const { style } = require('./terminal.js')

/** Prints reports; in JSON one of them by itself, `many` as an array. Returns the exit code. */
function print(reports, options, many = false) {
  const ok = reports.every((report) => report.ok)
  deliver(laidOut(reports, options, many, options.quiet && ok), options.output)
  return ok ? 0 : 1
}

/**
 * Prints the report of a scan; with --fix what it is afterwards, where it isn't for people.
 * @returns {Promise<boolean>} all is well in the end
 */
async function printAndFix(report, options) {
  const isForPeople = options.format === 'text' && options.output === undefined
  const fixes = options.fix && !report.ok
  if (isForPeople || !fixes) print([report], options)
  if (!fixes) return report.ok
  // Loaded only here: nothing else starts programs.
  const { rebuild } = require('./fix.js')
  const now = await rebuild(report, options, isForPeople ? process.stdout : process.stderr)
  if (!isForPeople) print([now], options)
  return now.ok
}

/** Reports as what is printed of them; for people nothing when they asked for that. */
function laidOut(reports, options, many, isUnwanted) {
  const { format } = options
  if (format === 'json') return json(many ? reports : reports[0])
  if (format === 'sarif') return annotate(reports, format)
  if (isUnwanted) return ''
  if (format === 'github') return annotate(reports, format)
  const how = style(options)
  return reports.map((report) => formatReport(report, 'text', how) + emptiness(report)).join('\n')
}

/**
 * Logs of CI services take `##[` anywhere for a command; only strings can hold it, and there the
 * escape stands for the same.
 */
const json = (value) => `${JSON.stringify(value, null, 2).replaceAll('##[', '#\\u0023[')}\n`

/** Why a scan may have found nothing. */
function emptiness({ packages, directory }) {
  if (packages?.length !== 0 || path.basename(directory) === 'node_modules') return ''
  const installed = ['node_modules', '.pnp.cjs'].some((name) =>
    fs.existsSync(path.join(directory, name)),
  )
  if (installed) return ''
  return (
    'There is no node_modules folder in it: install its packages first, or name another ' +
    'directory.\n'
  )
}

module.exports = { json, print, printAndFix }
