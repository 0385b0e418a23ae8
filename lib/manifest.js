'use strict'
// Reads the package.json of the app at its start.

const fs = require('node:fs')
const path = require('node:path')

/** The maximum length of a package.json in bytes. The core has the same limit. */
const LONGEST = 2 ** 20

/** The last file that was read: each start needs it twice. */
let last = {}

/**
 * The value in the package.json of a folder. `readText` of files.js also protects from a file that
 * is replaced meanwhile, and takes 0.7 ms longer: a start that uses a function of Node.js for the
 * first time waits until it is compiled, and Node.js has used these two itself.
 * @throws if it isn't a regular file, too long, or not JSON, and the errors of the system
 */
function readManifest(folder) {
  const file = path.join(folder, 'package.json')
  const stats = fs.statSync(file)
  const { ino, size, mtimeMs, ctimeMs } = stats
  const state = `${ino} ${size} ${mtimeMs} ${ctimeMs}`
  if (last.file === file && last.state === state) return last.value
  if (!stats.isFile() || size > LONGEST) throw new Error(`${file} can't be read`)
  // biome-ignore lint/plugin: its kind is known, and Node.js reads the app's own in this way
  const value = JSON.parse(fs.readFileSync(file, 'utf8'))
  last = { file, state, value }
  return value
}

module.exports = { readManifest }
