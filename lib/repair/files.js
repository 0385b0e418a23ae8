'use strict'
// Copies of files and folders, and how they go back to where they came from.

const fs = require('node:fs')
const path = require('node:path')
const { readBytes } = require('../files.js')

/** About what lies at a path, a link not followed; undefined where nothing does. */
function statsOf(file, how) {
  try {
    return fs.lstatSync(file, how)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(error.code)) return undefined
    throw error
  }
}

/** Copies a file, a link or a folder. */
function copyWhole(from, to) {
  // Clones where the file system can; symbolic links stay what they are.
  fs.cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: fs.constants.COPYFILE_FICLONE,
  })
}

/** Copies a file with its owner, its mode and its times. */
function copyFile(from, to) {
  const stats = fs.lstatSync(from)
  fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE)
  try {
    // Only the superuser has files of others to copy.
    if (process.getuid?.() === 0) fs.lchownSync(to, stats.uid, stats.gid)
  } catch {
    // A file system without owners.
  }
  fs.utimesSync(to, stats.atimeMs / 1000, stats.mtimeMs / 1000)
}

/**
 * Keeps files as they are, and has the commands work on copies. The original takes a second name in
 * the backup, and a copy of it takes its place: what a script writes reaches neither the backup nor
 * any other name of the original, in a store or in another project.
 */
class Keeper {
  /** @param {string} folder the backup, for the files of a moment */
  constructor(folder) {
    this.temporary = path.join(folder, 'copy')
    /**
     * Where the file system of the originals is another one, the file of a moment lies among them
     * under this name.
     */
    this.name = path.basename(folder)
    /**
     * @type {Map<string, { identity: string, kept: string }>} copies in use: path → what it was
     *   when it was made, and its original
     */
    this.copies = new Map()
  }

  /** Keeps a file, a link or a folder as `to`; `top` is the outermost folder that is kept. */
  keep(from, to, top = from) {
    const stats = fs.lstatSync(from)
    if (stats.isSymbolicLink()) keepLink(from, to, stats)
    else if (stats.isFile()) this.keepFile(from, to, top)
    else if (stats.isDirectory()) {
      refuseReadOnly(from)
      fs.mkdirSync(to)
      for (const name of fs.readdirSync(from))
        this.keep(path.join(from, name), path.join(to, name), top)
      for (const folder of [from, to]) like(folder, stats)
    }
  }

  keepFile(from, to, top) {
    const known = this.copies.get(from)
    // It is a copy that nothing has written to since: its contents are those of its original, and
    // it is no one else's.
    if (known && known.identity === identityOf(from) && link(known.kept, to)) return
    if (!link(from, to)) return this.keepCopy(from, to, top)
    try {
      copyFile(from, this.temporary)
      fs.renameSync(this.temporary, from)
    } catch (error) {
      fs.rmSync(this.temporary, { force: true })
      fs.rmSync(to)
      // No space, for example.
      if (!['EPERM', 'EACCES', 'EBUSY', 'EXDEV'].includes(error.code)) throw error
      return this.keepCopy(from, to, top)
    }
    this.copies.set(from, { identity: identityOf(from), kept: to })
  }

  /**
   * Keeps a copy, where the original can't have a second name in the backup: it is on another file
   * system, or of another user.
   */
  keepCopy(from, to, top) {
    copyFile(from, to)
    if (fs.lstatSync(from).nlink < 2) return
    const fresh = path.join(top === from ? path.dirname(from) : top, this.name)
    try {
      copyFile(from, fresh)
      fs.renameSync(fresh, from)
    } catch (error) {
      fs.rmSync(fresh, { force: true })
      // Windows replaces no file that a program has open, and lets no other program write to it
      // either.
      if (process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(error.code)) return
      throw error
    }
  }

  /**
   * Makes a place in use what it was when it was kept, without taking the originals out of the
   * backup.
   */
  reset(place, kept) {
    const [now, then] = [statsOf(place), fs.lstatSync(kept)]
    if (then.isDirectory()) {
      if (now && !now.isDirectory()) fs.rmSync(place)
      if (now?.isDirectory()) fs.chmodSync(place, then.mode)
      else fs.mkdirSync(place)
      const names = new Set(fs.readdirSync(kept))
      for (const name of fs.readdirSync(place))
        if (!names.has(name)) removeWhole(path.join(place, name))
      for (const name of names) this.reset(path.join(place, name), path.join(kept, name))
      like(place, then)
    } else if (then.isSymbolicLink()) {
      if (now?.isSymbolicLink() && fs.readlinkSync(place) === fs.readlinkSync(kept)) return
      removeWhole(place)
      keepLink(kept, place, then)
    } else if (!this.isUnchanged(place, kept)) {
      if (now?.isDirectory()) removeWhole(place)
      this.copyOver(kept, place)
    }
  }

  isUnchanged(place, kept) {
    const known = this.copies.get(place)
    return known ? known.identity === identityOf(place) : isSameFile(place, kept)
  }

  copyOver(kept, place) {
    const beside = path.join(path.dirname(place), this.name)
    for (const fresh of [this.temporary, beside]) {
      try {
        copyFile(kept, fresh)
        fs.renameSync(fresh, place)
        this.copies.set(place, { identity: identityOf(place), kept })
        return
      } catch (error) {
        fs.rmSync(fresh, { force: true })
        if (error.code !== 'EXDEV' || fresh === beside) throw error
      }
    }
  }

  /**
   * Gives the originals their places back where the copies are what they were, so that nothing has
   * changed there.
   */
  settle() {
    const folders = new Map()
    for (const [file, { identity, kept }] of this.copies) {
      // A package manager may have put the same contents there anew: then it gets back what it
      // shares with the store.
      if (identityOf(file) !== identity && !(isShared(kept) && isSameFile(kept, file))) continue
      const folder = path.dirname(file)
      if (!folders.has(folder)) folders.set(folder, fs.lstatSync(folder))
      try {
        fs.renameSync(kept, file)
      } catch {
        // The copy is as good.
      }
    }
    for (const [folder, stats] of folders) like(folder, stats)
    this.copies.clear()
  }
}

/**
 * Keeps a link, which nothing can write to, under a second name; a copy of it where that leads to
 * its target instead, as on macOS.
 */
function keepLink(from, to, { atimeMs, mtimeMs }) {
  if (link(from, to)) {
    if (fs.lstatSync(to).isSymbolicLink()) return
    fs.rmSync(to)
  }
  fs.symlinkSync(fs.readlinkSync(from), to)
  fs.lutimesSync(to, atimeMs / 1000, mtimeMs / 1000)
}

const isShared = (file) => (statsOf(file)?.nlink ?? 0) > 1

/** @throws ERR_REPAIR_IMPOSSIBLE for a folder whose contents couldn't be put back */
function refuseReadOnly(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK)
  } catch {
    throw Object.assign(
      new Error(
        `${folder} is read-only, so that a repair couldn't be undone: change its permissions, ` +
          `or run as a user who may write to it`,
      ),
      { code: 'ERR_REPAIR_IMPOSSIBLE' },
    )
  }
}

/** Changes with whatever is written to a file, or put in its place. */
function identityOf(file) {
  const stats = statsOf(file, { bigint: true })
  return stats && `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`
}

/** Gives a file a second name; false where it can't have one there. */
function link(file, name) {
  try {
    fs.linkSync(file, name)
    return true
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(error.code)) throw error
    return false
  }
}

/** Mode and times of a folder, as they were. */
function like(folder, { mode, atimeMs, mtimeMs }) {
  try {
    if (process.platform !== 'win32') fs.chmodSync(folder, mode & 0o7777)
    fs.utimesSync(folder, atimeMs / 1000, mtimeMs / 1000)
  } catch {
    // It belongs to another user, who lets this one write.
  }
}

/** The same files under second names, where they can have them. */
function linkWhole(from, to) {
  const stats = fs.lstatSync(from)
  if (stats.isDirectory()) {
    fs.mkdirSync(to, { recursive: true })
    for (const name of fs.readdirSync(from)) linkWhole(path.join(from, name), path.join(to, name))
    like(to, stats)
  } else if (!stats.isFile() || !link(from, to)) copyWhole(from, to)
}

/** Moves what was kept back to where it came from. A file goes over the old one in one step. */
function putBack(original, copy, away) {
  fs.mkdirSync(path.dirname(original), { recursive: true })
  try {
    const isFolder = fs.lstatSync(copy).isDirectory()
    const now = statsOf(original)
    if (now && (isFolder || now.isDirectory())) {
      removeWhole(away)
      move(original, away)
    }
    move(copy, original)
  } catch (error) {
    // It is on another file system, or one is mounted there, as containers do with node_modules.
    if (!['EXDEV', 'EBUSY'].includes(error.code)) throw error
    empty(original)
    copyWhole(copy, original)
    removeWhole(copy)
  }
}

/**
 * Renames a file or folder. A folder that is read-only, as scripts may make one, has to be writable
 * for that.
 */
function move(from, to) {
  try {
    fs.renameSync(from, to)
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(error.code)) throw error
    const { mode } = fs.lstatSync(from)
    fs.chmodSync(from, mode | 0o700)
    fs.renameSync(from, to)
    fs.chmodSync(to, mode)
  }
}

/** Removes a file, or what is in a folder. */
function empty(place) {
  if (!statsOf(place)?.isDirectory()) return fs.rmSync(place, { force: true })
  for (const name of fs.readdirSync(place)) removeWhole(path.join(place, name))
}

/** Removes a file or folder, folders in it that are read-only too. */
function removeWhole(place) {
  const how = { recursive: true, force: true, maxRetries: 3 }
  try {
    fs.rmSync(place, how)
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(error.code)) throw error
    open(place)
    fs.rmSync(place, how)
  }
}

function open(folder) {
  if (!fs.lstatSync(folder).isDirectory()) return
  fs.chmodSync(folder, 0o700)
  for (const name of fs.readdirSync(folder)) open(path.join(folder, name))
}

/**
 * True for two files with the same contents and mode, of those that are small enough to be read.
 */
function isSameFile(a, b, limit = 64 << 20) {
  const [one, other] = [a, b].map((file) => statsOf(file))
  if (!one?.isFile() || !other?.isFile() || one.size !== other.size || one.size > limit)
    return false
  if (one.mode !== other.mode) return false
  return readBytes(a, limit).equals(readBytes(b, limit))
}

/** Names of the packages in `copy`, a kept node_modules, that aren't in `tree` any more. */
function vanished(tree, copy) {
  const names = list(copy).flatMap((name) =>
    name.startsWith('@')
      ? list(path.join(copy, name)).map((inner) => path.join(name, inner))
      : [name],
  )
  const isGone = (name) => !statsOf(path.join(tree, name))
  return names.filter(
    (name) => isGone(name) && isWhole(path.join(copy, name), path.join(tree, name)),
  )
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

module.exports = {
  Keeper,
  copyFile,
  isSameFile,
  linkWhole,
  putBack,
  removeWhole,
  statsOf,
  vanished,
}
