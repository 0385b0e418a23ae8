// A report of a scan in the form of expected.mjs: without anything that depends on the folders of
// packages.
import assert from 'node:assert/strict'
import { realpathSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { byName } from './expected.mjs'

const code = ({ severity, code }) => `${severity} ${code}`
const inside = (folder, file) => relative(folder, file).split(sep).join('/')

/** A package as a row. */
export function row(found) {
  const { name, version, path, active, ok, complete, problems, optional, dev, requiredBy } = found
  const lengths = requiredBy.map((chain) => chain.length)
  assert.deepEqual(
    lengths,
    lengths.toSorted((a, b) => a - b),
    `${name}: the shortest chain comes first`,
  )
  return {
    name,
    version,
    active: active && inside(path, active.file),
    ok,
    complete,
    problems: [...problems, ...(active?.problems ?? [])].map(code).sort(),
    optional,
    dev,
    requiredBy: requiredBy.map((chain) => chain.join(' > ')).sort(),
  }
}

/**
 * The rows of a report. Several copies of a package in one version make one row with the chains of
 * all copies. Asserts that the copies are otherwise equal.
 */
export function rows(report) {
  const paths = report.packages.map(({ path }) => path)
  assert.deepEqual(
    paths,
    [...new Set(paths)].sort(),
    'packages are sorted by path, without duplicates',
  )
  const merged = new Map()
  for (const found of report.packages) {
    const one = row(found)
    const key = `${one.name}@${one.version}`
    const before = merged.get(key)
    if (!before) {
      merged.set(key, one)
      continue
    }
    const chains = [...new Set([...before.requiredBy, ...one.requiredBy])].sort()
    assert.deepEqual(
      { ...one, requiredBy: chains },
      { ...before, requiredBy: chains },
      `copies of ${key} are alike`,
    )
    before.requiredBy = chains
  }
  return [...merged.values()].sort(byName)
}

/** Rows as text, one line each, so that a difference is easy to see. */
export const lines = (list) =>
  list.map(({ name, version, active, ok, complete, problems, optional, dev, requiredBy }) =>
    [
      `${name}@${version}: ${ok ? 'ok' : 'broken'}${complete ? '' : ', incomplete'}`,
      `opens ${active ?? 'nothing'}`,
      ...problems,
      ...(optional ? ['optional'] : []),
      ...(dev ? ['dev'] : []),
      `for ${requiredBy.join(' | ') || 'nobody'}`,
    ].join('; '),
  )

/** The real paths of the files that are opened and load, according to a report. */
export const activeFiles = (report) =>
  report.packages
    .filter(({ active }) => active?.outcome === 'loads')
    .map(({ active }) => realpathSync(active.file))
    .sort()
