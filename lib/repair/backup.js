'use strict'
// Keeps what a repair may replace, until the new files are proved to load. A backup is complete
// before anything is touched, and a journal says what goes where, so that another process can put
// it back when the one that made it has ended.

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
const { identityOf, isAlive } = require('./processes.js')
const { lock, stateOf, unlock } = require('./state.js')

class Backup {
  /**
   * @param {string} root the root of the installation, as the core names it
   * @param {string} folder the backup, in the root
   * @param {{ state?: string, entries?: object[] }} how `state`: the folder in the user's state
   *   directory, where there is one
   */
  constructor(root, folder, { state, entries = [] } = {}) {
    this.root = root
    this.folder = folder
    this.state = state
    this.entries = entries
    this.count = 0
    this.isDone = false
    /** Entries of trees that are at the moment what they were when they were kept. */
    this.spare = []
    this.keeper = new Keeper(folder)
  }

  /**
   * Keeps `places`, and the files of the project that installing changes.
   * @throws ERR_REPAIR_RUNNING while another repair works on the project
   */
  static create(root, places) {
    const backup = Backup.begin(root)
    try {
      const { files } = unwrap(native.installation(root))
      const isOpen = mayReplace(root, places)
      const closed = places.find((_, index) => !isOpen[index])
      // Better no repair than one that can't be undone.
      if (closed)
        throw failure(
          'ERR_REPAIR_IMPOSSIBLE',
          `${closed} isn't a place that a repair can put back: see to it by hand`,
        )
      for (const place of new Set(places)) {
        if (!statsOf(place)) continue
        fs.accessSync(path.dirname(place), fs.constants.W_OK)
        backup.keeper.keep(place, backup.place(place))
      }
      for (const file of new Set(files)) {
        const stats = statsOf(file)
        if (stats?.isFile()) copyFile(file, backup.place(file))
        // What isn't there is to be gone again afterwards.
        if (!stats) backup.entries.push({ original: file, copy: null })
      }
      backup.note()
      return backup
    } catch (error) {
      backup.discard()
      throw error
    }
  }

  /** An empty backup, its journal written: of two repairs at once only one gets it. */
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
      // The journal in the state directory comes first, and names a folder that isn't there yet.
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

  /** A new entry's copy. */
  place(original, { isTree = false } = {}) {
    const copy = path.join(this.folder, String(this.count++))
    // What lies in something that is kept too goes back after it.
    if (isTree) this.entries.unshift({ original, copy, isTree })
    else this.entries.push({ original, copy })
    return copy
  }

  /**
   * Keeps whole trees of packages as well, before what may take any of them away or write into
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

  /**
   * Makes trees what they were when they were kept; what is kept of them serves the next attempt as
   * well.
   */
  rewind(kept) {
    for (const { original, copy } of kept) this.keeper.reset(original, copy)
    this.spare = kept
  }

  /**
   * Puts back packages that were taken away although they are none of `broken`, as managers do with
   * what nothing needs.
   */
  bringBack(broken) {
    for (const { original, copy, isTree } of this.entries)
      if (isTree)
        // The kept files stay where they are: all of it may have to go back yet.
        for (const name of vanished(original, copy))
          if (!broken.includes(path.join(original, name)))
            linkWhole(path.join(copy, name), path.join(original, name))
  }

  /** What the commands of the repair are marked with. */
  get name() {
    return path.basename(this.folder)
  }

  /** Where what is replaced goes. */
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

  /** Writes the journal; `child` is the process that changes the project just now. */
  note(child) {
    const journal = this.journal(child)
    if (this.state) write(this.state, journal)
    write(this.folder, journal)
  }

  /**
   * Puts back everything, or what `isWanted` (original path → boolean) picks.
   * @throws ERR_REPAIR_INTERRUPTED when something can't be put back; what was kept of it is still
   *   there then
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
        // One that can't go back keeps no other from it.
        failed ??= { error, entry }
      }
    }
    if (!failed) return
    const { error, entry } = failed
    throw failure(
      'ERR_REPAIR_INTERRUPTED',
      `what was kept of ${entry.original} can't be put back (${error.message}): it is in ` +
        `${entry.copy ?? this.folder}, and abi-guard fix tries again`,
    )
  }

  /** Ends the repair: what was kept isn't needed any more. */
  discard() {
    this.isDone = true
    try {
      // From here on nothing is put back because of the journal: what is kept becomes incomplete.
      if (this.state) write(this.state, this.journal())
      if (fs.existsSync(this.folder)) write(this.folder, this.journal())
    } catch (error) {
      // Without space for that, the journals go first.
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

/** Removes a backup, its journal last, which says what the rest is. */
function removeFolder(folder) {
  if (!fs.existsSync(folder)) return
  for (const name of fs.readdirSync(folder))
    if (name !== JOURNAL) removeWhole(path.join(folder, name))
  removeWhole(folder)
}

/**
 * @throws ERR_REPAIR_RUNNING while a repair runs that another user, or one without a state
 *   directory, began
 */
function refuseOthers(root, own) {
  for (const folder of foldersIn(root)) {
    if (folder === own) continue
    const by = journalOf(folder, root)?.by
    if (isAlive(by)) throw running(root, path.join(folder, JOURNAL), by.pid)
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
