// Makes an image of a system with the packages of a group, checks it, and requires each package in
// the unpacked image.
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { temporaryFolder } from '../../scripts/support/cache.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { packagesOf } from '../trace/groups.mjs'
import { writeChanges, writeLink } from './changes.mjs'
import { compare, rowsOf, verdict } from './compare.mjs'
import { APP, saveImage, unpackLayers, writeImage, writeLayer } from './image.mjs'
import { prepare, requireIn, scanIn } from './real.mjs'

/** What npm installed in the folder of a group. */
const installed = ['package.json', 'package-lock.json', 'node_modules']

/**
 * Compares all packages of a group in one system.
 * @returns {Promise<{ cells: { about: object, real: object, row: object | null, verdict: string,
 *   reason: string | null }[], changes: object, seconds: number, same: boolean | null,
 *   sameSaved: boolean }>}
 *   `same`: whether a scan inside of the unpacked image has the same rows; `null` if it can't run
 *   there. `sameSaved`: whether the image as `docker save` writes it has the same rows
 */
export async function compareIn(system, group, isWanted, checkArtifact) {
  const work = temporaryFolder()
  try {
    const added = (name) => {
      const folder = join(work, name)
      mkdirSync(folder)
      return folder
    }
    const packages = packagesOf(group)
    const changes = writeChanges(
      added('changes'),
      { root: group.root, architecture: system.architecture },
      packages.map(({ name }) => name),
    )
    writeLink(added('link'), changes.link)
    const tars = [
      writeLayer(join(work, '1.tar'), system.root),
      writeLayer(join(work, '2.tar'), group.root, { to: APP, names: installed }),
      writeLayer(join(work, '3.tar'), join(work, 'changes')),
      writeLayer(join(work, '4.tar'), join(work, 'link')),
    ]
    const image = added('image')
    const layers = await writeImage(image, system, tars)
    const start = performance.now()
    const [report, ...more] = checkArtifact(image)
    const seconds = (performance.now() - start) / 1000
    if (more.length > 0) throw new Error(`${system.name}: more than one report`)
    const inside = (file) => `${file}/linux-${system.architecture}`
    const rows = rowsOf(report, inside(image))
    const saved = join(work, 'saved.tar')
    saveImage(image, saved)
    const [ofSaved] = checkArtifact(saved)
    rmSync(saved)
    const sameSaved = isDeepStrictEqual(rowsOf(ofSaved, inside(saved)), rows)

    const root = added('root')
    unpackLayers(root, layers)
    prepare(root, system)
    const scanned = await scanIn(root, system)
    const same = scanned && isDeepStrictEqual(rowsOf(scanned, '').map(verdict), rows.map(verdict))
    const wanted = packages.filter(isWanted).map((about) => ({
      ...about,
      root: APP,
      real: about.name === changes.moved ? changes.link.target : placeOf(root, about.name),
    }))
    const cells = await pool(wanted, 2, async (about) => {
      const real = await requireIn(root, system, about)
      return { about, real, ...compare(about, system.name, real, rows) }
    })
    return { cells, changes, seconds, same, sameSaved }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The folder of a package in the image, without links. */
function placeOf(root, name) {
  const place = join(APP, 'node_modules', name)
  return existsSync(join(root, place)) ? realpathSync(join(root, place)).slice(root.length) : place
}
