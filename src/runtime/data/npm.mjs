// The generator uses the network only through the npm client, in this file.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Windows has npm as a .cmd file, which only a shell can start.
const options = {
  encoding: 'utf8',
  maxBuffer: 64 << 20,
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
}
const npm = (args, cwd) => execFileSync('npm', [...args, '--loglevel=error'], { ...options, cwd })

/** Every published version of a package. */
export function versions(name) {
  const found = JSON.parse(npm(['view', name, 'versions', '--json']))
  return Array.isArray(found) ? found : [found]
}

/** The newest version of a package by its `latest` tag. */
export const latest = (name) => JSON.parse(npm(['view', name, 'dist-tags.latest', '--json']))

/** Unpacks some files of a package, calls `read` with their folder, and removes the folder. */
export function withPackage(name, version, files, read) {
  const folder = mkdtempSync(join(tmpdir(), 'abi-guard-data-'))
  try {
    npm(['pack', `${name}@${version}`, '--silent'], folder)
    const [tarball] = readdirSync(folder)
    execFileSync('tar', ['-xzf', tarball, ...files.map((file) => `package/${file}`)], {
      cwd: folder,
    })
    return read(join(folder, 'package'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
