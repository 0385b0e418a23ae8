// node scripts/binary.mjs PLATFORM: sees to it that the package npm/PLATFORM has its binary. `npm
// pack` runs it there, so that no package is made without one, or with an outdated one. What `npm
// run build:all` made is taken; else that of this system is built here.
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
// Only here: it looks through abi-guard itself, for which the binary of this system has to be
// there.
const { inspect } = await import('./platforms/inspect.mjs')
const strict = inspect(one, file).wrong
const wrong = isOwn && strict.length > 0 ? inspect(one, file, { isLocal: true }).wrong : strict
if (wrong.length > 0) fail(wrong.map((sentence) => `${file}: ${sentence}`).join('\n'))
// What was built for this system alone is good enough to be tried here; "npm run publish:all"
// doesn't take it.
for (const sentence of strict) console.error(`binary: not to be published: ${sentence}`)
