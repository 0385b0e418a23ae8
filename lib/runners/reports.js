'use strict'
// Reports in snapshots: what depends on the machine or the moment is left out, everything else
// stands in a fixed order.

const path = require('node:path')
const { projectOf, relativeTo } = require('./paths.js')

/**
 * On what was made for a snapshot, which is no report any more; known to every copy of this module.
 */
const MADE = Symbol.for('abi-guard.snapshot')

const isObject = (value) => value !== null && typeof value === 'object'

/** A field that nothing but a report of the kind has: an app's own objects may have a `kind`, too. */
const FIELDS = { scan: 'packages', package: 'requiredBy', file: 'loaderMessage' }

/** Which report a value is, whatever realm it comes from; `undefined` for anything else. */
function kindOf(value) {
  if (!isObject(value) || value[MADE] || !Object.hasOwn(FIELDS, value.kind)) return undefined
  return FIELDS[value.kind] in value ? value.kind : undefined
}

/** A copy of a report that is the same on every machine with the same packages. */
function forSnapshot(report) {
  switch (kindOf(report)) {
    case 'scan':
      return project(report)
    case 'package':
      return packaged(report, projectOf(report.path))
    default:
      return file(report, projectOf(path.dirname(report.file)))
  }
}

/** Without `stats`, which are times and sizes, and `causes`, which tell of the machine. */
function project({ stats, causes, directory, target, packages, ...rest }) {
  return mark({
    ...relativeTo(rest, directory),
    target: targetOf(target),
    packages: packages.map((one) => packaged(one, directory)).sort(by(({ path }) => path)),
    problems: relativeTo(rest.problems, directory).sort(by(({ message }) => message)),
  })
}

function packaged({ active, ...rest }, base) {
  const { dormant, ...others } = relativeTo(rest, base)
  return mark({
    ...others,
    active: active && file(active, base),
    dormant: dormant.sort(by(({ file }) => file)),
    problems: problems(rest, base),
  })
}

function file({ target, binary, ...rest }, base) {
  const { size, ...facts } = binary ?? {}
  return mark({
    ...relativeTo(rest, base),
    binary: binary && facts,
    problems: problems(rest, base),
    target: targetOf(target),
  })
}

/** Without the folders in which a library was looked for, which are those of the machine. */
function problems(report, base) {
  return relativeTo(report.problems, base).map(({ searched, ...rest }) => rest)
}

/**
 * As a spec names it, without the version of the libc, which is this machine's unless one is
 * named.
 */
function targetOf({ execPath, runtime, version, abi, platform, arch, libc }) {
  if (execPath === process.execPath) return 'this process'
  const musl = libc === 'musl' ? '-musl' : ''
  const release = version === null ? ` with ABI ${abi}` : `@${version}`
  return `${runtime}${release}/${platform}-${arch}${musl}`
}

function by(key) {
  return (a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b)))
}

function mark(value) {
  return Object.defineProperty(value, MADE, { value: true })
}

/** A serializer as Jest and Vitest take them. */
const serializer = {
  test: (value) => kindOf(value) !== undefined,
  serialize: (value, config, indentation, depth, refs, printer) =>
    printer(forSnapshot(value), config, indentation, depth, refs),
}

module.exports = { forSnapshot, kindOf, serializer }
