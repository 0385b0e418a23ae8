// Which files are a package's own. Used by the traced process too, hence plain CommonJS.
'use strict'
const fs = require('node:fs')
const path = require('node:path')

/** The folder of the package that a file lies in: `node_modules/name` or `node_modules/@scope/name`. */
function packageFolder(file) {
  const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)
  return found ? found[1] : null
}

function manifestOf(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  } catch {
    return {}
  }
}

/**
 * True if a file is in the package, or in one of its optional dependencies for certain systems
 * only.
 */
function isOwn(directory, file) {
  const folder = packageFolder(file)
  if (folder === null) return false
  if (folder === directory) return true
  const { optionalDependencies = {}, dependencies = {} } = manifestOf(directory)
  const { name, os, cpu, libc } = manifestOf(folder)
  const isNamed = Object.hasOwn({ ...optionalDependencies, ...dependencies }, name)
  return isNamed && Boolean(os || cpu || libc)
}

module.exports = { isOwn, packageFolder }
