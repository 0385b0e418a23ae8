'use strict'
// Arguments → a job of the core, the same for the functions that wait and those that don't.

const native = require('./native.js')
const { CHECK_OPTIONS, SCAN_OPTIONS, invalidType, invalidValue, request, toPath } = require('./request.js')
const { defaultRoot } = require('./root.js')

function fileJob(file, options = {}) {
  return native.Job.file(toPath('file', file), request(options, CHECK_OPTIONS))
}

function packageJob(nameOrDirectory, options = {}) {
  if (typeof nameOrDirectory !== 'string') throw invalidType('nameOrDirectory', 'a string', nameOrDirectory)
  if (nameOrDirectory === '') throw invalidValue('nameOrDirectory', 'it is empty')
  const text = request(options, CHECK_OPTIONS)
  return native.Job.package(nameOrDirectory, toPath('options.from', options.from ?? process.cwd()), text)
}

function scanJob(directory, options = {}) {
  const root = directory === undefined ? defaultRoot() : toPath('directory', directory)
  return native.Job.scan(root, request(options, SCAN_OPTIONS))
}

module.exports = { fileJob, packageJob, scanJob }
