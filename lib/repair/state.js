'use strict'
// Where the state of repairs is kept: outside of projects, in a folder of the user's that no one
// else can write to. What stands there was written by abi-guard for this user; what stands in a
// project may have come with it.

const fs = require('node:fs')
const path = require('node:path')
const { createHash, randomBytes } = require('node:crypto')
const { readText } = require('../files.js')
const { identityOf, isAlive } = require('./processes.js')

const isWindows = process.platform === 'win32'

const LOCK = 'lock'

/** Bytes of a lock. */
const LIMIT = 4096

/**
 * The folder for the state of programs, as the system has it; src/environment/repairs.rs looks into
 * the same.
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
 * @param {string} root the root of the installation, as the core names it
 * @param {{ make?: boolean }} how `make`: it is made where it isn't there
 * @returns {string | undefined} undefined where there is none that can be believed
 */
function stateOf(root, { make = false } = {}) {
  const base = stateDirectory()
  if (!base) return undefined
  const name = createHash('sha256').update(root).digest('hex')
  const parts = ['abi-guard', 'repairs', name]
  try {
    if (make) fs.mkdirSync(path.join(base, ...parts), { recursive: true, mode: 0o700 })
    // It may have come with the project where it lies in that, or in the repository around it.
    if ([root, repositoryAround(root)].some((folder) => isBelow(folder, fs.realpathSync(base))))
      return undefined
    const folders = parts.map((_, index) => path.join(base, ...parts.slice(0, index + 1)))
    if (!folders.every(isPrivate)) return undefined
    if (make) fs.accessSync(folders[2], fs.constants.W_OK)
    return folders[2]
  } catch {
    // No such folder, or one that can't be made or written to: state is then kept beside the
    // project, and not believed.
    return undefined
  }
}

/** True for a real folder of this user's that no other user can write to. */
function isPrivate(folder) {
  const stats = fs.lstatSync(folder)
  if (!stats.isDirectory()) return false
  return isWindows || (stats.uid === process.geteuid() && (stats.mode & 0o022) === 0)
}

/** The innermost folder around `folder` that is a repository; `folder` where there is none. */
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
 * Takes the lock of a folder of `stateOf`; the lock of a process that has ended is taken over.
 * @throws the error that `busy(file, pid)` makes, while another process has it
 */
function lock(folder, busy) {
  const file = path.join(folder, LOCK)
  const own = `${file}.${randomBytes(8).toString('hex')}`
  // Another process may remove the folder just now, having ended its repair.
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  fs.writeFileSync(own, JSON.stringify(identityOf(process.pid)), { flag: 'wx', mode: 0o600 })
  try {
    if (linked(own, file)) return
    const owner = ownerOf(file)
    if (owner.pid === process.pid && isAlive(owner)) return
    if (isAlive(owner)) throw busy(file, owner.pid)
    // Of several processes only one can rename it.
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
  } catch (error) {
    // The process that gave the lock back removed what lay beside it.
    throw error.code === 'ENOENT' ? busy(file) : error
  } finally {
    fs.rmSync(own, { force: true })
  }
}

/** Gives a file a second name; false where that name is taken. */
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

/** Gives the lock back, and removes the folder where nothing else is in it. */
function unlock(folder) {
  const file = path.join(folder, LOCK)
  if (ownerOf(file).pid === process.pid) fs.rmSync(file, { force: true })
  try {
    // What a process left that was ended while it wrote the lock or the journal.
    for (const name of fs.readdirSync(folder))
      if (/^(lock|journal\.json)\.[0-9a-f]{16}/.test(name)) fs.rmSync(path.join(folder, name))
    fs.rmdirSync(folder)
  } catch {
    // Another process has it already.
  }
}

module.exports = { lock, stateDirectory, stateOf, unlock }
