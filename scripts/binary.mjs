// node scripts/binary.mjs PLATFORM: makes sure that the package npm/PLATFORM has its binary. `npm
// pack` runs it there, so that no package is created without a binary, or with an outdated one. It
// uses the binary of `npm run build:all`, and otherwise builds that of this system.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileOf, platform } from './platforms/table.mjs'
import { releaseBuild } from './release.mjs'
import { root } from './setup.mjs'

const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')

function fail(message) {
  console.error(`binary: ${message}`)
  process.exit(1)
}

/** The time of the newest change in the sources. */
function sourcesChanged() {
  const files = (folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? files(path) : [path]
    })
  const all = [...files(join(root, 'src')), join(root, 'Cargo.toml'), join(root, 'Cargo.lock')]
  return Math.max(...all.map((file) => statSync(file).mtimeMs))
}

let one
try {
  one = platform(process.argv[2])
} catch (error) {
  fail(error.message)
}
const file = join(root, 'npm', one.name, fileOf(one))
const isOwn = one.name === platformName()
const isCurrent = existsSync(file) && statSync(file).mtimeMs >= sourcesChanged()
if (!isCurrent && !isOwn) {
  const why = existsSync(file) ? 'is older than the sources' : 'is not there'
  fail(`${file} ${why}: build it with "npm run build:all -- ${one.name}"`)
}
try {
  if (!isCurrent) releaseBuild(join(root, 'npm', one.name))
} catch (error) {
  fail(error.message)
}
// Imported only here, because it loads abi-guard, which needs the binary of this system.
const { inspect } = await import('./platforms/inspect.mjs')
const strict = inspect(one, file).wrong
const wrong = isOwn && strict.length > 0 ? inspect(one, file, { isLocal: true }).wrong : strict
if (wrong.length > 0) fail(wrong.map((sentence) => `${file}: ${sentence}`).join('\n'))
// A binary that was built for this system only is good enough for testing here; "npm run
// publish:all" rejects it.
for (const sentence of strict) console.error(`binary: not to be published: ${sentence}`)
