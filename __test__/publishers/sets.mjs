// node __test__/publishers/sets.mjs name@version…
// Published packages with their platform packages, as archives. sets.json pins them; with names,
// this script adds packages to it, or pins them again.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inCache, once, shortHash, temporaryFolder } from '../../scripts/support/cache.mjs'
import { onlyInFullLane } from '../../scripts/support/lane.mjs'
import { download } from '../../scripts/support/registry.mjs'

const file = fileURLToPath(new URL('sets.json', import.meta.url))

/**
 * The pins of each set: the first one is the package, and the others are its platform packages.
 * @type {Record<string, { package: string, integrity: string }[]>}
 */
export const sets = JSON.parse(readFileSync(file, 'utf8'))

/**
 * Downloads a set.
 * @returns {Promise<{ root: string, packed: string }>} the archive of the package, and the folder
 *   with those of its platform packages
 */
export async function downloadSet(name) {
  onlyInFullLane(`the package ${name} with its platform packages`)
  const pins = sets[name]
  const folder = inCache(
    'publishers',
    `${name.replaceAll('/', '+')}-${shortHash(JSON.stringify(pins))}`,
  )
  await once(folder, async (made, work) => {
    mkdirSync(join(made, 'packed'), { recursive: true })
    const found = await download(pins, work)
    for (const [index, { tarball }] of found.entries()) {
      const target = index === 0 ? 'root.tgz' : join('packed', `${index}.tgz`)
      renameSync(tarball, join(made, target))
    }
  })
  return { root: join(folder, 'root.tgz'), packed: join(folder, 'packed') }
}

/** A name of a package for one platform, or for WebAssembly. */
const OF_PLATFORM = /android|darwin|freebsd|linux|openbsd|openharmony|wasm|win32/

async function pin(spec) {
  const one = async (name) => {
    const [{ pin: wanted, integrity, tarball }] = await download(
      [{ package: name }],
      temporaryFolder(),
    )
    return { tarball, package: wanted.package, integrity }
  }
  const { tarball, ...root } = await one(spec)
  const text = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' })
  const { name, optionalDependencies } = JSON.parse(text)
  const pins = [root]
  for (const [member, version] of Object.entries(optionalDependencies)) {
    if (!OF_PLATFORM.test(member)) continue
    try {
      const { tarball: _, ...added } = await one(`${member}@${version}`)
      pins.push(added)
    } catch (error) {
      // The audit must find out that it is absent.
      console.error(error.message)
    }
  }
  sets[name] = pins
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const spec of process.argv.slice(2)) await pin(spec)
  const rows = Object.entries(sets).map(
    ([name, pins]) =>
      `  ${JSON.stringify(name)}: [\n${pins.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`,
  )
  writeFileSync(file, `{\n${rows.join(',\n')}\n}\n`)
}
