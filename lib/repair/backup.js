'use strict'
// Keeps what a repair may replace, until the new one is proved. A backup is complete before anything is touched, and a journal in it
// says what goes where, so that whoever comes next can put it back when the one who made it is gone.

const fs = require('node:fs')
const path = require('node:path')
const { stopGroup } = require('./commands.js')
const { copyWhole, linkWhole, putBack, vanished } = require('./files.js')

/** The folder in the project's root; only one repair at a time can have it. */
const FOLDER = '.abi-guard-repair'
const JOURNAL = 'journal.json'

/** Files that installing changes. */
const FILES = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  '.yarnrc.yml',
  'bun.lock',
  'bun.lockb',
  '.pnp.cjs',
  '.pnp.loader.mjs',
  path.join('.yarn', 'install-state.gz'),
  path.join('.yarn', 'build-state.yml'),
  path.join('node_modules', '.package-lock.json'),
  path.join('node_modules', '.modules.yaml'),
  path.join('node_modules', '.yarn-integrity'),
  path.join('node_modules', '.yarn-state.yml'),
]

/** An error with a code, for people. */
function failure(code, message) {
  return Object.assign(new Error(message), { code })
}

class Backup {
  constructor(root, entries) {
    this.root = root
    this.folder = path.join(root, FOLDER)
    this.entries = entries
    this.count = 0
  }

  /**
   * Copies `folders`, and the files of the project that installing changes.
   * @throws ERR_REPAIR_RUNNING while another repair works on the project
   */
  static create(root, folders) {
    const backup = new Backup(root, [])
    backup.take()
    try {
      const files = FILES.map((name) => real(path.join(root, name)))
      for (const original of new Set([...folders, ...files])) {
        const isThere = fs.lstatSync(original, { throwIfNoEntry: false }) !== undefined
        // What isn't there is to be gone again afterwards, if it is a file.
        if (isThere) {
          // Better no repair than one that can't be undone.
          fs.accessSync(path.dirname(original), fs.constants.W_OK)
          copyWhole(original, backup.place(original))
        }
        if (!isThere && files.includes(original)) backup.entries.push({ original, copy: null })
      }
      backup.note()
      return backup
    } catch (error) {
      fs.rmSync(backup.folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Makes the folder, with a journal in it from the beginning: one without is left from long ago. */
  take() {
    const fresh = fs.mkdtempSync(`${this.folder}-`)
    try {
      fs.writeFileSync(path.join(fresh, '.gitignore'), '*\n')
      this.note(undefined, fresh)
      // Taken by who comes first: no folder goes over one that has something in it.
      fs.renameSync(fresh, this.folder)
    } catch (error) {
      fs.rmSync(fresh, { recursive: true, force: true })
      if (['EEXIST', 'ENOTEMPTY', 'EPERM', 'ENOTDIR'].includes(error.code) && fs.existsSync(this.folder))
        throw running(this.root)
      throw error
    }
  }

  /** A new entry's copy. */
  place(original, more = {}) {
    const copy = path.join(this.folder, String(this.count++))
    // What lies in something that is kept too goes back after it.
    if (more.isTree) this.entries.unshift({ original, copy, ...more })
    else this.entries.push({ original, copy })
    return copy
  }

  /**
   * Keeps whole trees of packages as well, before what may take any of them away. Their files are links to the same contents.
   * @returns {object[]} their entries
   */
  keepTrees(trees) {
    const before = [...this.entries]
    try {
      for (const tree of new Set(trees.map(real)))
        if (fs.existsSync(tree)) linkWhole(tree, this.place(tree, { isTree: true }))
    } catch (error) {
      this.entries = before
      throw error
    }
    this.note()
    return this.entries.filter((entry) => !before.includes(entry))
  }

  /** Puts back trees as they were when they were kept. */
  rewind(kept) {
    for (const { original, copy } of kept) putBack(original, copy, path.join(this.folder, 'replaced'))
    this.entries = this.entries.filter((entry) => !kept.includes(entry))
    this.note()
  }

  /** Puts back packages that were taken away although they are none of `broken`, as managers do that find nobody needs them. */
  bringBack(broken) {
    for (const { original, copy, isTree } of this.entries)
      if (isTree)
        for (const name of vanished(original, copy))
          if (!broken.includes(path.join(original, name)))
            putBack(path.join(original, name), path.join(copy, name), path.join(this.folder, 'replaced'))
  }

  /** Writes the journal, whole or not at all; `running` is the process that changes the project just now. */
  note(running, folder = this.folder) {
    const file = path.join(folder, JOURNAL)
    const known = (pid) => pid && { pid, since: startOf(pid) }
    const text = JSON.stringify({ by: known(process.pid), running: known(running), entries: this.entries })
    const descriptor = fs.openSync(`${file}.new`, 'w')
    try {
      fs.writeFileSync(descriptor, text)
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
    fs.renameSync(`${file}.new`, file)
  }

  /**
   * Puts back everything, or what `isWanted` (original path → boolean) picks.
   * @throws ERR_REPAIR_INTERRUPTED when something can't be put back; what was kept of it is still there then
   */
  restore(isWanted = () => true) {
    let failed
    for (const entry of this.entries) {
      const { original, copy } = entry
      if (!isWanted(original)) continue
      try {
        if (copy === null) fs.rmSync(original, { force: true })
        else if (fs.lstatSync(copy, { throwIfNoEntry: false }))
          putBack(original, copy, path.join(this.folder, 'replaced'))
      } catch (error) {
        // One that can't go back keeps no other from it.
        failed ??= { error, entry }
      }
    }
    if (!failed) return
    const { error, entry } = failed
    throw failure(
      'ERR_REPAIR_INTERRUPTED',
      `what was kept of ${entry.original} can't be put back (${error.message}): it is in ${this.folder}, and abi-guard fix tries again`,
    )
  }

  /** Ends the repair: what was kept isn't needed any more. */
  discard() {
    // The journal first: without it nobody puts anything back.
    fs.rmSync(path.join(this.folder, JOURNAL), { force: true })
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /**
   * Puts back what an interrupted repair of `root` left, and says whether there was any.
   * @throws ERR_REPAIR_RUNNING while that repair still runs, ERR_REPAIR_INTERRUPTED for what lies outside of the project
   */
  static recover(root) {
    const folder = path.join(root, FOLDER)
    // Only a folder is one of ours.
    if (!fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false
    const journal = journalIn(folder)
    if (journal?.by && isAlive(journal.by)) throw running(root)
    // What a guardian left running when it was ended by force; only where the number is surely still that of this process.
    if (journal?.running?.since && isAlive(journal.running)) stopGroup(journal.running.pid)
    const entries = (journal?.entries ?? []).filter(
      ({ copy }) => copy === null || path.dirname(copy) === folder,
    )
    const backup = new Backup(root, entries)
    // From here on it is this process that works on the project.
    if (journal) backup.note()
    // The journal lies in the project, and may have come with it: of itself it gets no say about what lies elsewhere.
    backup.restore((original) => isInside(root, original))
    const elsewhere = entries.find(({ original, copy }) => copy && !isInside(root, original))
    if (elsewhere) {
      const { original, copy } = elsewhere
      throw failure(
        'ERR_REPAIR_INTERRUPTED',
        `an interrupted repair left ${copy}, which belongs to ${original}: move it there if that is so, and remove ${folder}`,
      )
    }
    backup.discard()
    return journal !== undefined
  }
}

/** True for a path in the project, links followed. */
function isInside(root, file) {
  try {
    const relative = path.relative(fs.realpathSync(root), fs.realpathSync(nearest(path.dirname(file))))
    return !relative.startsWith('..') && !path.isAbsolute(relative)
  } catch {
    return false
  }
}

/** The innermost folder on the way to `folder` that is there. */
function nearest(folder) {
  return fs.existsSync(folder) || folder === path.dirname(folder) ? folder : nearest(path.dirname(folder))
}

function running(root) {
  return failure('ERR_REPAIR_RUNNING', `another repair of ${root} is running: wait for it to end`)
}

/** Where a file lies, links followed; of one that isn't there, where it would be. */
function real(file) {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

function journalIn(folder) {
  try {
    const journal = JSON.parse(fs.readFileSync(path.join(folder, JOURNAL), 'utf8'))
    const isPath = (value) => typeof value === 'string' && path.isAbsolute(value)
    const isEntry = ({ original, copy }) => isPath(original) && (copy === null || isPath(copy))
    return Array.isArray(journal.entries) && journal.entries.every(isEntry) ? journal : undefined
  } catch {
    // Without one nothing was touched yet, or everything was proved already.
    return undefined
  }
}

/** True for a process that runs, and is no other one that was given its number since. */
function isAlive({ pid, since }) {
  if (since !== undefined) return startOf(pid) === since
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** When a process started, in the kernel's ticks; Linux only. Undefined for one that has ended, and waits to be noticed. */
function startOf(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

module.exports = { Backup, failure }
