'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { packageJob } = require('./jobs.js')
const { unwrap } = require('./request.js')
const { findPackageRoot } = require('./root.js')

/**
 * The report on the package that would load `file`, which tells what fixes it; `undefined` where
 * there is none.
 */
function ownerOf(file, options) {
  try {
    const owner = unwrap(packageJob(findPackageRoot(path.dirname(file)), options).run())
    return owner.active && isSame(owner.active.file, file) ? owner : undefined
  } catch {
    // It lies in no package.
    return undefined
  }
}

/**
 * Whether two paths are of one file: a link, a drive of Windows or its case may call it otherwise.
 */
function isSame(one, other) {
  if (one === other) return true
  const [first, second] = [one, other].map((file) => fs.statSync(file, { bigint: true }))
  return first.ino === second.ino && first.dev === second.dev
}

module.exports = { ownerOf }
