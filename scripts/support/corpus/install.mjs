// node scripts/support/corpus/install.mjs [small|full|bench] [--pin]
// Puts the packages of a group into the cache folder; `full` includes `small`. --pin is for a new
// line in packages.json: it downloads packages without an integrity (their version may be a range),
// and writes the exact version and the integrity.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { once, temporaryFolder, writeWhole } from '../cache.mjs'
import { onlyInFullLane } from '../lane.mjs'
import { pool } from '../pool.mjs'
import { download, unpack } from '../registry.mjs'
import { format, groups, packageFolder, pins, pinsNamed, rootFolder } from './pins.mjs'

/** Installs a group, or only the packages of the group with these names. */
export async function install(group = 'small', { log = console.log, names } = {}) {
  const wanted = pinsNamed(group, names)
  // Twenty files of the fast lane share the small group.
  if (group !== 'small') onlyInFullLane(`the group "${group}" of the corpus`)
  // A folder is named by package and version, and npm never allows publishing a version twice. A
  // folder exists only if it is complete. Therefore an existing folder is always correct.
  const missing = wanted.filter((pin) => !existsSync(rootFolder(pin)))
  if (missing.length === 0) return log(`corpus ${group}: ${wanted.length} packages are there`)
  const start = Date.now()
  const batches = Array.from({ length: Math.ceil(missing.length / batchSize) }, (_, index) =>
    missing.slice(index * batchSize, (index + 1) * batchSize),
  )
  await pool(batches, 3, installBatch)
  const seconds = Math.round((Date.now() - start) / 1000)
  log(`corpus ${group}: installed ${missing.length} of ${wanted.length} packages in ${seconds} s`)
}

const batchSize = 8

/** A pin and its companions. */
const family = (pin) => [pin, ...(pin.with ?? [])]

async function installBatch(batch) {
  const all = batch.flatMap(family)
  const loose = all.find((pin) => !pin.integrity)
  if (loose)
    throw new Error(
      `${loose.package} has no integrity in packages.json: run install.mjs with --pin`,
    )
  const work = temporaryFolder()
  try {
    const downloads = await download(all, work)
    for (const pin of batch) {
      await once(rootFolder(pin), async (root) => {
        for (const { pin: each, tarball } of downloads.filter((one) =>
          family(pin).includes(one.pin),
        ))
          await unpack(tarball, packageFolder(root, each))
      })
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function pinAll() {
  const open = groups
    .flatMap((group) => pins[group])
    .flatMap(family)
    .filter((pin) => !pin.integrity)
  await pool(open, 4, async (pin) => {
    const folder = temporaryFolder()
    try {
      const [{ tarball, integrity }] = await download([pin], folder)
      await unpack(tarball, join(folder, 'package'))
      const { name, version } = JSON.parse(
        readFileSync(join(folder, 'package', 'package.json'), 'utf8'),
      )
      pin.integrity = integrity
      pin.package = `${name}@${version}`
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
  writeWhole(fileURLToPath(new URL('./packages.json', import.meta.url)), format(pins))
  console.log(`corpus: pinned ${open.length} packages`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--pin')) await pinAll()
  await install(process.argv.slice(2).find((word) => !word.startsWith('-')))
}
