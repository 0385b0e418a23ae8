// npm run build: the release build for this system, beside index.js. For a published addon, use
// `npm run build:all`, which supports older systems.
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
 * Builds the addon into a folder. This doesn't use napi's tool: only `cargo rustc` can build an
 * addon without the Rust library, and only then is it optimized as a whole.
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
  // Standard output may be that of npm pack, which prints JSON.
  const { status, error } = spawnSync('cargo', args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error || status !== 0) throw new Error(`the build failed${error ? `: ${error.message}` : ''}`)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, fileOf({ name: platformName() }))
  // A file that a process has loaded is replaced and not overwritten.
  rmSync(file, { force: true })
  copyFileSync(join(target, 'release', libraryOf(process.platform)), file)
  return file
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(releaseBuild(root))
