// Projects whose packages were installed for another system, as in folders that were copied or
// mounted.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { write } from '../layouts/installed.mjs'
import { layouts } from '../layouts/layouts.mjs'
import { run } from '../layouts/managers.mjs'

/** A package with a platform package for each system. */
export const PACKAGE = '@node-rs/crc32'

const LAYOUTS = {
  npm10: 'npm10-hoisted',
  npm11: 'npm11-hoisted',
  npm12: 'npm12-hoisted',
  pnpm10: 'pnpm10-isolated',
  bun: 'bun-hoisted',
}

/** The tested package managers. */
export const managers = Object.keys(LAYOUTS)

/**
 * Installs for macOS on arm64, and leaves no setting for that system.
 * @param {string} manager one of `managers`
 * @param {{ node?: string, forgets?: boolean }} how `forgets`: the lockfile has only the packages
 *   of that system, as npm sometimes writes it
 */
export async function installedElsewhere(manager, { node, forgets = false }) {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-repair-')))
  const folder = join(place, 'app')
  mkdirSync(folder)
  const about = layouts[LAYOUTS[manager]]
  const manifest = {
    name: 'app',
    version: '1.0.0',
    private: true,
    dependencies: { [PACKAGE]: '1.10.6' },
  }
  const { args = [], settings } = about.system({ os: 'darwin', cpu: 'arm64' })
  write(folder, { ...about.files(manifest, settings), 'package.json': manifest })
  await run(manager, [...about.args, ...args], { cwd: folder, node })
  write(folder, about.files(manifest))
  if (forgets) {
    const file = join(folder, 'package-lock.json')
    const lock = JSON.parse(readFileSync(file, 'utf8'))
    const others = Object.keys(lock.packages).filter((path) => /crc32-(?!darwin-arm64$)/.test(path))
    for (const path of others) delete lock.packages[path]
    writeFileSync(file, JSON.stringify(lock, null, 2))
    rmSync(join(folder, 'node_modules', '.package-lock.json'), { force: true })
  }
  return { folder, remove: () => rmSync(place, { recursive: true, force: true }) }
}
