'use strict'
// Prints the guard's own messages to standard error, at once: the process may end before its event
// loop runs. The code doesn't use process.stderr, which may throw later, block, or be another
// stream in a worker.

const fs = require('node:fs')
const { lines } = require('./escape.js')
const { isUnusable } = require('./unusable.js')

/**
 * The maximum number of bytes of all messages of a thread. It is half of the size of a pipe on
 * Linux, so that the app isn't blocked if nothing reads its output.
 */
const MAX_BYTES = 32 * 1024
let left = MAX_BYTES

/** Prints a message of the guard. */
function tell(message) {
  write(`abi-guard: ${lines(message)}\n`)
}

/** Writes as much as possible without waiting, and drops the rest. */
function write(text) {
  const bytes = Buffer.from(text).subarray(0, left)
  left -= bytes.length
  try {
    const stats = fs.fstatSync(2)
    if (stats.isSocket()) send(bytes)
    else if (stats.isFIFO() && process.platform === 'linux') writeToPipe(bytes)
    else fs.writeSync(2, bytes)
  } catch {
    // The disk or the pipe is full, or the reader has ended. The app must not fail because of this.
  }
}

/** Opens the pipe a second time, without blocking. The app's own descriptor stays unchanged. */
function writeToPipe(bytes) {
  const { O_NONBLOCK, O_WRONLY } = fs.constants
  let pipe = 2
  try {
    pipe = fs.openSync('/proc/self/fd/2', O_WRONLY | O_NONBLOCK)
  } catch (error) {
    // ENXIO: there is no reader. Without /proc, only the limit above prevents blocking.
    if (error.code === 'ENXIO') return
  }
  try {
    fs.writeSync(pipe, bytes)
  } finally {
    if (pipe !== 2) fs.closeSync(pipe)
  }
}

/**
 * Node.js gives its children sockets instead of pipes. A socket can't be opened a second time, but
 * the core can send to it without waiting.
 */
function send(bytes) {
  let sendToStandardError
  try {
    sendToStandardError = require('./native.js').sendToStandardError
  } catch {
    // Without the binary, the only message is short.
    fs.writeSync(2, bytes)
    return
  }
  sendToStandardError(bytes.toString())
}

/** Prints why the guard could not work. The app continues. */
function tellFailure(error) {
  tell(isUnusable(error) ? error.message : `the check failed: ${error.message}`)
}

module.exports = { tell, tellFailure, write }
