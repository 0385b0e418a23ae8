'use strict'
// The state of repairs. It is outside of projects, in a folder of the user that no other user can
// write to. abi-guard wrote this state for this user. State inside a project may have come with the
// project.

const fs = require('node:fs')
const path = require('node:path')
const { createHash, randomBytes } = require('node:crypto')
const { readText } = require('../files.js')
const { identityOf, isAlive } = require('./processes.js')

const isWindows = process.platform === 'win32'

const LOCK = 'lock'

/** How often the lock is tried while other processes end their repairs. */
const MAX_ATTEMPTS = 20

/** The maximum length of a lock in bytes. */
const LIMIT = 4096

/**
 * The system's folder for the state of programs. src/environment/repairs.rs uses the same folder.
 */
function stateDirectory(env = process.env, platform = process.platform) {
  const absolute = (name) => (env[name] && path.isAbsolute(env[name]) ? env[name] : undefined)
  if (platform === 'win32') return absolute('LOCALAPPDATA')
  const home = absolute('HOME')
  const below = platform === 'darwin' ? ['Library', 'Application Support'] : ['.local', 'state']
  return absolute('XDG_STATE_HOME') ?? (home && path.join(home, ...below))
}

/**
 * The folder for the state of repairs of a project.
 * @param {string} root the root of the installation, in the core's form
 * @param {{ make?: boolean }} how `make`: create the folder if it doesn't exist
 * @returns {string | undefined} `undefined` if no folder can be trusted
 */
function stateOf(root, { make = false } = {}) {
  const base = stateDirectory()
  if (!base) return undefined
  const name = createHash('sha256').update(root).digest('hex')
  const parts = ['abi-guard', 'repairs', name]
  try {
    if (make) fs.mkdirSync(path.join(base, ...parts), { recursive: true, mode: 0o700 })
    // A folder in the project, or in the repository around it, may have come with the project.
    if ([root, repositoryAround(root)].some((folder) => isBelow(folder, fs.realpathSync(base))))
      return undefined
    const folders = parts.map((_, index) => path.join(base, ...parts.slice(0, index + 1)))
    if (!folders.every(isPrivate)) return undefined
    if (make) fs.accessSync(folders[2], fs.constants.W_OK)
    return folders[2]
  } catch {
    // The folder doesn't exist, or can't be created or written to. The only journal is then in the
    // project, and is not trusted.
    return undefined
  }
}

/** True for a real folder (no link) of this user that no other user can write to. */
function isPrivate(folder) {
  const stats = fs.lstatSync(folder)
  if (!stats.isDirectory()) return false
  return isWindows || (stats.uid === process.geteuid() && (stats.mode & 0o022) === 0)
}

/** The innermost repository that contains `folder`, or `folder` itself. */
function repositoryAround(folder) {
  for (let place = folder; ; place = path.dirname(place)) {
    if (fs.lstatSync(path.join(place, '.git'), { throwIfNoEntry: false })) return place
    if (place === path.dirname(place)) return folder
  }
}

function isBelow(folder, place) {
  const relative = path.relative(fs.realpathSync(folder), place)
  return relative === '' || !(relative.split(path.sep)[0] === '..' || path.isAbsolute(relative))
}

/**
 * Takes the lock of a folder of `stateOf`. Takes over the lock of an ended process.
 * @throws the error from `busy(file, pid)` while another process has the lock
 */
function lock(folder, busy) {
  for (let attempt = 1; ; attempt++) {
    try {
      return take(folder, busy)
    } catch (error) {
      // A process that just ended its repair removed the folder, with the files beside its lock.
      if (error.code !== 'ENOENT') throw error
      if (attempt === MAX_ATTEMPTS) throw busy(path.join(folder, LOCK))
    }
  }
}

/** One attempt of `lock`. An error with the code ENOENT means that the folder was removed. */
function take(folder, busy) {
  const file = path.join(folder, LOCK)
  const own = `${file}.${randomBytes(8).toString('hex')}`
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  fs.writeFileSync(own, JSON.stringify(identityOf(process.pid)), { flag: 'wx', mode: 0o600 })
  try {
    if (linked(own, file)) return
    const owner = ownerOf(file)
    if (owner.pid === process.pid && isAlive(owner)) return
    if (isAlive(owner)) throw busy(file, owner.pid)
    // Of several processes, only one can rename the file.
    const stale = `${own}.stale`
    try {
      fs.renameSync(file, stale)
    } catch {
      throw busy(file, owner.pid)
    }
    const isSame = JSON.stringify(ownerOf(stale)) === JSON.stringify(owner)
    if (!isSame) linked(stale, file)
    fs.rmSync(stale, { force: true })
    if (!isSame || !linked(own, file)) throw busy(file, ownerOf(file).pid)
  } finally {
    fs.rmSync(own, { force: true })
  }
}

/** Gives a file a second name. False if that name exists. */
function linked(file, name) {
  try {
    fs.linkSync(file, name)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    // The file system has no hard links.
    try {
      fs.copyFileSync(file, name, fs.constants.COPYFILE_EXCL)
      return true
    } catch (second) {
      if (second.code === 'EEXIST') return false
      throw second
    }
  }
}

function ownerOf(file) {
  try {
    return JSON.parse(readText(file, LIMIT, { follow: false })) ?? {}
  } catch {
    return {}
  }
}

/** Releases the lock, and removes the folder if it is empty. */
function unlock(folder) {
  const file = path.join(folder, LOCK)
  if (ownerOf(file).pid === process.pid) fs.rmSync(file, { force: true })
  try {
    // Files of a process that was killed while it wrote the lock or the journal.
    for (const name of fs.readdirSync(folder))
      if (/^(lock|journal\.json)\.[0-9a-f]{16}/.test(name)) fs.rmSync(path.join(folder, name))
    fs.rmdirSync(folder)
  } catch {
    // Another process has the folder already.
  }
}

module.exports = { lock, stateDirectory, stateOf, unlock }
