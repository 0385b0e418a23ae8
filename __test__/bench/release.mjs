// The benchmarks measure a release build.
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
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
