'use strict'
// Makes the paths in a report equal on every machine: relative to the report's project, with
// slashes.

const fs = require('node:fs')
const path = require('node:path')
const { findPackageRoot } = require('../root.js')

/** The project of a folder: the folder that contains its outermost node_modules, or its package. */
function projectOf(folder) {
  const parts = folder.split(path.sep)
  const at = parts.indexOf('node_modules')
  if (at > 0) return parts.slice(0, at).join(path.sep) || path.sep
  return findPackageRoot(folder) ?? folder
}

/**
 * A copy of a report with relative paths, including the paths in its messages.
 * @param {string} base the folder that the paths are relative to
 * @param {string} itself the text for that folder
 */
function relativeTo(value, base, itself = '.') {
  if (typeof value === 'string') return text(value, base, itself)
  if (Array.isArray(value)) return value.map((one) => relativeTo(one, base, itself))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, relativeTo(one, base, itself)]),
  )
}

function text(value, base, itself) {
  if (value === base) return itself
  if (!path.isAbsolute(value) || value.includes('\n')) return value.split(base + path.sep).join('')
  const inside = value.startsWith(base + path.sep)
  if (!inside && !isNear(value, base)) return value
  return path.relative(base, value).split(path.sep).join('/')
}

/**
 * True if both are in one project, such as packages of a monorepo, and not only on the same disk.
 */
function isNear(one, other) {
  const [a, b] = [one.split(path.sep), other.split(path.sep)]
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length > 1 && fs.existsSync(path.join(a.slice(0, length).join(path.sep), 'package.json'))
}

module.exports = { projectOf, relativeTo }
