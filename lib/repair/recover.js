'use strict'
// Finds what an interrupted repair of a project left, and undoes it. The journal in the user's
// state directory proves it; one that lies in the project may have come with it, and counts only
// where the user has seen what it would do, and agreed.

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
 *   `changes`: the files and folders that undoing it replaces or removes
 */

/**
 * What an interrupted repair of `root` left; undefined where there is none. Nothing is changed.
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

/** The journal that lies in a folder of the project, where all of it is what a repair writes. */
function unproved(folder, root) {
  try {
    const journal = read(folder, root)
    return journal?.folder === folder && journal.refused.length === 0 ? journal : undefined
  } catch {
    // Anything may lie there; it isn't touched.
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
 * @throws ERR_REPAIR_RUNNING while another process does, ERR_REPAIR_INTERRUPTED where something
 *   can't be put back
 */
function undo({ root, folder, isProved, journal: shown }) {
  const state = stateOf(root, { make: true })
  if (state) lock(state, (file, pid) => running(root, file, pid))
  try {
    const journal = isProved ? state && read(state, root, { proved: true }) : unproved(folder, root)
    // Another process has undone it in the meantime.
    if (!journal || journal.folder !== folder) return
    if (isAlive(journal.by))
      throw running(root, path.join(state ?? folder, JOURNAL), journal.by.pid)
    // The user agreed to what was shown.
    if (shown && JSON.stringify(shown) !== JSON.stringify(journal))
      throw failure(
        'ERR_REPAIR_INTERRUPTED',
        `the journal in ${folder} has changed: run abi-guard fix again`,
      )
    // Only what stands in the user's own state ends any process.
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
 * Undoes the repair of a guardian that was ended by force, in the process that started it.
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

/** Removes what a repair left in the state directory that ended before it began. */
function tidy(root) {
  const state = stateOf(root)
  if (!state || fs.existsSync(path.join(state, JOURNAL))) return
  try {
    lock(state, (file, pid) => running(root, file, pid))
    unlock(state)
  } catch {
    // Another repair begins.
  }
}

function putBackAll(journal, backup) {
  if (!journal.done) {
    // From here on it is this process that works on the project.
    if (fs.existsSync(backup.folder)) backup.note()
    backup.restore()
    const [refused] = journal.refused.filter(({ copy }) => copy && fs.existsSync(copy))
    if (refused)
      throw failure(
        'ERR_REPAIR_INTERRUPTED',
        `an interrupted repair left ${refused.copy}, which belongs to ${refused.original}: ` +
          `move it there if that is so, and remove ${backup.folder}`,
      )
  }
  // A file of a moment, where the project lies on several file systems.
  const name = path.basename(backup.folder)
  for (const place of [
    path.join(backup.root, 'node_modules'),
    ...backup.entries.map(({ original }) => original),
  ])
    if (statsOf(path.join(place, name))?.isFile()) fs.rmSync(path.join(place, name))
  backup.discard()
}

module.exports = { findInterrupted, tidy, undo, undoOwn }
