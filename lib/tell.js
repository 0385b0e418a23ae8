'use strict'
// What the guard says by itself: on standard error and at once, as the process may end before its
// event loop runs. The app must not notice: process.stderr would throw later, block, or be another
// stream in a worker, so that nothing here touches it.

const fs = require('node:fs')
const { lines } = require('./escape.js')
const { isUnusable } = require('./unusable.js')

/**
 * Most bytes of all messages of a thread: half of what a pipe holds on Linux, so that an app is not
 * held up when nothing reads its output.
 */
const MOST = 32 * 1024
let left = MOST

/** Writes what can be written at once, and drops the rest. */
function tell(message) {
  const bytes = Buffer.from(`abi-guard: ${lines(message)}\n`).subarray(0, left)
  left -= bytes.length
  try {
    const stats = fs.fstatSync(2)
    if (stats.isSocket()) send(bytes)
    else if (stats.isFIFO() && process.platform === 'linux') writeToPipe(bytes)
    else fs.writeSync(2, bytes)
  } catch {
    // A full disk, a reader that has gone, a pipe that is full: none of it is the app's concern.
  }
}

/**
 * A pipe is opened once more: in that opening a write doesn't wait, and the app's own is as it was.
 */
function writeToPipe(bytes) {
  const { O_NONBLOCK, O_WRONLY } = fs.constants
  let pipe = 2
  try {
    pipe = fs.openSync('/proc/self/fd/2', O_WRONLY | O_NONBLOCK)
  } catch (error) {
    // ENXIO: there is no reader. Without /proc the limit above has to do.
    if (error.code === 'ENXIO') return
  }
  try {
    fs.writeSync(pipe, bytes)
  } finally {
    if (pipe !== 2) fs.closeSync(pipe)
  }
}

/**
 * A socket, as Node.js gives its children for a pipe, can't be opened once more; the core can send
 * to it without waiting.
 */
function send(bytes) {
  let native
  try {
    native = require('./native.js')
  } catch {
    // Without the binary there is one short message to be told.
    fs.writeSync(2, bytes)
    return
  }
  native.sendToStandardError(bytes.toString())
}

/** Tells what has kept the guard from its work, which is no reason to keep the app from its own. */
function tellFailure(error) {
  tell(isUnusable(error) ? error.message : `the check could not be made: ${error.message}`)
}

module.exports = { tell, tellFailure }
