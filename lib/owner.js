'use strict'

const path = require('node:path')
const { packageJob } = require('./jobs.js')
const { unwrap } = require('./request.js')
const { findPackageRoot } = require('./root.js')

/** The report on the package that would load `file`, which tells what mends it; `undefined` where there is none. */
function ownerOf(file, options) {
  try {
    const owner = unwrap(packageJob(findPackageRoot(path.dirname(file)), options).run())
    return owner.active?.file === file ? owner : undefined
  } catch {
    // It lies in no package.
    return undefined
  }
}

module.exports = { ownerOf }
