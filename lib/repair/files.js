'use strict'
// Copies files and folders to the backup, and restores them.

const fs = require('node:fs')
const path = require('node:path')
const { readBytes } = require('../files.js')

/** The stats of a path, without following a link. `undefined` if nothing exists there. */
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
  // Makes clones if the file system supports them. Symbolic links stay unchanged.
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
    // Only the superuser can give a file to another owner.
    if (process.getuid?.() === 0) fs.lchownSync(to, stats.uid, stats.gid)
  } catch {
    // The file system has no owners.
  }
  fs.utimesSync(to, stats.atimeMs / 1000, stats.mtimeMs / 1000)
}

/**
 * Keeps the original files, and lets the commands work on copies. Each original gets a second name
 * in the backup, and a copy takes its place. A script that writes to the copy changes neither the
 * backup nor other names of the original (hard links in a store or in another project).
 */
class Keeper {
  /** @param {string} folder the backup, for temporary files */
  constructor(folder) {
    this.temporary = path.join(folder, 'copy')
    /** The name of a temporary file beside the originals, if they are on another file system. */
    this.name = path.basename(folder)
    /**
     * @type {Map<string, { identity: string, kept: string }>} copies in use: path → its identity
     *   when it was made, and its original
     */
    this.copies = new Map()
  }

  /**
   * Adds a file, a link or a folder to the backup as `to`. `top` is the outermost folder of the
   * backup.
   */
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
    // It is an unchanged copy: it has the contents of its original, and no other hard links.
    if (known && known.identity === identityOf(from) && link(known.kept, to)) return
    if (!link(from, to)) return this.keepCopy(from, to, top)
    try {
      copyFile(from, this.temporary)
      fs.renameSync(this.temporary, from)
    } catch (error) {
      fs.rmSync(this.temporary, { force: true })
      fs.rmSync(to)
      // For example, the disk is full.
      if (!['EPERM', 'EACCES', 'EBUSY', 'EXDEV'].includes(error.code)) throw error
      return this.keepCopy(from, to, top)
    }
    this.copies.set(from, { identity: identityOf(from), kept: to })
  }

  /**
   * Keeps a copy instead, if the original can't have a second name in the backup: it is on another
   * file system, or it belongs to another user.
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
      // Windows doesn't replace a file that a program has open. Other programs can't write to it
      // either.
      if (process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(error.code)) return
      throw error
    }
  }

  /** Resets a place to its backup. The originals stay in the backup. */
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

  /** Moves each original back to its place if its copy is unchanged. */
  settle() {
    const folders = new Map()
    for (const [file, { identity, kept }] of this.copies) {
      // A package manager may have installed the same contents again. Then the original, which is
      // shared with the store, also moves back.
      if (identityOf(file) !== identity && !(isShared(kept) && isSameFile(kept, file))) continue
      const folder = path.dirname(file)
      if (!folders.has(folder)) folders.set(folder, fs.lstatSync(folder))
      try {
        fs.renameSync(kept, file)
      } catch {
        // The copy can stay: it has the same contents.
      }
    }
    for (const [folder, stats] of folders) like(folder, stats)
    this.copies.clear()
  }
}

/**
 * Keeps a link under a second name. On macOS the second name leads to the target, so a copy of the
 * link is made instead.
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

/** @throws ERR_REPAIR_IMPOSSIBLE for a folder whose contents couldn't be restored */
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

/** A value that changes if a file is written to or replaced. */
function identityOf(file) {
  const stats = statsOf(file, { bigint: true })
  return stats && `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`
}

/** Gives a file a second name (a hard link). False if that isn't possible. */
function link(file, name) {
  try {
    fs.linkSync(file, name)
    return true
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(error.code)) throw error
    return false
  }
}

/** Restores the mode and the times of a folder. */
function like(folder, { mode, atimeMs, mtimeMs }) {
  try {
    if (process.platform !== 'win32') fs.chmodSync(folder, mode & 0o7777)
    fs.utimesSync(folder, atimeMs / 1000, mtimeMs / 1000)
  } catch {
    // The folder belongs to another user. It is only writable.
  }
}

/** Links all files of a folder to new names. Copies files that can't be linked. */
function linkWhole(from, to) {
  const stats = fs.lstatSync(from)
  if (stats.isDirectory()) {
    fs.mkdirSync(to, { recursive: true })
    for (const name of fs.readdirSync(from)) linkWhole(path.join(from, name), path.join(to, name))
    like(to, stats)
  } else if (!stats.isFile() || !link(from, to)) copyWhole(from, to)
}

/** Moves a backup to its original place. A file replaces the other one in one step. */
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
    // The place is on another file system, or it is a mount, such as node_modules in a container.
    if (!['EXDEV', 'EBUSY'].includes(error.code)) throw error
    empty(original)
    copyWhole(copy, original)
    removeWhole(copy)
  }
}

/** Renames a file or folder. A read-only folder is made writable first. */
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

/** Removes a file, or the contents of a folder. */
function empty(place) {
  if (!statsOf(place)?.isDirectory()) return fs.rmSync(place, { force: true })
  for (const name of fs.readdirSync(place)) removeWhole(path.join(place, name))
}

/** Removes a file or folder, including read-only folders in it. */
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

/** True for two files of at most `limit` bytes with the same contents and mode. */
function isSameFile(a, b, limit = 64 << 20) {
  const [one, other] = [a, b].map((file) => statsOf(file))
  if (!one?.isFile() || !other?.isFile() || one.size !== other.size || one.size > limit)
    return false
  if (one.mode !== other.mode) return false
  return readBytes(a, limit).equals(readBytes(b, limit))
}

/** Names of the packages in `copy` (the backup of a node_modules) that are no longer in `tree`. */
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

/** False for a link whose target no longer exists. */
function isWhole(copy, original) {
  if (!fs.lstatSync(copy).isSymbolicLink()) return true
  return fs.existsSync(path.resolve(path.dirname(original), fs.readlinkSync(copy)))
}

/** The names in a folder, without the hidden files of package managers. */
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
