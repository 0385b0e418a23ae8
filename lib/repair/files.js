'use strict'
// Copies of files and folders, and how they go back to where they came from.

const fs = require('node:fs')
const path = require('node:path')

/** Copies a file or a folder. */
function copyWhole(from, to) {
  // Clones where the file system can; symbolic links stay what they are.
  fs.cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: fs.constants.COPYFILE_FICLONE,
  })
}

/** The same, of files that are replaced and removed, but not written to: each is a second name for the same content where it can. */
function linkWhole(from, to) {
  fs.mkdirSync(to, { recursive: true })
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) linkWhole(source, copy)
    // Managers write into what they note down; one of their files is no package's.
    else if (entry.isFile() && !entry.name.startsWith('.')) linkFile(source, copy)
    else if (entry.isFile()) copyWhole(source, copy)
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), copy)
  }
  fs.chmodSync(to, fs.statSync(from).mode)
}

function linkFile(source, copy) {
  try {
    fs.linkSync(source, copy)
  } catch {
    // Another file system, or one without links.
    copyWhole(source, copy)
  }
}

/** Moves a copy back to where it came from. A file goes over the old one in one step. */
function putBack(original, copy, away) {
  fs.mkdirSync(path.dirname(original), { recursive: true })
  try {
    const isFolder = fs.lstatSync(copy).isDirectory()
    if (isFolder && fs.lstatSync(original, { throwIfNoEntry: false })) {
      fs.rmSync(away, { recursive: true, force: true })
      fs.renameSync(original, away)
    }
    fs.renameSync(copy, original)
  } catch (error) {
    // It is on another file system, or one is mounted there, as containers do with node_modules.
    if (!['EXDEV', 'EBUSY'].includes(error.code)) throw error
    empty(original)
    copyWhole(copy, original)
    fs.rmSync(copy, { recursive: true, force: true })
  }
}

/** Removes a file, or what is in a folder. */
function empty(place) {
  const stats = fs.lstatSync(place, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return fs.rmSync(place, { force: true })
  for (const name of fs.readdirSync(place))
    fs.rmSync(path.join(place, name), { recursive: true, force: true })
}

/** Names of the packages in `copy`, a kept node_modules, that aren't in `tree` any more. */
function vanished(tree, copy) {
  const names = list(copy).flatMap((name) =>
    name.startsWith('@') ? list(path.join(copy, name)).map((inner) => path.join(name, inner)) : [name],
  )
  const isGone = (name) => !fs.lstatSync(path.join(tree, name), { throwIfNoEntry: false })
  return names.filter((name) => isGone(name) && isWhole(path.join(copy, name), path.join(tree, name)))
}

/** False for a link to what is gone too. */
function isWhole(copy, original) {
  if (!fs.lstatSync(copy).isSymbolicLink()) return true
  return fs.existsSync(path.resolve(path.dirname(original), fs.readlinkSync(copy)))
}

/** What is in a folder, but for what managers keep there for themselves. */
function list(folder) {
  return fs.readdirSync(folder).filter((name) => !name.startsWith('.'))
}

module.exports = { copyWhole, linkWhole, putBack, vanished }
