'use strict'
// Finds the project if the caller names none.

const fs = require('node:fs')
const path = require('node:path')
const { readManifest } = require('./manifest.js')
const own = require('./own.js')

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

/** This file. It has no name in a bundle of ESM. */
const OWN = typeof __filename === 'string' ? __filename : undefined

/**
 * The main script of pm2 (lib/God/ForkMode.js, ClusterMode.js), which loads the app later. Its name
 * is tested first, because a regular expression is compiled when it is used for the first time.
 */
const isPm2 = (main) =>
  main?.includes('ProcessContainer') && /[\\/]pm2[\\/]lib[\\/]ProcessContainer\w*\.js$/.test(main)

/**
 * The folder of the package that contains `start`, or `undefined`. An app may be deployed without
 * its package.json; then the folder whose node_modules has abi-guard is the app's folder.
 */
function findPackageRoot(start) {
  let nearest
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'package.json'))) {
      nearest ??= folder
      if (describesPackage(folder)) return folder
    } else if (fs.existsSync(path.join(folder, 'node_modules', 'abi-guard'))) {
      return folder
    }
    if (folder === path.dirname(folder)) return nearest
  }
}

/**
 * False for the file `{ "type": "module" }` that builds write beside their output. Turbopack writes
 * it to .next, together with a node_modules.
 */
function describesPackage(folder) {
  try {
    const manifest = readManifest(folder)
    if (DESCRIBING.some((field) => field in manifest)) return true
    const isOnlyType = Object.keys(manifest).join() === 'type'
    return !isOnlyType && fs.existsSync(path.join(folder, 'node_modules'))
  } catch {
    // The scan reads this file again and reports the error.
    return true
  }
}

/** The folder of the package that contains `start`, or `start` itself. */
function packageRoot(start) {
  return findPackageRoot(start) ?? path.resolve(start)
}

/** The last main script that was asked for: each start asks several times. */
let known = {}

/**
 * The real path of the main script, or of the folder that Node.js was started with. `undefined` in
 * a REPL, with `--eval`, or in a bundle.
 */
function mainScript() {
  const main = process.argv[1]
  if (main !== known.main) known = { main, script: findMainScript(main) }
  return known.script
}

function findMainScript(main) {
  // With --eval, this is the first argument of the program.
  if (!main || process._eval !== undefined) return undefined
  try {
    return fs.realpathSync(main)
  } catch {
    // The name may have no extension.
  }
  try {
    return fs.realpathSync(own.resolve(path.resolve(main)))
  } catch {
    return undefined
  }
}

/**
 * The file or folder of the app, if a launcher is the main script and says what it loads: pm2, AWS
 * Lambda and Azure Functions. Otherwise the main script.
 */
function appScript(main) {
  const { env } = process
  try {
    // The workers of a cluster have all settings in one variable.
    if (isPm2(main))
      return fs.realpathSync(env.pm_exec_path ?? JSON.parse(env.pm2_env).pm_exec_path)
    const folder = env.LAMBDA_TASK_ROOT || env.AzureWebJobsScriptRoot
    if (folder && isLauncher(main)) return fs.realpathSync(folder)
  } catch {
    // The variable is wrong, or means something else.
  }
  return main
}

/**
 * True for the main scripts of AWS Lambda and Azure Functions. The children of an app have the same
 * variables, and a main script of their own.
 */
function isLauncher(main) {
  if (main === undefined || isInModules(main)) return true
  return /^\/var\/runtime\/|[\\/]nodejsWorker\.\w+$/.test(main)
}

/**
 * The projects that this process runs: that of the main script, and that of the file that requires
 * the guard, if it is another one. Without both, the project of the current folder, if it belongs
 * to the process. Empty if there is none: a folder is not the app's because the process was started
 * there.
 * @param {string} [requirer] the file that requires the guard
 * @param {boolean} [isImported] true if a module imports the guard. No API names that module, but
 *   it is in the project whose node_modules has the guard.
 */
function appRoots(requirer, isImported = false) {
  const main = mainScript()
  const roots = new Set([projectOf(appScript(main)), projectOf(requirer)])
  roots.delete(undefined)
  const home = homeOf(OWN)
  const isAbove = [...roots].some((root) => isInside(root, home))
  if (isImported && roots.size > 0 && !isAbove && homeOf(main) !== home) roots.add(home)
  roots.delete(undefined)
  if (roots.size > 0) return [...roots]
  const here = projectHere(main)
  if (here !== undefined) return [here]
  const isProject = home !== undefined && fs.existsSync(path.join(home, 'package.json'))
  return isProject || (isImported && home !== undefined && homeOf(main) !== home) ? [home] : []
}

/** The project of a file or a folder. `undefined` if there is none, or if it is in node_modules. */
function projectOf(start) {
  if (start === undefined || isInModules(start)) return undefined
  // Code without a file has the name `[eval]` or `[stdin]` in the current folder.
  if (start.endsWith(']') && /\[\w+\]$/.test(start)) return undefined
  // Nothing can be in a file, so its own path is passed over like a folder without a package.json.
  return findPackageRoot(start)
}

/**
 * The project of the current folder, if the main script or the guard is in its node_modules, or in
 * those of a folder above.
 */
function projectHere(main) {
  let root
  try {
    root = findPackageRoot(process.cwd())
  } catch {
    // The current folder was removed.
  }
  if (root === undefined) return undefined
  const named = process.argv[1] && path.resolve(process.argv[1])
  const isAbove = [main, named, OWN].some((file) => isInside(root, homeOf(file)))
  const isPnp = process.versions.pnp && fs.existsSync(path.join(root, '.pnp.cjs'))
  return isAbove || isPnp || isGuardFoundFrom(root) ? root : undefined
}

/** True if `require('abi-guard')` in this folder finds this package, which may be linked. */
function isGuardFoundFrom(root) {
  for (let folder = root; ; folder = path.dirname(folder)) {
    try {
      const found = fs.realpathSync(path.join(folder, 'node_modules', 'abi-guard'))
      return found === own.folder()
    } catch {
      // Not in this folder.
    }
    if (folder === path.dirname(folder)) return false
  }
}

const isInModules = (file) => file.split(path.sep).includes('node_modules')

/** The folder that has the outermost node_modules in the path of a file. */
function homeOf(file) {
  const at = file?.indexOf(`${path.sep}node_modules${path.sep}`) ?? -1
  return at < 0 ? undefined : file.slice(0, at) || path.sep
}

/** True if a folder is `other`, or below it. */
function isInside(folder, other) {
  if (other === undefined) return false
  return folder === other || folder.startsWith(other.endsWith(path.sep) ? other : other + path.sep)
}

/** The app's folder for a function that the app calls without a folder. */
function defaultRoot() {
  return appRoots()[0] ?? packageRoot(process.cwd())
}

module.exports = { appRoots, defaultRoot, findPackageRoot, mainScript, packageRoot }
