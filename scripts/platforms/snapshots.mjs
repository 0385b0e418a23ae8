// The facts of each platform's binary as text: a changed dependency, export, minimum version or
// Node-API version is visible in review.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { firstDifference } from './compare.mjs'
import { reportOf, symbolsOf } from './inspect.mjs'
import { loadCommands } from './macho.mjs'
import { fileOf } from './table.mjs'

const fileFor = ({ name }) =>
  fileURLToPath(new URL(`../../__test__/platforms/snapshots/${name}.json`, import.meta.url))

/**
 * The facts of a platform's binary: abi-guard's report for the oldest system, its exports and
 * imports; for macOS, its load commands.
 */
function look(one, file) {
  const report = reportOf(one, file)
  // The newest release of a line changes every few weeks, and every build has another size.
  const target = { ...report.target, version: null, nodeApi: null }
  return {
    report: { ...report, file: fileOf(one), binary: { ...report.binary, size: null }, target },
    ...symbolsOf(file),
    ...(one.os === 'darwin' && { commands: loadCommands(readFileSync(file)) }),
  }
}

/**
 * Compares a binary with its snapshot.
 * @param {import('./table.mjs').Platform} one
 * @param {{ write?: boolean }} [how] `write`: writes the current facts instead
 * @returns {string | undefined} the first difference, in words
 */
export function differenceFromSnapshot(one, file, { write = false } = {}) {
  const snapshot = fileFor(one)
  const now = look(one, file)
  if (write) {
    mkdirSync(dirname(snapshot), { recursive: true })
    writeFileSync(snapshot, `${JSON.stringify(now, null, 2)}\n`)
    return undefined
  }
  if (!existsSync(snapshot)) return 'it has no snapshot yet: --write makes one'
  return firstDifference(JSON.parse(readFileSync(snapshot, 'utf8')), now, '')
}
