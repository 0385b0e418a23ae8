// Downloads pinned packages with npm and unpacks them. `npm pack` is used instead of `npm install`,
// because it accepts packages for other platforms, runs no script, installs no dependencies, and
// its result depends only on the pin.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const options = { maxBuffer: 64 << 20 }

function npm(args, cwd) {
  // In `npm test`, this is the npm that runs the script. Its settings for `npm test` must not reach
  // the npm that is started here.
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
 * Downloads packages with one run of npm, because starting npm takes longer than downloading a
 * small package.
 * @param {{ package: string, integrity?: string }[]} pins `name@version` and the sha512 of the
 *   tarball. A pin without integrity must be the only one and isn't checked: new pins are created
 *   in this way.
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

/**
 * Unpacks a package's tarball, or only its file `only`, into a folder, without the tarball's top
 * folder.
 */
export async function unpack(tarball, folder, only) {
  mkdirSync(folder, { recursive: true })
  // The tarballs of npm have one top folder. Its name is not always "package", so it is stripped
  // and, if possible, not named.
  const files = only ? [`package/${only}`] : []
  await execute(
    'tar',
    ['-xzf', tarball, '--strip-components=1', '--no-same-owner', '-C', folder, ...files],
    options,
  )
}
