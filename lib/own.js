'use strict'
// What only a real file of abi-guard can do: load a file by a name that bundlers must not see.

const path = require('node:path')

/**
 * In a variable: bundlers would follow the call, and warn because they don't know the name. The
 * method is missing in every bundle.
 */
const REQUIRE = 'require'

/** In lib/start.generated.js, this is not the module of a file. register.js names its own. */
let own = module

/** Names the real module of a file of abi-guard. */
function setOwn(real) {
  own = real
}

/** True if a bundler put abi-guard into a bundle. */
const isBundled = () => typeof own[REQUIRE] !== 'function'

/** Loads a file or a package. */
const load = (name) => own[REQUIRE](name)

/** The path that `require` finds for a path. Bundlers warn about `require.resolve`. */
const resolve = (file) => own.constructor._resolveFilename(file)

/** The folder of abi-guard. Unknown in a bundle of ESM. */
const folder = () => path.dirname(__dirname)

module.exports = { folder, isBundled, load, resolve, setOwn }
