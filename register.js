'use strict'
// abi-guard/register: node -r abi-guard/register app.js, --import abi-guard/register, or the first
// line of the app.

/** In a variable: bundlers would replace the name. The method is missing in every bundle. */
const REQUIRE = 'require'
const isBundled = typeof module[REQUIRE] !== 'function'
const guard = isBundled ? require('./lib/bundled.js').registerOutside() : start()

exports.unregister = function unregister() {
  guard.unregister()
}

// With the comment below, Node.js doesn't print this source line above the error
// (src/node_errors.cc).
if (guard.failure) throw guard.failure // node-do-not-add-exception-line

function start() {
  try {
    const { register, unregister } = require('./lib/start.generated.js')
    return { failure: register(module), unregister }
  } catch (error) {
    // A file of abi-guard is missing or unreadable. The app must start nevertheless.
    console.error(`abi-guard: nothing is guarded: ${error.message}`)
    return { unregister() {} }
  }
}
