// What each platform's binary is, kept as text: a changed dependency, export, floor or Node-API
// version shows in review.
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
 * A platform's binary: what abi-guard says of it for the oldest system, what it exports and
 * imports; for macOS, its load commands.
 */
function look(one, file) {
  const report = reportOf(one, file)
  // Of the newest release of a line another comes every few weeks; and every build is of another
  // size.
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
 * @param {{ write?: boolean }} [how] `write`: keep what is there now instead
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
