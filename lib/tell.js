'use strict'
// What the guard says by itself: on standard error and at once, as the process may end before its event loop runs.

const { isUnusable } = require('./unusable.js')

function tell(message) {
  process.stderr.write(`abi-guard: ${message}\n`)
}

/** Tells what has kept the guard from its work, which is no reason to keep anybody else from theirs. */
function tellFailure(error) {
  tell(isUnusable(error) ? error.message : `the check could not be made: ${error.message}`)
}

module.exports = { tell, tellFailure }
