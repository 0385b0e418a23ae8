'use strict'
// Finds and loads the binary of this platform. Hand-written: napi's generated loader is 35 KB and asks process.report, which
// takes 8 ms and more.

const fs = require('node:fs')
const path = require('node:path')
const { platformName } = require('./platform.js')

/** Loads the binary beside this package (a checkout), or from the platform's own package. */
function load() {
  const name = platformName()
  const local = path.join(__dirname, '..', `abi-guard.${name}.node`)
  const packageName = `@abi-guard/binding-${name}`
  try {
    return fs.existsSync(local) ? require(local) : require(packageName)
  } catch (cause) {
    throw require('./unusable.js').unusable(cause, name, packageName)
  }
}

module.exports = load()
