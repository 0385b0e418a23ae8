// The projects whose packages are traced. Each has a folder with package.json and lockfile, because
// one node_modules can't have two versions of a package at the top. Every direct dependency is
// traced; details.mjs has special requirements.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compiler } from '../fixtures/compile.mjs'
import { placeOf, versions } from '../../scripts/support/matrix/index.mjs'
import { inCache, readJson, shortHash } from '../../scripts/support/cache.mjs'
import { detailsOf } from './details.mjs'

/**
 * `foreign`: the platform packages of other systems are also installed. `built`: the install
 * scripts run and compile. `old`: also traced in Node.js 16. `small` is for every run of the tests,
 * `heavy` has large packages.
 */
const traits = {
  small: { foreign: true },
  current: { foreign: true },
  more: { foreign: true },
  extra: { foreign: true },
  older: { foreign: true, old: true },
  oldest: { foreign: true, old: true },
  heavy: {},
  built: { built: true },
  compiled: { built: true },
}
export const groupNames = Object.keys(traits)

/** The Node.js that builds, and whose headers are used. */
const version = versions('full').findLast((one) => one.startsWith('20.'))
export const builder = { version, execPath: placeOf(version) }

export const sourceFolder = (name) => fileURLToPath(new URL(`./groups/${name}`, import.meta.url))

/**
 * A group with the folder in which it is installed. The folder's name is a hash of everything on
 * which its content depends.
 */
export function groupOf(name) {
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((file) =>
    readFileSync(`${sourceFolder(name)}/${file}`, 'utf8'),
  )
  const { foreign = false, built = false, old = false } = traits[name]
  const identity = [manifest, lock, foreign, built && [compiler(), builder.version]]
  return {
    name,
    manifest,
    lock,
    foreign,
    built,
    old,
    root: inCache('trace', `${name}-${shortHash(String(identity))}`),
  }
}

/** The packages of a group: `{ group, root, name, version, directory, ... }` and their details. */
export function packagesOf(group) {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(group.manifest)
  const notBuilt = readJson(`${group.root}/not-built.json`, {})
  return Object.entries({ ...dependencies, ...optionalDependencies })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, version]) => ({
      group: group.name,
      old: group.old,
      root: group.root,
      name,
      version,
      directory: `${group.root}/node_modules/${name}`,
      notBuilt: Object.hasOwn(notBuilt, name),
      ...detailsOf(name, version),
    }))
}
