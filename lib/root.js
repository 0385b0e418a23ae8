'use strict'
// Which project is meant when none is named.

const fs = require('node:fs')
const path = require('node:path')
const { LONGEST_MANIFEST, readText } = require('./files.js')

/**
 * What a package.json has that describes a package, unlike one that only says how the files below
 * it are written.
 */
const DESCRIBING = [
  'name',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'workspaces',
  'abi-guard',
]

/** The folder of the package that `start` is in, upwards; `undefined` where there is none. */
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

/** False for the marker that builds leave beside their output, `{ "type": "module" }`. */
function describesPackage(folder) {
  if (fs.existsSync(path.join(folder, 'node_modules'))) return true
  try {
    const manifest = JSON.parse(readText(path.join(folder, 'package.json'), LONGEST_MANIFEST))
    return DESCRIBING.some((field) => field in manifest)
  } catch {
    // The code that reads it reports what is wrong with it.
    return true
  }
}

/** The folder of the package that `start` is in; `start` itself where there is none. */
function packageRoot(start) {
  return findPackageRoot(start) ?? path.resolve(start)
}

/**
 * The real path of the main script, or of the folder that was run; `undefined` in a REPL, a bundle,
 * a test.
 */
function mainScript() {
  const main = process.argv[1]
  if (!main) return undefined
  try {
    return fs.realpathSync(main)
  } catch {
    // It may be named without its extension.
  }
  try {
    return fs.realpathSync(require.resolve(path.resolve(main)))
  } catch {
    return undefined
  }
}

/**
 * The package of the main script, by its real path; of the cwd where the main script is a tool out
 * of node_modules.
 */
function defaultRoot() {
  return packageRoot(defaultStart())
}

/** Where the search for that package begins. */
function defaultStart(main = mainScript()) {
  if (main === undefined || main.split(path.sep).includes('node_modules')) return process.cwd()
  return fs.statSync(main).isDirectory() ? main : path.dirname(main)
}

module.exports = { defaultRoot, defaultStart, findPackageRoot, mainScript, packageRoot }
