'use strict'
// Finds and undoes an interrupted repair of a project. The journal in the user's state directory
// proves the repair. A journal in the project may have come with the project. It counts only after
// the user has seen its changes and agreed.

const fs = require('node:fs')
const path = require('node:path')
const { Backup } = require('./backup.js')
const { JOURNAL, failure, foldersIn, read, running } = require('./journal.js')
const { isSameFile, statsOf } = require('./files.js')
const { endLeftOver, isAlive } = require('./processes.js')
const { lock, stateOf, unlock } = require('./state.js')

/**
 * @typedef {{ root: string, folder: string, state?: string, isProved: boolean, journal: object,
 *   changes: string[] }} Interrupted
 *   `changes`: the files and folders that the undo replaces or removes
 */

/**
 * Returns the interrupted repair of `root`, or `undefined`. Changes nothing.
 * @returns {Interrupted | undefined}
 * @throws ERR_REPAIR_RUNNING while that repair still runs, ERR_REPAIR_INTERRUPTED for a journal
 *   that can't be used
 */
function findInterrupted(root) {
  const state = stateOf(root)
  const journal = state && read(state, root, { proved: true })
  if (journal) {
    if (isAlive(journal.by)) throw running(root, path.join(state, JOURNAL), journal.by.pid)
    return {
      root,
      folder: journal.folder,
      state,
      isProved: true,
      journal,
      changes: changesOf(journal),
    }
  }
  for (const folder of foldersIn(root)) {
    const found = unproved(folder, root)
    if (!found) continue
    if (isAlive(found.by)) throw running(root, path.join(folder, JOURNAL), found.by.pid)
    return { root, folder, isProved: false, journal: found, changes: changesOf(found) }
  }
  return undefined
}

/** The journal in a backup folder of the project, if all of its entries are allowed. */
function unproved(folder, root) {
  try {
    const journal = read(folder, root)
    return journal?.folder === folder && journal.refused.length === 0 ? journal : undefined
  } catch {
    // The folder may contain anything. It isn't changed.
    return undefined
  }
}

function changesOf({ entries, done }) {
  if (done) return []
  const isChange = ({ original, copy }) =>
    copy === null ? statsOf(original) : statsOf(copy) && !isSameFile(copy, original)
  return entries.filter(isChange).map(({ original }) => original)
}

/**
 * Undoes an interrupted repair.
 * @param {Interrupted} interrupted
 * @throws ERR_REPAIR_RUNNING while another process undoes it, ERR_REPAIR_INTERRUPTED if an entry
 *   can't be restored
 */
function undo({ root, folder, isProved, journal: shown }) {
  const state = stateOf(root, { make: true })
  if (state) lock(state, (file, pid) => running(root, file, pid))
  try {
    const journal = isProved ? state && read(state, root, { proved: true }) : unproved(folder, root)
    // Another process has undone the repair in the meantime.
    if (!journal || journal.folder !== folder) return
    if (isAlive(journal.by))
      throw running(root, path.join(state ?? folder, JOURNAL), journal.by.pid)
    // The user agreed only to the journal that was shown.
    if (shown && JSON.stringify(shown) !== JSON.stringify(journal))
      throw failure(
        'ERR_REPAIR_INTERRUPTED',
        `the journal in ${folder} has changed: run abi-guard fix again`,
      )
    // Only a journal in the user's own state directory may end a process.
    if (isProved) endLeftOver(journal.running, path.basename(folder))
    putBackAll(
      journal,
      new Backup(root, folder, { state: isProved ? state : undefined, entries: journal.entries }),
    )
  } finally {
    if (state) unlock(state)
  }
}

/**
 * Undoes the repair of a killed guardian, in the process that started it.
 * @param {{ by: import('./processes.js').Identity, folder?: string }} guardian `folder`: the backup
 *   that it named
 */
function undoOwn(root, { by, folder }) {
  const isOwn = (journal) => journal && (journal.folder === folder || isSameProcess(journal.by, by))
  const state = stateOf(root)
  const proved = state && read(state, root, { proved: true })
  if (isOwn(proved)) return undo({ root, folder: proved.folder, isProved: true })
  const own = foldersIn(root).find((place) => isOwn(unproved(place, root)))
  if (own) return undo({ root, folder: own, isProved: false })
  tidy(root)
}

const isSameProcess = (one, other) =>
  Boolean(one?.since) && one.pid === other.pid && one.since === other.since

/** Removes the lock of a repair that ended before it wrote a journal. */
function tidy(root) {
  const state = stateOf(root)
  if (!state || fs.existsSync(path.join(state, JOURNAL))) return
  try {
    lock(state, (file, pid) => running(root, file, pid))
    unlock(state)
  } catch {
    // Another repair has just started.
  }
}

function putBackAll(journal, backup) {
  if (!journal.done) {
    // From here on, this process works on the project.
    if (fs.existsSync(backup.folder)) backup.note()
    backup.restore()
    const [refused] = journal.refused.filter(({ copy }) => copy && fs.existsSync(copy))
    if (refused)
      throw failure(
        'ERR_REPAIR_INTERRUPTED',
        `an interrupted repair left ${refused.copy} as the backup of ${refused.original}: ` +
          `if that is right, move it there; then remove ${backup.folder}`,
      )
  }
  // Remove temporary files. They exist if the project is on several file systems.
  const name = path.basename(backup.folder)
  for (const place of [
    path.join(backup.root, 'node_modules'),
    ...backup.entries.map(({ original }) => original),
  ])
    if (statsOf(path.join(place, name))?.isFile()) fs.rmSync(path.join(place, name))
  backup.discard()
}

module.exports = { findInterrupted, tidy, undo, undoOwn }
