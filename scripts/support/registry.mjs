// Downloads pinned packages with npm and unpacks them. `npm pack` instead of `npm install`: it
// takes packages meant for another platform, runs no script, brings no dependency along, and what
// it writes depends on nothing but the pin.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const options = { maxBuffer: 64 << 20 }

function npm(args, cwd) {
  // Under `npm test` this is the npm that runs us; its own settings for `npm test` must not reach
  // the one started here.
  const script = process.env.npm_execpath
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^npm_(config_(json|dry_run|workspaces?|pack_destination)|package|lifecycle)/.test(name),
    ),
  )
  return script && /npm-cli\.c?js$/.test(script)
    ? execute(process.execPath, [script, ...args], { ...options, cwd, env })
    : execute('npm', args, { ...options, cwd, env, shell: process.platform === 'win32' })
}

/**
 * Downloads packages with one run of npm, which costs more to start than a small package to fetch.
 * @param {{ package: string, integrity?: string }[]} pins `name@version` and the sha512 of the
 *   tarball; a pin without
 *   integrity must stand alone and is taken as it comes: that is how new pins are made
 * @param {string} work an empty folder
 * @returns {Promise<{ pin: object, tarball: string, integrity: string }[]>} in the order of the
 *   pins
 */
export async function download(pins, work) {
  const specs = pins.map((pin) => pin.package)
  try {
    await npm(
      ['pack', ...specs, '--loglevel=error', '--ignore-scripts', '--pack-destination', work],
      work,
    )
  } catch (error) {
    throw new Error(
      `${specs.join(', ')} could not be downloaded: ${error.stderr?.trim() || error.message}`,
      {
        cause: error,
      },
    )
  }
  const byIntegrity = new Map()
  for (const name of readdirSync(work).filter((one) => one.endsWith('.tgz'))) {
    const tarball = join(work, name)
    byIntegrity.set(
      `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`,
      tarball,
    )
  }
  return pins.map((pin) => {
    const integrity = pin.integrity ?? (pins.length === 1 ? [...byIntegrity.keys()][0] : undefined)
    const tarball = byIntegrity.get(integrity)
    if (!tarball)
      throw new Error(
        `${pin.package}: what npm downloaded hasn't the pinned integrity ${integrity}`,
      )
    return { pin, tarball, integrity }
  })
}

/** Unpacks a package's tarball, or its one file `only`, into a folder: package.json and so on directly in it. */
export async function unpack(tarball, folder, only) {
  mkdirSync(folder, { recursive: true })
  // Tarballs of npm have one top folder; its name is not always "package", so it is stripped and
  // not named where we can.
  const files = only ? [`package/${only}`] : []
  await execute(
    'tar',
    ['-xzf', tarball, '--strip-components=1', '--no-same-owner', '-C', folder, ...files],
    options,
  )
}
