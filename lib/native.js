'use strict'
// Finds and loads the binary for this platform. It is written by hand: napi's generated loader has
// 35 KB and calls process.report, which takes 8 ms or more.

const fs = require('node:fs')
const path = require('node:path')
const own = require('./own.js')
const { platformName } = require('./platform.js')

/**
 * Loads the binary from a checkout (beside index.js, or in `npm/`), or from the platform's package.
 */
function load() {
  const name = platformName()
  const file = `abi-guard.${name}.node`
  const root = own.folder()
  const local = [path.join(root, file), path.join(root, 'npm', name, file)].find((one) =>
    fs.existsSync(one),
  )
  const packageName = `@abi-guard/binding-${name}`
  try {
    return own.load(local ?? packageName)
  } catch (cause) {
    throw require('./unusable.js').unusable(cause, name, packageName)
  }
}

module.exports = own.isBundled() ? require('./outside.js').nativeOutside() : load()
