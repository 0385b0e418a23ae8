'use strict'
// Finds and loads the binary of this platform. Hand-written: napi's generated loader is 35 KB and
// asks process.report, which takes 8 ms and more.

const fs = require('node:fs')
const path = require('node:path')
const { platformName } = require('./platform.js')

/**
 * Loads the binary of a checkout (beside index.js, or in the folder of its package), or from the
 * platform's own package.
 */
function load() {
  const name = platformName()
  const file = `abi-guard.${name}.node`
  const root = path.join(__dirname, '..')
  const local = [path.join(root, file), path.join(root, 'npm', name, file)].find((one) =>
    fs.existsSync(one),
  )
  const packageName = `@abi-guard/binding-${name}`
  try {
    return require(local ?? packageName)
  } catch (cause) {
    throw require('./unusable.js').unusable(cause, name, packageName)
  }
}

module.exports = load()
