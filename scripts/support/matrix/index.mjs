// The Node.js executables with which verdicts are compared: the result of a real load is the truth
// about a file.
import { existsSync, readFileSync } from 'node:fs'
import { inCache } from '../cache.mjs'
import { isLinuxX64 } from '../system.mjs'

export const pins = JSON.parse(readFileSync(new URL('./nodes.json', import.meta.url), 'utf8'))

/**
 * running: only the running Node.js; small: for the full lane of the tests; full: one early and one
 * late release of each line; edges: releases around changes of the Node-API rules; old: Node 0.10
 * to 17; all: all of them.
 */
export const groups = [...Object.keys(pins.groups), 'all']

/** The path of the executable of an installed release. */
export const placeOf = (version) => inCache('matrix', `node-${version}`, 'bin', 'node')

/**
 * The executable of a release that a test has installed, with `installed(version)` or
 * `install(group)` of install.mjs.
 */
export function executable(version) {
  const path = placeOf(version)
  if (existsSync(path)) return path
  throw new Error(
    `Node.js ${version} is not installed: the test has to await installed('${version}') first`,
  )
}

const numbers = (version) => version.split('.').map(Number)
export function byVersion(a, b) {
  const [x, y] = [numbers(a), numbers(b)]
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]
}

/** The versions of a group, oldest first; none if this machine can't run them. */
export function versions(group) {
  if (!groups.includes(group))
    throw new Error(`there is no group "${group}" of runtimes: choose one of ${groups.join(', ')}`)
  if (!isLinuxX64) return []
  const list = group === 'all' ? Object.values(pins.groups).flat() : pins.groups[group]
  return [...new Set(list)].sort(byVersion)
}

/**
 * The runtimes of a group, oldest first, and the running Node.js, which needs no download.
 * @returns {{ version: string, execPath: string }[]}
 */
export function listNodes(group = 'small') {
  const running = process.versions.node
  const list = versions(group).map((version) => ({ version, execPath: placeOf(version) }))
  const missing = list.filter(({ execPath }) => !existsSync(execPath))
  if (missing.length > 0) {
    const names = missing.map(({ version }) => version).join(', ')
    throw new Error(
      `Node.js ${names} not installed: run "node scripts/support/matrix/install.mjs ${group}"`,
    )
  }
  if (!list.some(({ version }) => version === running) && /^\d+\.\d+\.\d+$/.test(running)) {
    list.push({ version: running, execPath: process.execPath })
  }
  return list.sort((a, b) => byVersion(a.version, b.version))
}
