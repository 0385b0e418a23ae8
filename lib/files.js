'use strict'
// The one way in which JavaScript reads a file that someone else may have put there.

const fs = require('node:fs')

const { O_NOCTTY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = fs.constants

/** Longest package.json that is read, in bytes; the core reads none that is longer. */
const LONGEST_MANIFEST = 2 ** 20

/** An error with a code, made here so that `instanceof Error` holds in the caller's realm. */
function refusal(code, message, path) {
  return Object.assign(new Error(message), { code, path })
}

/**
 * The bytes of a regular file. It never waits (a FIFO has no writer), never acts on a device, and
 * reads no more than it is allowed to.
 * @param {string} path
 * @param {number} limit in bytes
 * @param {{ follow?: boolean }} how `follow`: whether a link as the last part of the path is
 *   followed; by default it is
 * @throws ERR_NOT_A_FILE for anything but a regular file, ERR_FILE_TOO_LARGE above the limit, and
 *   what the system says
 */
function readBytes(path, limit, { follow = true } = {}) {
  const notAFile = () => refusal('ERR_NOT_A_FILE', `${path} is not a regular file`, path)
  // Opening a device can have effects of its own, and O_NOFOLLOW isn't known on Windows.
  const before = follow ? fs.statSync(path) : fs.lstatSync(path)
  if (!before.isFile()) throw notAFile()
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW)
  const descriptor = fs.openSync(path, flags)
  try {
    const stats = fs.fstatSync(descriptor)
    if (!stats.isFile()) throw notAFile()
    const tooLarge = () =>
      refusal('ERR_FILE_TOO_LARGE', `${path} has more than ${limit} bytes`, path)
    if (stats.size > limit) throw tooLarge()
    const parts = []
    let length = 0
    // The size may be wrong: files in /proc have none, and others grow.
    for (;;) {
      const part = Buffer.alloc(
        Math.min(Math.max(stats.size - length, 0) + 1, 65_536, limit + 1 - length),
      )
      const count = fs.readSync(descriptor, part, 0, part.length, null)
      if (count === 0) return Buffer.concat(parts)
      parts.push(part.subarray(0, count))
      length += count
      if (length > limit) throw tooLarge()
    }
  } finally {
    fs.closeSync(descriptor)
  }
}

/** The text of a regular file, as `readBytes` reads it. */
function readText(path, limit, how) {
  return readBytes(path, limit, how).toString('utf8')
}

module.exports = { LONGEST_MANIFEST, readBytes, readText }
