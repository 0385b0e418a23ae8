'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { packageJob } = require('./jobs.js')
const { unwrap } = require('./request.js')
const { findPackageRoot } = require('./root.js')

/**
 * The report on the package that would load `file`, with its fix, or `undefined` if there is none.
 */
function ownerOf(file, options) {
  try {
    const owner = unwrap(packageJob(findPackageRoot(path.dirname(file)), options).run())
    return owner.active && isSame(owner.active.file, file) ? owner : undefined
  } catch {
    // The file isn't in a package.
    return undefined
  }
}

/**
 * True if two paths lead to the same file. They can differ by a link, a Windows drive or the case.
 */
function isSame(one, other) {
  if (one === other) return true
  const [first, second] = [one, other].map((file) => fs.statSync(file, { bigint: true }))
  return first.ino === second.ino && first.dev === second.dev
}

module.exports = { ownerOf }
