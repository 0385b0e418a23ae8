'use strict'
// One function per command: does the work, prints, returns the exit code.

const fs = require('node:fs')
const path = require('node:path')
const {
  auditPackage,
  cacheKey,
  checkAbi,
  checkPackage,
  formatReport,
  listRuntimes,
} = require('../../index.js')
const { scanNodeModules } = require('../../promises.js')
const { annotate, doctorJob, explainTexts, matrixJob } = require('../jobs.js')
const { unwrap } = require('../request.js')
const { packageRoot } = require('../root.js')
const { isAboutInput, sentence } = require('./errors.js')
const { hook } = require('./hook.js')
const { textToExplain } = require('./input.js')
const { deliver } = require('./output.js')
const { json, print, printAndFix } = require('./print.js')
const { runtimeTable, select } = require('./runtimes.js')
const { complain, progressLine, style } = require('./terminal.js')
const { looksLikePath } = require('./usage.js')

async function scan([directory = packageRoot(process.cwd())], options) {
  const around = hook()
  if (around) return require('./install.js').check(directory, options, around)
  const report = await watchedScan(directory, options)
  if (report === undefined) return 130
  return (await printAndFix(report, options)) || options.warn ? 0 : 1
}

/** The report; `undefined` where the user stopped it. */
async function watchedScan(directory, options) {
  const { target, threads, strict, ignore, include, production } = options
  const progress = progressLine(!options.quiet && options.format === 'text')
  const controller = new AbortController()
  const interrupt = () => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    const how = {
      target,
      threads,
      strict,
      ignore,
      include,
      production,
      signal: controller.signal,
      onProgress: progress.tell,
    }
    return await scanNodeModules(directory, how)
  } catch (error) {
    if (!controller.signal.aborted) throw error
    progress.done()
    // The shell has to see that a signal ended the process.
    process.kill(process.pid, 'SIGINT')
    return undefined
  } finally {
    progress.done()
    process.removeListener('SIGINT', interrupt)
  }
}

function check(operands, options) {
  const { target, threads, strict } = options
  const reports = []
  for (const operand of operands) {
    try {
      reports.push(checkOne(operand, { target, threads, strict }))
    } catch (error) {
      // Of several, the others still get their report.
      if (operands.length === 1 || !isAboutInput(error)) throw error
      complain(sentence(error))
    }
  }
  const code = print(reports, options, operands.length > 1)
  return reports.length < operands.length ? 2 : code
}

/** A file, a folder, or the name of a package. */
function checkOne(operand, how) {
  const stats = fs.statSync(operand, {
    throwIfNoEntry: looksLikePath(operand) || operand.endsWith('.node'),
  })
  if (!stats) return checkPackage(operand, { ...how, from: process.cwd() })
  return stats.isDirectory() ? checkPackage(path.resolve(operand), how) : checkAbi(operand, how)
}

function audit([directoryOrArchive = packageRoot(process.cwd())], options) {
  return print([auditPackage(directoryOrArchive)], options)
}

/** What an error means: every explanation for people, as one array for programs. */
async function explain(operands, { format, output }) {
  const explanations = explainTexts([await textToExplain(operands)], {})
  const how = style({ output })
  if (format === 'json') deliver(json(explanations), output)
  else if (format !== 'text') deliver(annotate(explanations, format), output)
  else if (explanations.length === 0) deliver('Nothing in it is known.\n', output)
  else deliver(explanations.map((one) => formatReport(one, 'text', how)).join('\n'), output)
  return explanations.length > 0 ? 0 : 1
}

function fix(operands, options) {
  // Loaded only here: no other command starts programs.
  return require('./fix.js').fix(operands, options)
}

function matrix([directory = packageRoot(process.cwd())], options) {
  const { target = [], ignore, include, production } = options
  const report = unwrap(matrixJob(directory, target, { ignore, include, production }).run())
  return print([report], options)
}

function key([directory = packageRoot(process.cwd())], { target, format, output }) {
  const name = cacheKey({ directory, target })
  deliver(format === 'json' ? json(name) : `${name}\n`, output)
  return 0
}

function doctor([directory = packageRoot(process.cwd())], options) {
  return print([unwrap(doctorJob(directory, { target: options.target }).run())], options)
}

function runtimes([wanted], options) {
  const releases = select(listRuntimes(), wanted)
  deliver(options.format === 'json' ? json(releases) : runtimeTable(releases), options.output)
  return 0
}

module.exports = { audit, check, doctor, explain, fix, key, matrix, runtimes, scan }
