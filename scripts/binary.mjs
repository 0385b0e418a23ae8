// node scripts/binary.mjs PLATFORM: sees to it that the package npm/PLATFORM has its binary. `npm pack` runs it there, so that no package
// is made without one, or with an outdated one. What `npm run build:all` made is taken; else that of this system is built here.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inspect } from './platforms/inspect.mjs'
import { fileOf, platform } from './platforms/table.mjs'
import { root } from './setup.mjs'

const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')

function fail(message) {
  console.error(`binary: ${message}`)
  process.exit(1)
}

/** When the newest of the sources was written. */
function sourcesChanged() {
  const files = (folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? files(path) : [path]
    })
  const all = [...files(join(root, 'src')), join(root, 'Cargo.toml'), join(root, 'Cargo.lock')]
  return Math.max(...all.map((file) => statSync(file).mtimeMs))
}

/** A release build for this system, of what it has: it needs the libc of this system, or a newer one. */
function build(one, file) {
  const napi = join(root, 'node_modules', '@napi-rs', 'cli', 'dist', 'cli.js')
  if (!existsSync(napi)) fail('its tools are not installed: run npm install first')
  const output = join(root, 'target', 'release-binary')
  const args = [napi, 'build', '--platform', '--release', '--no-js', '--output-dir', output]
  // Standard output belongs to npm pack, which may print JSON there.
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error || status !== 0) fail(`the build failed${error ? `: ${error.message}` : ''}`)
  rmSync(file, { force: true })
  copyFileSync(join(output, fileOf(one)), file)
}

let one
try {
  one = platform(process.argv[2])
} catch (error) {
  fail(error.message)
}
const file = join(root, 'npm', one.name, fileOf(one))
const isCurrent = existsSync(file) && statSync(file).mtimeMs >= sourcesChanged()
if (!isCurrent) {
  if (one.name !== platformName()) {
    const why = existsSync(file) ? 'is older than the sources' : 'is not there'
    fail(`${file} ${why}: build it with "npm run build:all -- ${one.name}"`)
  }
  build(one, file)
}
for (const sentence of inspect(one, file).wrong) {
  // One that was built here is good enough to be tried here.
  if (isCurrent) fail(`${file}: ${sentence}`)
  console.error(`binary: not to be published: ${sentence}`)
}
