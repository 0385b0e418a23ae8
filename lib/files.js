'use strict'
// Reads files that may come from an untrusted project. JavaScript code has no other way to read
// them.

const fs = require('node:fs')

const { O_NOCTTY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = fs.constants

/** Creates an error with a code in the caller's realm, so that `instanceof Error` is true there. */
function refusal(code, message, path) {
  return Object.assign(new Error(message), { code, path })
}

/**
 * Reads a regular file. Never waits (a FIFO may have no writer), never affects a device, and reads
 * at most `limit` bytes.
 * @param {string} path
 * @param {number} limit in bytes
 * @param {{ follow?: boolean }} how `follow`: follow a link in the last part of the path (default
 *   `true`)
 * @throws ERR_NOT_A_FILE if it isn't a regular file, ERR_FILE_TOO_LARGE above the limit, and the
 *   errors of the system
 */
function readBytes(path, limit, { follow = true } = {}) {
  const notAFile = () => refusal('ERR_NOT_A_FILE', `${path} is not a regular file`, path)
  // Checked before opening: opening a device can have side effects, and Windows has no O_NOFOLLOW.
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
    // The size may be wrong: files in /proc have size 0, and other files may grow.
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

/** Reads a regular file as UTF-8 text, as `readBytes` does. */
function readText(path, limit, how) {
  return readBytes(path, limit, how).toString('utf8')
}

module.exports = { readBytes, readText, refusal }
