'use strict'
// The backup of a repair: everything that the repair may replace, until the new files load. The
// backup is complete before any file is changed. A journal records where each file belongs, so that
// another process can restore the files if this one has ended.

const fs = require('node:fs')
const path = require('node:path')
const native = require('../native.js')
const { unwrap } = require('../request.js')
const {
  Keeper,
  copyFile,
  isSameFile,
  linkWhole,
  putBack,
  removeWhole,
  statsOf,
  vanished,
} = require('./files.js')
const {
  JOURNAL,
  failure,
  foldersIn,
  mayReplace,
  newFolder,
  read,
  running,
  write,
} = require('./journal.js')
const { identityOf, isAlive, pause } = require('./processes.js')
const { lock, stateOf, unlock } = require('./state.js')

class Backup {
  /**
   * @param {string} root the root of the installation, in the core's form
   * @param {string} folder the backup, in the root
   * @param {{ state?: string, entries?: object[] }} how `state`: the folder in the user's state
   *   directory, if there is one
   */
  constructor(root, folder, { state, entries = [] } = {}) {
    this.root = root
    this.folder = folder
    this.state = state
    this.entries = entries
    this.count = 0
    this.isDone = false
    /** Entries of trees that are now equal to their backup. */
    this.spare = []
    this.keeper = new Keeper(folder)
  }

  /**
   * Creates a backup of `places`, and of the project files that an installation changes.
   * @throws ERR_REPAIR_RUNNING while another repair of the project runs
   */
  static create(root, places) {
    const backup = Backup.begin(root)
    try {
      const { files } = unwrap(native.installation(root))
      const isOpen = mayReplace(root, places)
      const closed = places.find((_, index) => !isOpen[index])
      // A repair that can't be undone must not start.
      if (closed)
        throw failure(
          'ERR_REPAIR_IMPOSSIBLE',
          `${closed} can't be restored by a repair: fix this package by hand`,
        )
      for (const place of new Set(places)) {
        if (!statsOf(place)) continue
        fs.accessSync(path.dirname(place), fs.constants.W_OK)
        backup.keeper.keep(place, backup.place(place))
      }
      for (const file of new Set(files)) {
        const stats = statsOf(file)
        if (stats?.isFile()) copyFile(file, backup.place(file))
        // A file that doesn't exist must not exist after an undo.
        if (!stats) backup.entries.push({ original: file, copy: null })
      }
      backup.note()
      return backup
    } catch (error) {
      backup.discard()
      throw error
    }
  }

  /**
   * Creates an empty backup with its journal. Of two repairs at the same time, only one succeeds.
   */
  static begin(root) {
    const state = stateOf(root, { make: true })
    if (state) lock(state, (file, pid) => running(root, file, pid))
    try {
      if (state && read(state, root, { proved: true }))
        throw failure(
          'ERR_REPAIR_INTERRUPTED',
          `another repair of ${root} was interrupted: run abi-guard fix again`,
        )
      const backup = new Backup(root, newFolder(root), { state })
      // The journal in the state directory is written first. It names a folder that doesn't exist
      // yet.
      if (state) write(state, backup.journal())
      try {
        fs.mkdirSync(backup.folder, { mode: 0o700 })
        fs.writeFileSync(path.join(backup.folder, '.gitignore'), '*\n')
        write(backup.folder, backup.journal())
        refuseOthers(root, backup.folder)
        return backup
      } catch (error) {
        backup.discard()
        throw error
      }
    } catch (error) {
      if (state) unlock(state)
      throw error
    }
  }

  /** Adds an entry and returns the path of its copy. */
  place(original, { isTree = false } = {}) {
    const copy = path.join(this.folder, String(this.count++))
    // A tree is restored first, then the places inside of it.
    if (isTree) this.entries.unshift({ original, copy, isTree })
    else this.entries.push({ original, copy })
    return copy
  }

  /**
   * Adds whole trees of packages to the backup, before a step that may change or remove packages in
   * them.
   * @returns {object[]} their entries
   */
  keepTrees(trees) {
    const before = [...this.entries]
    const wanted = trees.filter((tree) => !this.spare.some(({ original }) => original === tree))
    try {
      for (const tree of wanted)
        if (fs.existsSync(tree)) this.keeper.keep(tree, this.place(tree, { isTree: true }))
    } catch (error) {
      this.entries = before
      throw error
    }
    this.note()
    const kept = this.entries.filter(
      (entry) => !before.includes(entry) || this.spare.includes(entry),
    )
    this.spare = []
    return kept
  }

  /** Resets trees to their backup. The backup stays for the next attempt. */
  rewind(kept) {
    for (const { original, copy } of kept) this.keeper.reset(original, copy)
    this.spare = kept
  }

  /**
   * Restores packages that were removed but aren't in `broken`. Package managers remove packages
   * that nothing needs.
   */
  bringBack(broken) {
    for (const { original, copy, isTree } of this.entries)
      if (isTree)
        // The backup stays complete: everything may have to be restored later.
        for (const name of vanished(original, copy))
          if (!broken.includes(path.join(original, name)))
            linkWhole(path.join(copy, name), path.join(original, name))
  }

  /** The mark in the environment of the repair's commands. */
  get name() {
    return path.basename(this.folder)
  }

  /** The folder for replaced files. */
  get away() {
    return path.join(this.folder, 'replaced')
  }

  journal(child) {
    return {
      root: this.root,
      folder: this.folder,
      by: identityOf(process.pid),
      running: child && identityOf(child),
      done: this.isDone,
      entries: this.entries,
    }
  }

  /** Writes the journal. `child` is the process that changes the project now. */
  note(child) {
    const journal = this.journal(child)
    if (this.state) write(this.state, journal)
    write(this.folder, journal)
  }

  /**
   * Restores everything, or the entries that `isWanted` (original path → boolean) selects.
   * @throws ERR_REPAIR_INTERRUPTED if an entry can't be restored; its backup then remains
   */
  restore(isWanted = () => true) {
    let failed
    for (const entry of this.entries) {
      const { original, copy } = entry
      if (!isWanted(original)) continue
      try {
        if (copy === null) fs.rmSync(original, { force: true })
        else if (statsOf(copy) && !isSameFile(copy, original)) putBack(original, copy, this.away)
      } catch (error) {
        // One failed entry doesn't prevent the others.
        failed ??= { error, entry }
      }
    }
    if (!failed) return
    const { error, entry } = failed
    throw failure(
      'ERR_REPAIR_INTERRUPTED',
      `${entry.original} can't be restored (${error.message}): its backup is in ` +
        `${entry.copy ?? this.folder}; run abi-guard fix to try again`,
    )
  }

  /** Ends the repair and removes the backup. */
  discard() {
    this.isDone = true
    try {
      // From here on the journal must not cause a restore, because the backup becomes incomplete.
      if (this.state) write(this.state, this.journal())
      if (fs.existsSync(this.folder)) write(this.folder, this.journal())
    } catch (error) {
      // Without space on the disk, the journals are removed first.
      if (!['ENOSPC', 'EDQUOT'].includes(error.code)) throw error
      if (this.state) fs.rmSync(path.join(this.state, JOURNAL), { force: true })
      fs.rmSync(path.join(this.folder, JOURNAL), { force: true })
    }
    this.keeper.settle()
    removeFolder(this.folder)
    if (!this.state) return
    fs.rmSync(path.join(this.state, JOURNAL), { force: true })
    unlock(this.state)
  }
}

/** Removes a backup. The journal is removed last, because it describes the rest. */
function removeFolder(folder) {
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder))
    if (name !== JOURNAL) removeWhole(path.join(folder, name))
  removeWhole(folder)
}

/** How long a repair waits for another one that started at the same time, in milliseconds. */
const WAIT = 2000

/**
 * Refuses while a repair runs that another user, or a user without a state directory, started. Of
 * two that start at the same time, the one with the greater folder name gives up and the other one
 * waits for that.
 * @throws ERR_REPAIR_RUNNING
 */
function refuseOthers(root, own) {
  for (const start = Date.now(); ; pause()) {
    const others = foldersIn(root)
      .filter((folder) => folder !== own)
      .map((folder) => ({ folder, by: journalOf(folder, root)?.by }))
      .filter(({ by }) => isAlive(by))
    if (others.length === 0) return
    const first = others.find(({ folder }) => folder < own)
    if (first || Date.now() - start > WAIT) {
      const { folder, by } = first ?? others[0]
      throw running(root, path.join(folder, JOURNAL), by.pid)
    }
  }
}

function journalOf(folder, root) {
  try {
    return read(folder, root)
  } catch {
    return undefined
  }
}

module.exports = { Backup }
