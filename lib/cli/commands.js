'use strict'
// One function per command. It does the work, prints the result, and returns the exit code.

const fs = require('node:fs')
const path = require('node:path')
const {
  auditPackage,
  cacheKey,
  checkAbi,
  checkArtifact,
  checkPackage,
  formatReport,
  listRuntimes,
  scanNodeModules,
} = require('../../index.js')
const promises = require('../../promises.js')
const { annotate, explainTexts } = require('../jobs.js')
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
  const { target, threads, strict, ignore, include, production } = options
  const how = { target, threads, strict, ignore, include, production }
  const report = await watched(promises.scanNodeModules, directory, how, options)
  if (report === undefined) return 130
  return (await printAndFix(report, options)) || options.warn ? 0 : 1
}

/**
 * Calls a function of abi-guard/promises and shows its progress. Returns its report, or `undefined`
 * if the user stopped it.
 */
async function watched(work, directory, how, { quiet, format }) {
  const progress = progressLine(!quiet && format === 'text')
  const controller = new AbortController()
  const interrupt = () => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    const { signal } = controller
    return await work(directory, { ...how, signal, onProgress: progress.tell })
  } catch (error) {
    if (!controller.signal.aborted) throw error
    progress.done()
    // The shell must see that a signal ended the process.
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
  let isWhole = true
  for (const operand of operands) {
    try {
      reports.push(...checkOne(operand, { target, threads, strict }))
    } catch (error) {
      // One wrong operand doesn't prevent the reports on the others.
      if (operands.length === 1 || !isAboutInput(error)) throw error
      complain(sentence(error))
      isWhole = false
    }
  }
  // What ships may have no packages: nothing has to be installed in it.
  const how = { ...options, isOfProject: false }
  const code = print(reports, how, operands.length > 1 || reports.length > 1)
  return isWhole ? code : 2
}

/** The reports on a file, a folder, or a package by its name. */
function checkOne(operand, how) {
  const stats = fs.statSync(operand, {
    throwIfNoEntry: looksLikePath(operand) || operand.endsWith('.node'),
  })
  if (!stats) return [checkPackage(operand, { ...how, from: process.cwd() })]
  if (isArtifact(operand, stats)) return checkArtifact(operand, how)
  if (!stats.isDirectory()) return [checkAbi(operand, how)]
  return checkOutput(operand, how) ?? checkFolder(path.resolve(operand), how)
}

/** True for a file that ships: an archive or a list of files, or a folder with an OCI layout. */
function isArtifact(operand, stats) {
  if (stats.isDirectory()) return fs.existsSync(path.join(operand, 'oci-layout'))
  return /\.(tar(\.(gz|xz|zst))?|tgz|zip|vsix|mcpb|dxt|deb|asar|nft\.json)$/i.test(operand)
}

/** The reports on what a build tool or a packer wrote; `undefined` for any other folder. */
function checkOutput(folder, how) {
  try {
    return checkArtifact(folder, how)
  } catch (error) {
    if (error.code === 'ERR_UNKNOWN_ARTIFACT') return undefined
    throw error
  }
}

/** An installed package loads one addon. Any other folder has a report for each of its addons. */
function checkFolder(folder, how) {
  const report = checkPackage(folder, how)
  const isInstalled = report.path.split(path.sep).includes('node_modules')
  const hasOne = report.dormant.length + (report.active ? 1 : 0) < 2
  if (isInstalled || hasOne) return [report]
  const each = scanNodeModules(folder, how).packages.filter((one) => one.path === report.path)
  return each.length > 0 ? each : [report]
}

function audit([root = packageRoot(process.cwd()), ...platformPackages], options) {
  const listed = (texts) => texts?.flatMap((text) => text.split(',')).map((text) => text.trim())
  const how = { platformPackages, max: listed(options.max), require: listed(options.require) }
  return print([auditPackage(root, how)], options)
}

/** Prints all explanations of a text: as text for people, or as one array for programs. */
async function explain(operands, { format, output }) {
  const isForPeople = format === 'text' && output === undefined && process.stdout.isTTY
  const text = await textToExplain(operands, isForPeople ? process.stdout : undefined)
  const explanations = explainTexts(Buffer.isBuffer(text) ? text : [text], {})
  const how = style({ output })
  if (format === 'json') deliver(json(explanations), output)
  else if (format !== 'text') deliver(annotate(explanations, format), output)
  else if (explanations.length === 0) deliver('The text contains no known error.\n', output)
  else deliver(explanations.map((one) => formatReport(one, 'text', how)).join('\n'), output)
  return explanations.length > 0 ? 0 : 1
}

function fix(operands, options) {
  // Required lazily: no other command starts programs.
  return require('./fix.js').fix(operands, options)
}

async function matrix([directory = packageRoot(process.cwd())], options) {
  const { target: targets, threads, ignore, include, production } = options
  const how = { targets, threads, ignore, include, production }
  const report = await watched(promises.matrix, directory, how, options)
  return report === undefined ? 130 : print([report], options)
}

function key([directory = packageRoot(process.cwd())], { target, format, output }) {
  const name = cacheKey({ directory, target })
  deliver(format === 'json' ? json(name) : `${name}\n`, output)
  return 0
}

async function doctor([directory = packageRoot(process.cwd())], options) {
  const { target } = options
  const report = await watched(promises.doctor, directory, { target }, options)
  return report === undefined ? 130 : print([report], options)
}

function completion([shell]) {
  deliver(require('./completion.js').scriptFor(shell))
  return 0
}

function runtimes([wanted], options) {
  const releases = select(listRuntimes(), wanted)
  deliver(options.format === 'json' ? json(releases) : runtimeTable(releases), options.output)
  return 0
}

module.exports = { audit, check, completion, doctor, explain, fix, key, matrix, runtimes, scan }
