'use strict'
// Arguments → a job of the core, the same for the functions that wait and those that don't.

const fs = require('node:fs')
const native = require('./native.js')
const {
  CHECK_OPTIONS,
  SCAN_OPTIONS,
  invalidType,
  invalidValue,
  request,
  toPath,
  unwrap,
} = require('./request.js')
const { defaultRoot } = require('./root.js')

function fileJob(file, options = {}) {
  return native.Job.file(toPath('file', file), request(options, CHECK_OPTIONS))
}

/** The answer to the check of a file: one call, as it is the one that is asked for in a row. */
function checkFile(file, options = {}) {
  return native.check(toPath('file', file), request(options, CHECK_OPTIONS))
}

function packageJob(nameOrDirectory, options = {}) {
  if (typeof nameOrDirectory !== 'string')
    throw invalidType('nameOrDirectory', 'a string', nameOrDirectory)
  if (nameOrDirectory === '') throw invalidValue('nameOrDirectory', 'it is empty')
  const text = request(options, CHECK_OPTIONS)
  return native.Job.package(
    nameOrDirectory,
    toPath('options.from', options.from ?? process.cwd()),
    text,
  )
}

function scanJob(directory, options = {}) {
  const root = directory === undefined ? defaultRoot() : toPath('directory', directory)
  return native.Job.scan(root, request(options, SCAN_OPTIONS))
}

function matrixJob(directory, targets, options = {}) {
  return native.Job.matrix(toPath('directory', directory), targets, request(options, SCAN_OPTIONS))
}

/** Every explanation of an error's texts, the weightiest first. */
function explainTexts(texts, options) {
  const text = request(options, {})
  return unwrap(native.explain(texts, toPath('options.from', options.from ?? process.cwd()), text))
}

/** Reports as one document in `sarif` or `github`. */
function annotate(reports, format, options = {}) {
  const from = toPath('options.from', options?.from ?? process.cwd())
  return unwrap(native.annotate(JSON.stringify(reports), format, from))
}

/** The search for what will break in a project, as its folder tells. */
function doctorJob(directory, options = {}) {
  return native.Job.doctor(toPath('directory', directory), request(options, {}))
}

/** The report on a folder or a package archive. */
function runAudit(directoryOrArchive) {
  const target = toPath('directoryOrArchive', directoryOrArchive)
  const run = (directory) => unwrap(native.Job.audit(directory, request({}, {})).run())
  if (!/\.(tgz|tar\.gz)$/.test(target) || fs.statSync(target).isDirectory()) return run(target)
  // Loaded only here: the guard must start fast.
  const { withTarball } = require('./tarball.js')
  return { ...withTarball(target, run), path: target }
}

module.exports = {
  annotate,
  checkFile,
  doctorJob,
  explainTexts,
  fileJob,
  matrixJob,
  packageJob,
  runAudit,
  scanJob,
}
