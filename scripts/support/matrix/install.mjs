// node scripts/support/matrix/install.mjs [small|full|edges|old|all] [--pin]
// Puts the executables of a group into the cache folder. --pin is for a new version in nodes.json:
// it downloads that version and writes its integrity there.
import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { once, writeWhole } from '../cache.mjs'
import { onlyInFullLane } from '../lane.mjs'
import { pool } from '../pool.mjs'
import { download, unpack } from '../registry.mjs'
import { byVersion, pins, placeOf, versions } from './index.mjs'

const unpinned = (version) => pins.integrity[version] === undefined

export async function install(group = 'small', { pinning = false, log = console.log } = {}) {
  const wanted = versions(group)
  if (wanted.length > 0) onlyInFullLane(`the group "${group}" of Node.js executables`)
  if (!pinning && wanted.some(unpinned))
    throw new Error(
      `Node.js ${wanted.find(unpinned)} has no integrity in nodes.json: run install.mjs with --pin`,
    )
  // A folder is named by its version, and npm never allows publishing a version twice. A folder
  // exists only if it is complete. Therefore an existing folder is always correct.
  const missing = wanted.filter((version) => unpinned(version) || !existsSync(placeOf(version)))
  if (missing.length === 0)
    return log(`matrix ${group}: ${wanted.length} Node.js executables are there`)
  const start = Date.now()
  await pool(missing, 3, installOne)
  if (pinning) writePins()
  const seconds = Math.round((Date.now() - start) / 1000)
  log(
    `matrix ${group}: installed ${missing.length} of ${wanted.length} Node.js executables ` +
      `in ${seconds} s`,
  )
}

/**
 * The executable of one release, which is installed if it is missing. Tests call this for every
 * release that they start.
 */
export async function installed(version) {
  onlyInFullLane(`Node.js ${version}`)
  if (unpinned(version)) throw new Error(`Node.js ${version} has no integrity in nodes.json`)
  if (!existsSync(placeOf(version))) await installOne(version)
  return placeOf(version)
}

async function installOne(version) {
  const home = dirname(dirname(placeOf(version)))
  if (unpinned(version)) rmSync(home, { recursive: true, force: true })
  await once(home, async (folder, work) => {
    const pin = { package: `${pins.package}@${version}`, integrity: pins.integrity[version] }
    const [{ tarball, integrity }] = await download([pin], work)
    await unpack(tarball, folder, 'bin/node')
    pins.integrity[version] = integrity
  })
}

function writePins() {
  pins.integrity = Object.fromEntries(
    Object.entries(pins.integrity).sort(([a], [b]) => byVersion(a, b)),
  )
  // The format of the file: the versions of a group are on one line.
  const text = JSON.stringify(pins, null, 2).replace(/\[[^[\]{}]*\]/g, (list) =>
    list.replace(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  )
  writeWhole(fileURLToPath(new URL('./nodes.json', import.meta.url)), `${text}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const group = process.argv.slice(2).find((word) => !word.startsWith('-'))
  await install(group, { pinning: process.argv.includes('--pin') })
}
