// node __test__/runners/install.mjs [--in=<folder>] [runner…] [--pin]
// Installs test runners into the cache folder. Each folder beside this file is one installation.
// --pin is for a change of a package.json: it creates the lockfile again.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
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
export const installedRunners = (name) => installedIn(here, name)

/**
 * The same for a folder elsewhere.
 * @param {string} home the folder that has the package.json and the lockfile in a folder `name`
 */
export async function installedIn(home, name) {
  onlyInFullLane(name)
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((file) =>
    readFileSync(join(home, name, file), 'utf8'),
  )
  if (!isPinned(manifest, lock))
    throw new Error(
      `the lockfile in ${join(home, name)} is old: run runners/install.mjs with --pin`,
    )
  return once(inCache('runners', `${name}-${shortHash(lock)}`), async (folder) => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), manifest)
    writeFileSync(join(folder, 'package-lock.json'), lock)
    // Not `npm ci`: it rejects a lockfile without the platform packages that a registry didn't have
    // (npm/cli#4828).
    await run('npm11', ['install', '--no-save', ...quiet], { cwd: folder })
  })
}

async function pin(home, name) {
  const cwd = join(home, name)
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
  const option = process.argv.find((word) => word.startsWith('--in='))
  const home = option ? resolve(option.slice('--in='.length)) : here
  const all = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names =
    words.length > 0 ? words : all.map(({ name }) => name).filter((name) => name !== 'suites')
  for (const name of names) {
    if (process.argv.includes('--pin')) await pin(home, name)
    console.log(await installedIn(home, name))
  }
}
