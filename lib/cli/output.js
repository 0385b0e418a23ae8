'use strict'
// Writes a report to standard output, or to a file. A file is written completely or not at all.

const { randomBytes } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { UsageError } = require('./errors.js')

/** The maximum number of links that are followed, as on Linux. */
const MAX_LINKS = 40

/** Prints `text`, or writes it to `file`. */
function deliver(text, file) {
  if (file === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    write(text, file)
  } catch (error) {
    if (typeof error?.code !== 'string') throw error
    throw new UsageError(`${file} can't be written: ${reason(error)}`)
  }
}

function write(text, file) {
  // Standard output may be a socket. A socket can't be opened by its name.
  const stream = /^\/(dev\/stdout|(dev|proc\/self)\/fd\/1)$/.test(file) ? process.stdout : undefined
  if (stream) {
    stream.write(text)
    return
  }
  const stats = fs.statSync(file, { throwIfNoEntry: false })
  // Devices and pipes are written to directly, not replaced. So are open files (/dev/fd/3), because
  // another process may have written to them.
  const isOpen = /^\/(dev\/(fd\/|std)|proc\/)/.test(file)
  if (isOpen || (stats && !stats.isFile() && !stats.isDirectory())) {
    fs.appendFileSync(file, text)
    return
  }
  if (stats?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
  // A write-protected file isn't replaced, even if its folder allows it.
  if (stats) fs.accessSync(file, fs.constants.W_OK)
  replace(followed(path.resolve(file)), text, stats?.mode)
}

/** Replaces `target` in one step, so that no reader sees an incomplete file. */
function replace(target, text, mode) {
  const name = `.abi-guard-${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  const temporary = path.join(path.dirname(target), name)
  let file = fs.openSync(temporary, 'wx', 0o666)
  try {
    fs.writeFileSync(file, text)
    if (mode !== undefined) fs.fchmodSync(file, mode & 0o777)
    fs.fsyncSync(file)
    fs.closeSync(file)
    file = undefined
    fs.renameSync(temporary, target)
  } catch (error) {
    if (file !== undefined) fs.closeSync(file)
    fs.rmSync(temporary, { force: true })
    throw error
  }
}

/** The target of a link, even if no file exists there yet. */
function followed(file) {
  let target = file
  for (let links = 0; links <= MAX_LINKS; links++) {
    const stats = fs.lstatSync(target, { throwIfNoEntry: false })
    if (!stats?.isSymbolicLink()) return target
    target = path.resolve(fs.realpathSync(path.dirname(target)), fs.readlinkSync(target))
  }
  throw Object.assign(new Error(), { code: 'ELOOP' })
}

function reason({ code, message }) {
  switch (code) {
    case 'ENOENT':
      return 'its folder does not exist (ENOENT)'
    case 'ENOTDIR':
      return 'its folder is a file (ENOTDIR)'
    case 'EISDIR':
      return 'it is a directory (EISDIR)'
    case 'EACCES':
    case 'EPERM':
      return `it or its folder is not writable (${code})`
    case 'EROFS':
      return 'the file system is mounted read-only (EROFS)'
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no space left (${code})`
    case 'ELOOP':
      return 'its links form a circle (ELOOP)'
  }
  return message
}

module.exports = { deliver }
