'use strict'
// Compares the packages before and after a repair.

const fs = require('node:fs')

/** The same package in another report: by its path, or by its name and version if it moved. */
function counterpart(one, packages) {
  return (
    packages.find(({ path }) => path === one.path) ??
    packages.find(({ name, version }) => name === one.name && version === one.version)
  )
}

/**
 * The packages of `before` that don't work in `after`.
 * @param {object[]} before packages of a report
 * @param {object[]} after packages of a later report
 */
function notWorking(before, after) {
  return before.filter((one) => {
    const now = counterpart(one, after)
    // A report leaves out packages without a file to load, for example if the file came in a
    // separate package. If the package had a file before, it has lost it.
    if (!now) return Boolean(one.active) || !fs.existsSync(one.path)
    return !now.ok || (now.active ? !now.active.ok : Boolean(one.active) || !now.complete)
  })
}

/** The packages whose files load. */
const sound = (packages) => packages.filter(({ ok, active }) => ok && active?.ok)

module.exports = { notWorking, sound }
