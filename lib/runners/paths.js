'use strict'
// Reports as they read on every machine: paths relative to the project that they are about, with
// slashes.

const fs = require('node:fs')
const path = require('node:path')
const { findPackageRoot } = require('../root.js')

/**
 * The project that a folder belongs to: what its outermost node_modules lies in, else its package.
 */
function projectOf(folder) {
  const parts = folder.split(path.sep)
  const at = parts.indexOf('node_modules')
  if (at > 0) return parts.slice(0, at).join(path.sep) || path.sep
  return findPackageRoot(folder) ?? folder
}

/**
 * A copy of a report with relative paths, also within its sentences.
 * @param {string} base the folder they are relative to
 * @param {string} itself what stands for that folder
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
 * True where both lie in one project, as the packages of a monorepo do, and not just on one disk.
 */
function isNear(one, other) {
  const [a, b] = [one.split(path.sep), other.split(path.sep)]
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length > 1 && fs.existsSync(path.join(a.slice(0, length).join(path.sep), 'package.json'))
}

module.exports = { projectOf, relativeTo }
