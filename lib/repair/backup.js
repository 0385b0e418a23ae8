'use strict'
// Keeps what a repair may replace, until the new one is proved. A backup is complete before anything is touched, and a journal in it
// says what goes where, so that whoever comes next can put it back when the one who made it is gone.

const fs = require('node:fs')
const path = require('node:path')
const { stopGroup } = require('./commands.js')

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
  }

  /**
   * Copies `folders`, and the files of the project that installing changes.
   * @throws ERR_REPAIR_RUNNING while another repair works on the project
   */
  static create(root, folders) {
    const folder = path.join(root, FOLDER)
    take(folder)
    try {
      fs.writeFileSync(path.join(folder, '.gitignore'), '*\n')
      const files = FILES.map((name) => path.join(root, name))
      const entries = []
      for (const original of [...new Set([...folders, ...files])]) {
        const stats = fs.lstatSync(original, { throwIfNoEntry: false })
        const copy = path.join(folder, String(entries.length))
        // What isn't there is to be gone again afterwards, if it is a file.
        if (stats) copyWhole(original, copy)
        if (stats || files.includes(original)) entries.push({ original, copy: stats ? copy : null })
      }
      const backup = new Backup(root, entries)
      backup.note()
      return backup
    } catch (error) {
      fs.rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** Writes the journal, whole or not at all; `running` is the process that changes the project just now. */
  note(running) {
    const file = path.join(this.folder, JOURNAL)
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

  /** Puts back everything, or what `isWanted` (original path → boolean) picks. */
  restore(isWanted = () => true) {
    for (const { original, copy } of this.entries) {
      if (!isWanted(original)) continue
      if (copy === null) fs.rmSync(original, { force: true })
      else if (fs.existsSync(copy)) putBack(original, copy, path.join(this.folder, 'replaced'))
    }
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
    if (!fs.existsSync(folder)) return false
    const journal = journalIn(folder)
    if (journal?.by && isAlive(journal.by)) throw running(root)
    // What a guardian left running when it was ended by force; only where the number is surely still that of this process.
    if (journal?.running?.since && isAlive(journal.running)) stopGroup(journal.running.pid)
    const entries = (journal?.entries ?? []).filter(
      ({ copy }) => copy === null || path.dirname(copy) === folder,
    )
    const backup = new Backup(root, entries)
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

function take(folder) {
  try {
    fs.mkdirSync(folder)
  } catch (error) {
    if (error.code === 'EEXIST') throw running(path.dirname(folder))
    throw error
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

function copyWhole(from, to) {
  // Clones where the file system can; symbolic links stay what they are.
  fs.cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: fs.constants.COPYFILE_FICLONE,
  })
}

/** Moves a copy back to where it came from. A file goes over the old one in one step. */
function putBack(original, copy, away) {
  fs.mkdirSync(path.dirname(original), { recursive: true })
  if (fs.statSync(copy).isFile()) return fs.renameSync(copy, original)
  if (fs.existsSync(original)) {
    fs.rmSync(away, { recursive: true, force: true })
    fs.renameSync(original, away)
  }
  fs.renameSync(copy, original)
}

module.exports = { Backup, failure }
