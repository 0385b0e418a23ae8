'use strict'
// Finds and loads the binary for this platform. It is written by hand: napi's generated loader has
// 35 KB and calls process.report, which takes 8 ms or more.

const fs = require('node:fs')
const path = require('node:path')
const { platformName } = require('./platform.js')

/**
 * In a variable: bundlers would follow the call, and warn because they don't know the name. The
 * method is missing in every bundle.
 */
const REQUIRE = 'require'

/**
 * Loads the binary from a checkout (beside index.js, or in `npm/`), or from the platform's package.
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
    return module[REQUIRE](local ?? packageName)
  } catch (cause) {
    throw require('./unusable.js').unusable(cause, name, packageName)
  }
}

module.exports =
  typeof module[REQUIRE] === 'function' ? load() : require('./outside.js').nativeOutside()
