// npm run build: the release build for this system, beside index.js. For an addon that is
// published, `npm run build:all` has older systems in mind.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileOf, libraryOf } from './platforms/table.mjs'
import { root } from './setup.mjs'

const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')

/**
 * Builds it into a folder. Not with napi's tool: only `cargo rustc` builds an addon alone, and only
 * so it is optimized as a whole.
 * @returns {string} the file
 */
export function releaseBuild(folder) {
  const target = join(root, 'target')
  const args = [
    'rustc',
    '--release',
    '--locked',
    '--lib',
    '--crate-type',
    'cdylib',
    '--target-dir',
    target,
  ]
  // Standard output may belong to npm pack, which prints JSON there.
  const { status, error } = spawnSync('cargo', args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error || status !== 0) throw new Error(`the build failed${error ? `: ${error.message}` : ''}`)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, fileOf({ name: platformName() }))
  // A file that a process has loaded is replaced, not written to.
  rmSync(file, { force: true })
  copyFileSync(join(target, 'release', libraryOf(process.platform)), file)
  return file
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(releaseBuild(root))
