'use strict'
// What the guard says by itself: on standard error and at once, as the process may end before its event loop runs. The app must not
// notice: process.stderr would throw later, block, or be another stream in a worker, so that nothing here touches it.

const fs = require('node:fs')
const { lines } = require('./escape.js')
const { isUnusable } = require('./unusable.js')

/** Most bytes of all messages of a thread: half of what a pipe holds on Linux, so that an app whose output nobody reads is not held up. */
const MOST = 32 * 1024
let left = MOST

/** Writes what can be written at once, and drops the rest. */
function tell(message) {
  const bytes = Buffer.from(`abi-guard: ${lines(message)}\n`).subarray(0, left)
  left -= bytes.length
  let descriptor = 2
  try {
    descriptor = withoutWaiting()
    fs.writeSync(descriptor, bytes)
  } catch {
    // A full disk, a reader that has gone, a pipe that is full: none of it is the app's concern.
  } finally {
    if (descriptor !== 2) fs.closeSync(descriptor)
  }
}

/** Standard error, opened once more where a write to it could wait: only a pipe of Linux can be had so. */
function withoutWaiting() {
  if (process.platform !== 'linux' || !fs.fstatSync(2).isFIFO()) return 2
  const { O_NONBLOCK, O_WRONLY } = fs.constants
  try {
    return fs.openSync('/proc/self/fd/2', O_WRONLY | O_NONBLOCK)
  } catch (error) {
    // Without readers (ENXIO) there is nobody to tell; without /proc the limit above has to do.
    if (error.code === 'ENXIO') throw error
    return 2
  }
}

/** Tells what has kept the guard from its work, which is no reason to keep the app from its own. */
function tellFailure(error) {
  tell(isUnusable(error) ? error.message : `the check could not be made: ${error.message}`)
}

module.exports = { tell, tellFailure }
