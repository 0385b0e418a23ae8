'use strict'
// The public API. Types and documentation: index.d.ts.

const { AbiError } = require('./lib/abi-error.js')
const { invalidType, invalidValue, missing, readOptions, toRuntime } = require('./lib/arguments.js')
const {
  annotate,
  artifactJob,
  auditJob,
  checkFile,
  doctorJob,
  explainTexts,
  matrixJob,
  packageJob,
  projectFolder,
  scanJob,
  textOf,
} = require('./lib/jobs.js')
const native = require('./lib/native.js')
const { request, unwrap } = require('./lib/request.js')

const FORMATS = ['text', 'json', 'markdown', 'sarif', 'github', 'cyclonedx']

/** The formats of documents that may contain several reports. */
const DOCUMENTS = ['markdown', 'sarif', 'github', 'cyclonedx']

exports.checkAbi = function checkAbi(file, options) {
  return unwrap(checkFile(file, readOptions('checkAbi', options)))
}

exports.checkPackage = function checkPackage(nameOrDirectory, options) {
  const how = readOptions('checkPackage', options)
  try {
    return unwrap(packageJob(nameOrDirectory, how).run())
  } catch (error) {
    throw require('./lib/installed.js').withNearest(error, nameOrDirectory, how)
  }
}

exports.scanNodeModules = function scanNodeModules(directory, options) {
  return unwrap(scanJob(directory, readOptions('scanNodeModules', options)).run())
}

exports.assertNodeModules = function assertNodeModules(directory, options) {
  const { foldersToGuard, guardJob, passed } = require('./lib/guard.js')
  const how = readOptions('assertNodeModules', options)
  const [report] = foldersToGuard(directory, assertNodeModules).map(({ folder, isOwn }) => {
    const { job, mode } = guardJob(folder, how, { isOwn, whole: true })
    return passed(unwrap(job.run()), mode, assertNodeModules)
  })
  return report
}

exports.AbiError = AbiError

exports.auditPackage = function auditPackage(directoryOrArchive, options) {
  return unwrap(auditJob(directoryOrArchive, readOptions('auditPackage', options)).run())
}

exports.checkArtifact = function checkArtifact(fileOrDirectory, options) {
  return unwrap(artifactJob(fileOrDirectory, readOptions('checkArtifact', options)).run())
}

exports.explainError = function explainError(error, options) {
  // Required lazily, so that the guard starts fast.
  const { textsOf } = require('./lib/errors.js')
  return explainTexts(textsOf(error), readOptions('explainError', options))[0] ?? null
}

exports.doctor = function doctor(directory, options) {
  return unwrap(doctorJob(directory, readOptions('doctor', options)).run())
}

exports.matrix = function matrix(directory, options) {
  return unwrap(matrixJob(directory, readOptions('matrix', options)).run())
}

exports.cacheKey = function cacheKey(options) {
  const { directory, target } = readOptions('cacheKey', options)
  return unwrap(native.cacheKey(projectFolder(directory), request({ target })))
}

exports.resolveRuntime = function resolveRuntime(spec) {
  const target = spec === undefined || spec === null ? undefined : toRuntime('spec', spec)
  return unwrap(native.resolveRuntime(request({ target })))
}

exports.listRuntimes = function listRuntimes() {
  return unwrap(native.listRuntimes())
}

exports.formatReport = function formatReport(report, format = 'text', options) {
  if (report === null || typeof report !== 'object') throw invalidType('report', 'a report', report)
  if (typeof format !== 'string') throw invalidType('format', 'a string', format)
  if (!FORMATS.includes(format)) throw invalidValue('format', missing('format', format, FORMATS))
  const style = readOptions('formatReport', options)
  if (DOCUMENTS.includes(format)) return annotate([report], format, style)
  return unwrap(native.formatReport(textOf('report', report), format, JSON.stringify(style)))
}
