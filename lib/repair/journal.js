'use strict'
// The journal of a repair: the files in the backup, where they belong, and which process works on
// them. One copy is in the user's state directory and is trusted. Another copy is in the backup, in
// the project. It is only shown to the user, who decides whether it is true.

const fs = require('node:fs')
const path = require('node:path')
const { randomBytes } = require('node:crypto')
const native = require('../native.js')
const { readText } = require('../files.js')
const { unwrap } = require('../request.js')
const { statsOf } = require('./files.js')

const JOURNAL = 'journal.json'

/**
 * The name of a backup folder in the project's root. It is on the same file system, so that files
 * can be restored by renaming.
 */
const PREFIX = '.abi-guard-repair-'
const FOLDER = /^\.abi-guard-repair-[0-9a-f]{32}$/

/**
 * The maximum length of a journal in bytes. An entry has about 300 bytes, and a repair keeps at
 * most some thousand packages.
 */
const LIMIT = 4 << 20

/** Creates an error with a code and a message for the user. */
function failure(code, message) {
  return Object.assign(new Error(message), { code })
}

/** The error for a second repair at the same time. */
function running(root, file, pid) {
  const process = pid ? ` (process ${pid})` : ''
  return failure(
    'ERR_REPAIR_RUNNING',
    `another repair of ${root} is running${process}: wait for it to end; if none runs, ` +
      `remove ${file}`,
  )
}

/** A random path for a new folder in a project's root. */
const newFolder = (root) => path.join(root, PREFIX + randomBytes(16).toString('hex'))

/** The folders in a project's root that look like backups. */
function foldersIn(root) {
  return fs
    .readdirSync(root)
    .filter((name) => FOLDER.test(name))
    .map((name) => path.join(root, name))
    .filter((folder) => statsOf(folder)?.isDirectory())
}

/**
 * For each place, whether a repair may back it up, replace it and remove it. Planning, backup and
 * restore all use this answer.
 */
const mayReplace = (root, places) => unwrap(native.mayReplace(root, places))

/**
 * Writes a journal completely, or not at all.
 * @param {string} folder
 * @param {object} journal
 */
function write(folder, journal) {
  const file = path.join(folder, JOURNAL)
  // A new random name: an existing file could be a link.
  const fresh = `${file}.${randomBytes(8).toString('hex')}`
  const descriptor = fs.openSync(fresh, 'wx', 0o600)
  try {
    fs.writeFileSync(descriptor, JSON.stringify({ version: 1, ...journal }))
    fs.fsyncSync(descriptor)
  } catch (error) {
    fs.rmSync(fresh, { force: true })
    throw error
  } finally {
    fs.closeSync(descriptor)
  }
  fs.renameSync(fresh, file)
}

/**
 * Reads the journal in a folder. Checks its form, that it belongs to `root`, and that it names only
 * places that a repair may change.
 * @param {{ proved?: boolean }} how `proved`: the folder is in the user's state directory
 * @returns {{ root: string, folder: string, by: object, running?: object, done: boolean, entries:
 * object[], refused: object[] } | undefined} `refused`: entries that a repair must not restore
 * @throws ERR_REPAIR_INTERRUPTED if the file isn't a valid journal
 */
function read(folder, root, { proved = false } = {}) {
  const file = path.join(folder, JOURNAL)
  if (!statsOf(file)) return undefined
  try {
    const journal = JSON.parse(readText(file, LIMIT, { follow: false }))
    const { entries, by, running, done } = journal
    const isMeant =
      journal.version === 1 && journal.root === root && path.dirname(journal.folder) === root
    if (!isMeant || !FOLDER.test(path.basename(journal.folder)))
      throw new Error('it belongs to another project')
    const isEntry = ({ original, copy }) => isOriginal(original) && isCopy(copy, journal.folder)
    if (!Array.isArray(entries) || !entries.every(isEntry))
      throw new Error('one of its entries is malformed')
    const answers = mayReplace(
      root,
      entries.map(({ original }) => original),
    )
    // Without the backup folder nothing can be restored, and nothing is removed.
    const isThere = statsOf(journal.folder)?.isDirectory() ?? false
    const isAllowed = (entry, index) => answers[index] && (proved || isKept(entry))
    return {
      root,
      folder: journal.folder,
      by,
      running,
      done: done === true,
      entries: (isThere ? entries : [])
        .filter(isAllowed)
        .map(({ original, copy, isTree }) => ({ original, copy, isTree: isTree === true })),
      refused: entries.filter((entry, index) => !isAllowed(entry, index)),
    }
  } catch (error) {
    const message =
      `the journal of a repair, ${file}, can't be used (${error.message}): if no ` +
      `repair runs, remove it`
    throw failure('ERR_REPAIR_INTERRUPTED', message)
  }
}

const isOriginal = (file) =>
  typeof file === 'string' && path.isAbsolute(file) && path.resolve(file) === file

const isCopy = (copy, folder) =>
  copy === null ||
  (typeof copy === 'string' && path.dirname(copy) === folder && /^\d+$/.test(path.basename(copy)))

/** False for a copy that is a link or a device. */
function isKept({ copy }) {
  const stats = copy === null ? undefined : statsOf(copy)
  return !stats || stats.isFile() || stats.isDirectory()
}

module.exports = { JOURNAL, failure, foldersIn, mayReplace, newFolder, read, running, write }
