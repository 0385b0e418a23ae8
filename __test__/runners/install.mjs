// node __test__/runners/install.mjs [runner…] [--pin]
// Installs test runners into the cache folder. Each folder beside this file is one installation.
// --pin is for a change of a package.json: it creates the lockfile again.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../layouts/managers.mjs'
import { inCache, once, shortHash, writeWhole } from '../../scripts/support/cache.mjs'
import { onlyInFullLane } from '../../scripts/support/lane.mjs'
import { compact, isPinned } from '../support/lock.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * The folder of an installation. It must not be changed.
 * @param {string} name one of the folders beside this file
 */
export async function installedRunners(name) {
  onlyInFullLane(name)
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((file) =>
    readFileSync(join(here, name, file), 'utf8'),
  )
  if (!isPinned(manifest, lock))
    throw new Error(`runners: the lockfile of ${name} is old: run install.mjs with --pin`)
  return once(inCache('runners', `${name}-${shortHash(lock)}`), async (folder) => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), manifest)
    writeFileSync(join(folder, 'package-lock.json'), lock)
    // Not `npm ci`: it rejects a lockfile without the platform packages that a registry didn't have
    // (npm/cli#4828).
    await run('npm11', ['install', '--no-save', ...quiet], { cwd: folder })
  })
}

async function pin(name) {
  const cwd = join(here, name)
  await run(
    'npm11',
    ['install', '--package-lock-only', '--omit-lockfile-registry-resolved', ...quiet],
    {
      cwd,
    },
  )
  const lock = join(cwd, 'package-lock.json')
  writeWhole(lock, compact(readFileSync(lock, 'utf8')))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('-'))
  const all = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names =
    words.length > 0 ? words : all.map(({ name }) => name).filter((name) => name !== 'suites')
  for (const name of names) {
    if (process.argv.includes('--pin')) await pin(name)
    console.log(await installedRunners(name))
  }
}
