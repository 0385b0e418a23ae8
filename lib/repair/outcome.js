'use strict'
// What a repair achieved: the packages of a report before it, and after.

/** True for a package whose file loads, or that needs none for sure. */
const works = ({ ok, complete, active }) => (active ? active.ok : ok && complete)

/** The same package in another report: in the same place, or by its name where it moved. */
function counterpart(one, report) {
  return (
    report.packages.find(({ path }) => path === one.path) ??
    report.packages.find(({ name, version }) => name === one.name && version === one.version)
  )
}

/**
 * The packages of `before` that don't work in `after`. One that is gone altogether, or has lost its file, doesn't.
 * @param {object[]} before packages of a report
 */
function notWorking(before, after) {
  return before.filter((one) => {
    const now = counterpart(one, after)
    return !now?.ok || !works(now) || (one.active && !now.active)
  })
}

module.exports = { notWorking, works }
