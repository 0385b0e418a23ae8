'use strict'
// The public API. Types and documentation: index.d.ts.

const { AbiError } = require('./lib/abi-error.js')
const native = require('./lib/native.js')
const {
  annotate,
  checkFile,
  explainTexts,
  packageJob,
  runAudit,
  scanJob,
} = require('./lib/jobs.js')
const { invalidType, invalidValue, request, toPath, unwrap } = require('./lib/request.js')
const { defaultRoot } = require('./lib/root.js')

const FORMATS = ['text', 'json', 'sarif', 'github']

exports.checkAbi = function checkAbi(file, options) {
  return unwrap(checkFile(file, options))
}

exports.checkPackage = function checkPackage(nameOrDirectory, options) {
  return unwrap(packageJob(nameOrDirectory, options).run())
}

exports.scanNodeModules = function scanNodeModules(directory, options) {
  return unwrap(scanJob(directory, options).run())
}

exports.assertNodeModules = function assertNodeModules(directory, options) {
  const { guardJob, passed } = require('./lib/guard.js')
  const { job, mode } = guardJob(directory, options)
  return passed(unwrap(job.run()), mode, assertNodeModules)
}

exports.AbiError = AbiError

exports.auditPackage = function auditPackage(directoryOrArchive) {
  return runAudit(directoryOrArchive)
}

exports.explainError = function explainError(error, options = {}) {
  // Loaded only here: the guard must start fast.
  const { textsOf } = require('./lib/errors.js')
  return explainTexts(textsOf(error), options)[0] ?? null
}

exports.cacheKey = function cacheKey(options = {}) {
  const { directory } = options ?? {}
  const text = request(options, {})
  const root = directory === undefined ? defaultRoot() : toPath('options.directory', directory)
  return unwrap(native.cacheKey(root, text))
}

exports.resolveRuntime = function resolveRuntime(spec) {
  return unwrap(native.resolveRuntime(request({ target: spec }, {})))
}

exports.listRuntimes = function listRuntimes() {
  return unwrap(native.listRuntimes())
}

exports.formatReport = function formatReport(report, format = 'text', options = {}) {
  if (report === null || typeof report !== 'object') throw invalidType('report', 'a report', report)
  if (!FORMATS.includes(format)) throw invalidValue('format', `use one of ${FORMATS.join(', ')}`)
  if (format === 'sarif' || format === 'github') return annotate([report], format, options)
  const from = options?.from === undefined ? undefined : toPath('options.from', options.from)
  return unwrap(
    native.formatReport(
      JSON.stringify(report),
      format,
      JSON.stringify(options && { ...options, from }),
    ),
  )
}
