'use strict'
// Reports in snapshots: without facts that depend on the machine or the time, and in a fixed order.

const path = require('node:path')
const { projectOf, relativeTo } = require('./paths.js')

/**
 * Marks a copy that was made for a snapshot and is no longer a report. All copies of this module
 * share the symbol.
 */
const MADE = Symbol.for('abi-guard.snapshot')

const isObject = (value) => value !== null && typeof value === 'object'

/** A field that only a report of this kind has. An app's own objects may have a `kind` too. */
const FIELDS = { scan: 'packages', package: 'requiredBy', file: 'loaderMessage' }

/** The kind of a report from any realm, or `undefined` for any other value. */
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

/** Leaves out `stats` (times and sizes) and `causes` (facts of the machine). */
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

/** Leaves out `searched`: the folders depend on the machine. */
function problems(report, base) {
  return relativeTo(report.problems, base).map(({ searched, ...rest }) => rest)
}

/** The target as a spec, without the version of the libc, which usually is this machine's. */
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

/** A serializer for Jest and Vitest. */
const serializer = {
  test: (value) => kindOf(value) !== undefined,
  serialize: (value, config, indentation, depth, refs, printer) =>
    printer(forSnapshot(value), config, indentation, depth, refs),
}

module.exports = { forSnapshot, kindOf, serializer }
