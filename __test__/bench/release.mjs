// The package that is measured: it needs a release build of the addon.
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { releaseBuild } from '../../scripts/release.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Creates the package with a release build, separate from the checkout's debug build. */
export function releasePackage() {
  const folder = join(root, 'target', 'bench')
  mkdirSync(folder, { recursive: true })
  releaseBuild(folder)
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const name of ['package.json', ...files])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  return folder
}

/** The addon in a package folder. */
export function addonOf(folder) {
  const addon = readdirSync(folder).find((name) => name.endsWith('.node'))
  if (!addon) throw new Error(`${folder} has no addon: create it with scripts/release.mjs`)
  return join(folder, addon)
}
