'use strict'
// Turns arguments into a job of the core, for the synchronous functions and for the promises.
// `options` come from `readOptions`.

const { invalidType, invalidValue, toPath } = require('./arguments.js')
const { bare } = require('./bare.js')
const native = require('./native.js')
const { request, unwrap } = require('./request.js')
const { defaultRoot } = require('./root.js')

function fileJob(file, options) {
  return native.Job.file(toPath('file', file), request(options))
}

/**
 * The answer to the check of a file, in one call: this function may be called many times in a row.
 */
function checkFile(file, options) {
  return native.check(toPath('file', file), request(options))
}

function packageJob(nameOrDirectory, how) {
  const { from = process.cwd(), ...options } = bare(how)
  if (typeof nameOrDirectory !== 'string')
    throw invalidType('nameOrDirectory', 'a string', nameOrDirectory)
  if (nameOrDirectory === '') throw invalidValue('nameOrDirectory', 'it is empty')
  return native.Job.package(nameOrDirectory, from, request(options))
}

/** The folder of the project. The default is the app's folder. */
const projectFolder = (directory) =>
  directory === undefined ? defaultRoot() : toPath('directory', directory)

function scanJob(directory, options) {
  return native.Job.scan(projectFolder(directory), request(options))
}

/** The check of a project for several runtimes. The default is the runtimes after this one. */
function matrixJob(directory, options) {
  return native.Job.matrix(projectFolder(directory), request(options))
}

/** The doctor's job: finds what will break in a project. */
function doctorJob(directory, options) {
  return native.Job.doctor(projectFolder(directory), request(options))
}

/**
 * The explanations of an error's texts, the most important first. A log is a Buffer: the core
 * decodes it faster, and a long one needs less memory.
 */
function explainJob(texts, how) {
  const { from = process.cwd() } = bare(how)
  if (Buffer.isBuffer(texts)) return native.Job.explainLog(texts, from, request())
  return native.Job.explain(texts, from, request())
}

const explainTexts = (texts, options) => unwrap(explainJob(texts, options).run())

/** Reports as one document in `markdown`, `sarif`, `github` or `cyclonedx`. */
function annotate(reports, format, how) {
  const { from = process.cwd() } = bare(how)
  return unwrap(native.annotate(textOf('report', reports), format, from, request()))
}

/** A report as JSON text. `name` is the argument's name in an error. */
function textOf(name, report) {
  try {
    return JSON.stringify(report)
  } catch (cause) {
    // A circular reference, a BigInt, or a getter or Proxy that throws.
    throw invalidValue(name, `it can't be written as JSON: ${reasonOf(cause)}`, { cause })
  }
}

/** The first line of the message of any thrown value. */
function reasonOf(cause) {
  try {
    return String(cause.message).split('\n')[0]
  } catch {
    return 'a getter throws'
  }
}

/** The audit of a folder or of a package archive. */
const auditJob = (directoryOrArchive, options) =>
  native.Job.audit(toPath('directoryOrArchive', directoryOrArchive), request(options))

const artifactJob = (fileOrDirectory, options) =>
  native.Job.artifact(toPath('fileOrDirectory', fileOrDirectory), request(options))

module.exports = {
  annotate,
  artifactJob,
  auditJob,
  checkFile,
  doctorJob,
  explainJob,
  explainTexts,
  fileJob,
  matrixJob,
  packageJob,
  projectFolder,
  scanJob,
  textOf,
}
