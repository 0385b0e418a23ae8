// The executables of Node.js that npm ships, and what each of them exports. A release never
// changes, so its list is kept; the executable itself (100 MB) isn't.

import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { inCache, temporaryFolder, writeWhole } from '../../../../scripts/support/cache.mjs'
import { exportedNames } from './readers.mjs'

const execute = promisify(execFile)
const options = { maxBuffer: 64 << 20, shell: process.platform === 'win32' }

/** The file that holds the names a release exports, one a line. */
const listOf = (name, version) => inCache('exports', `${name}@${version}.txt.gz`)

/** Downloads and reads a release that isn't known yet. */
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
    // With a cache of its own, which goes away: npm would keep every one of these packages.
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
