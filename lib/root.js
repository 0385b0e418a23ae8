'use strict'
// Finds the project if the caller names none.

const fs = require('node:fs')
const path = require('node:path')
const { MAX_MANIFEST, readText } = require('./files.js')

/**
 * Fields of a package.json that describes a package. Other package.json files only set the module
 * type of the files below them.
 */
const DESCRIBING = [
  'name',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'workspaces',
  'abi-guard',
]

/** The folder of the package that contains `start`, or `undefined`. */
function findPackageRoot(start) {
  let nearest
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'package.json'))) {
      nearest ??= folder
      if (describesPackage(folder)) return folder
    }
    if (folder === path.dirname(folder)) return nearest
  }
}

/** False for the file `{ "type": "module" }` that builds write beside their output. */
function describesPackage(folder) {
  if (fs.existsSync(path.join(folder, 'node_modules'))) return true
  try {
    const manifest = JSON.parse(readText(path.join(folder, 'package.json'), MAX_MANIFEST))
    return DESCRIBING.some((field) => field in manifest)
  } catch {
    // The scan reads this file again and reports the error.
    return true
  }
}

/** The folder of the package that contains `start`, or `start` itself. */
function packageRoot(start) {
  return findPackageRoot(start) ?? path.resolve(start)
}

/**
 * The real path of the main script, or of the folder that Node.js was started with. `undefined` in
 * a REPL, a bundle or a test.
 */
function mainScript() {
  const main = process.argv[1]
  if (!main) return undefined
  try {
    return fs.realpathSync(main)
  } catch {
    // The name may have no extension.
  }
  try {
    return fs.realpathSync(require.resolve(path.resolve(main)))
  } catch {
    return undefined
  }
}

/**
 * The package of the main script, by its real path. If the main script is a tool in node_modules,
 * the package of the current folder.
 */
function defaultRoot() {
  return packageRoot(defaultStart())
}

/** The folder where the search for that package starts. */
function defaultStart(main = mainScript()) {
  if (main === undefined || main.split(path.sep).includes('node_modules')) return process.cwd()
  return fs.statSync(main).isDirectory() ? main : path.dirname(main)
}

module.exports = { defaultRoot, defaultStart, findPackageRoot, mainScript, packageRoot }
