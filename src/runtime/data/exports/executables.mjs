// The executables of Node.js on npm, and the exports of each. A release never changes, so its list
// is cached, but not its executable (100 MB).

import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { inCache, temporaryFolder, writeWhole } from '../../../../scripts/support/cache.mjs'
import { exportedNames } from './readers.mjs'

const execute = promisify(execFile)
const options = { maxBuffer: 64 << 20, shell: process.platform === 'win32' }

/** The file with the exported names of a release, one per line. */
const listOf = (name, version) => inCache('exports', `${name}@${version}.txt.gz`)

/** Downloads and reads a release that isn't in the cache. */
export async function read(name, version) {
  const list = listOf(name, version)
  if (existsSync(list)) return
  const names = await withExecutable(name, version, (file) => exportedNames(readFileSync(file)))
  writeWhole(list, gzipSync([...new Set(names)].sort().join('\n')))
}

/** The sorted names that a release exports, once it has been read. */
export const namesOf = (name, version) =>
  gunzipSync(readFileSync(listOf(name, version)))
    .toString('latin1')
    .split('\n')

async function withExecutable(name, version, read) {
  const folder = temporaryFolder()
  try {
    // Uses a temporary cache: in its own cache, npm would keep all of these packages.
    const cache = ['--cache', join(folder, 'npm')]
    await execute('npm', ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', ...cache], {
      ...options,
      cwd: folder,
    })
    const tarball = readdirSync(folder).find((one) => one.endsWith('.tgz'))
    const inside = name.includes('-win-') ? 'package/bin/node.exe' : 'package/bin/node'
    await execute('tar', ['-xzf', tarball, inside], { ...options, cwd: folder })
    return read(join(folder, inside))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
