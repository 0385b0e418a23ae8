'use strict'
// What a repair achieved: the packages of a report before it, and after.

const fs = require('node:fs')

/** The same package in another report: in the same place, or by its name where it moved. */
function counterpart(one, packages) {
  return (
    packages.find(({ path }) => path === one.path) ??
    packages.find(({ name, version }) => name === one.name && version === one.version)
  )
}

/**
 * The packages of `before` that don't work in `after`.
 * @param {object[]} before packages of a report
 * @param {object[]} after those of a later one
 */
function notWorking(before, after) {
  return before.filter((one) => {
    const now = counterpart(one, after)
    // A report leaves out who has nothing to load, as one whose file came with a package of its
    // own. Who had a file has lost it.
    if (!now) return Boolean(one.active) || !fs.existsSync(one.path)
    return !now.ok || (now.active ? !now.active.ok : Boolean(one.active) || !now.complete)
  })
}

/** The packages whose files load. */
const sound = (packages) => packages.filter(({ ok, active }) => ok && active?.ok)

module.exports = { notWorking, sound }
