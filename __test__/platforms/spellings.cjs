'use strict'
// One small project by every name that this system has for its folder: what is found there must not
// depend on how it was called.

const fs = require('node:fs')
const path = require('node:path')

/** More than the 260 characters that Windows accepts in the plain form of a path. */
const LONG = 400

/**
 * @param {object} guard the package under test
 * @param {string} addon a file that loads in the target
 * @param {string} work an empty folder
 * @returns {{ how: string, found?: unknown, missing?: string }[]} what was found under each name;
 *   `missing` says why there is no such name
 */
function spelled(guard, addon, target, work) {
  const app = path.join(work, 'An App, geöffnet')
  lay(app, addon)
  const ways = { 'as it is': () => app, relative: () => path.relative(process.cwd(), app) }
  Object.assign(ways, process.platform === 'win32' ? onWindows(app, work) : onOthers(app, work))
  ways['with a long path'] = () => lay(long(work), addon)
  return Object.keys(ways).map((how) => {
    let folder
    try {
      folder = ways[how]()
    } catch (error) {
      if (error.code !== 'ENOTSUP') throw error
      return { how, missing: error.code }
    }
    return { how, found: found(guard, folder, target) }
  })
}

const onOthers = (app, work) => ({
  'with a slash at its end': () => `${app}/`,
  'by way of the folder above': () => `${work}/../${path.basename(work)}/${path.basename(app)}`,
  'by a link': () => linked(app, path.join(work, 'link'), 'dir'),
})

function onWindows(app, work) {
  const [drive, rest] = [app[0], app.slice(2)]
  return {
    'with slashes': () => app.split('\\').join('/'),
    'with a backslash at its end': () => `${app}\\`,
    'with a small drive letter': () => `${drive.toLowerCase()}:${rest}`,
    'with a capital drive letter': () => `${drive.toUpperCase()}:${rest}`,
    'in capitals': () => app.toUpperCase(),
    'in small letters': () => app.toLowerCase(),
    'without a drive': () => rest,
    'in the long form': () => `\\\\?\\${app}`,
    'as a share of this machine': () => `\\\\localhost\\${drive.toLowerCase()}$${rest}`,
    'as a share in the long form': () => `\\\\?\\UNC\\localhost\\${drive.toLowerCase()}$${rest}`,
    'by a drive that stands for a folder': () => {
      // As made by subst, or for a share of the network.
      if (!fs.existsSync(`Y:${rest}`)) throw Object.assign(new Error(), { code: 'ENOTSUP' })
      return `Y:${rest}`
    },
    // Wine has none.
    'by a junction': () => linked(app, path.join(work, 'junction'), 'junction'),
  }
}

function linked(app, link, type) {
  fs.symlinkSync(app, link, type)
  return link
}

function long(work) {
  let folder = path.join(work, 'long')
  while (folder.length < LONG) folder = path.join(folder, 'a-folder-with-a-name-of-some-length')
  return folder
}

/** A project with one package, which loads the addon. */
function lay(app, addon) {
  const home = path.join(app, 'node_modules', 'native')
  fs.mkdirSync(home, { recursive: true })
  fs.writeFileSync(
    path.join(app, 'package.json'),
    '{ "name": "app", "dependencies": { "native": "1" } }',
  )
  fs.writeFileSync(path.join(home, 'package.json'), '{ "name": "native", "version": "1.0.0" }')
  fs.writeFileSync(path.join(home, 'index.js'), "module.exports = require('./x.node')\n")
  fs.copyFileSync(addon, path.join(home, 'x.node'))
  return app
}

/** Each function that accepts a folder or a file, called with this one. */
function found(guard, folder, target) {
  try {
    const report = guard.scanNodeModules(folder, { target })
    const asked = guard.checkPackage('native', { from: folder, target })
    const file = [folder, 'node_modules', 'native', 'x.node'].join(path.sep)
    return {
      scan: report.packages.map((one) => [one.name, seen(one.active)]),
      package: seen(asked.active),
      file: guard.checkAbi(file, { target }).outcome,
      passed: guard.assertNodeModules(folder, { target }).ok,
      // What is told to be typed in a folder must be something that a program can start in.
      stays: driveOf(report.directory) === driveOf(folder),
    }
  } catch (error) {
    return String(error)
  }
}

/** A drive letter, or that it is a share. */
const driveOf = (folder) =>
  path
    .resolve(folder)
    .replace(/^\\\\\?\\(UNC)?/, (_, share) => (share ? '\\' : ''))
    .slice(0, 2)
    .toLowerCase()

/** What becomes of the file, where it is there under the name that the report gives it, and that is none that only Windows uses. */
const seen = (active) =>
  active !== null &&
  fs.existsSync(active.file) &&
  !active.file.startsWith('\\\\?\\') &&
  active.outcome

module.exports = { spelled }
