'use strict'
// Names of installed packages, for "did you mean".

const fs = require('node:fs')
const path = require('node:path')
const { oneLine } = require('./escape.js')
const { nearest } = require('./nearest.js')

/** The maximum number of names that are compared. */
const MOST = 20_000

/**
 * The installed package whose name is nearest to `name`, from `directory` upwards. `undefined` if
 * none is near.
 */
function nearestInstalled(name, directory) {
  const names = new Set()
  for (let folder = path.resolve(directory); ; folder = path.dirname(folder)) {
    for (const one of namesIn(path.join(folder, 'node_modules'))) {
      if (names.size >= MOST) break
      names.add(one)
    }
    if (folder === path.dirname(folder)) break
  }
  return nearest(name, [...names])
}

function namesIn(modules) {
  return foldersIn(modules).flatMap((name) =>
    name.startsWith('@')
      ? foldersIn(path.join(modules, name)).map((one) => `${name}/${one}`)
      : [name],
  )
}

function foldersIn(folder) {
  try {
    return fs.readdirSync(folder).filter((name) => !name.startsWith('.'))
  } catch {
    return []
  }
}

/** Adds the nearest name to the error about a package that is not installed. */
function withNearest(error, name, options) {
  if (error.code !== 'ERR_PACKAGE_NOT_FOUND') return error
  const near = nearestInstalled(name, options?.from ?? process.cwd())
  if (near !== undefined) error.message += `: did you mean "${oneLine(near)}"?`
  return error
}

module.exports = { nearestInstalled, withNearest }
