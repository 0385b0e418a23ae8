'use strict'
// The stack of the guard's error. Frames are of no use before the app runs.

const HINT = 'abi-guard/register (ABI_GUARD=warn starts the app anyway)'

/** A function whose name is the hint, so that Deno's stack has it as a frame. */
const { [HINT]: capture } = {
  [HINT](error) {
    Error.captureStackTrace(error)
  },
}

/** Replaces the frames with the hint. Without any frame, Node.js prints the error in brackets. */
function withoutFrames(error) {
  if (process.versions.deno) withOneFrame(error)
  else error.stack = `${error.name}: ${error.message}\n    at ${HINT}`
  // Otherwise Node.js prints the code in braces after the message.
  Object.defineProperty(error, 'code', { enumerable: false })
  return error
}

/**
 * Deno 2.9 prints the message and the frames that V8 has captured. If a text was assigned to
 * `stack`, V8 has none: Deno then prints that text after the message, without its first line only.
 */
function withOneFrame(error) {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 1
  capture(error)
  Error.stackTraceLimit = stackTraceLimit
}

module.exports = { withoutFrames }
