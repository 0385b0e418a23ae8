// Downloads pinned packages of Python's index with pip and unpacks them. Wheels are zip files, and
// some contain programs.
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onlyInFullLane } from './lane.mjs'

const execute = promisify(execFile)
const options = { maxBuffer: 64 << 20 }

/** True if there is a Python with pip. */
export const hasPip = () =>
  spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0

// Python's zipfile doesn't restore the permission to execute files.
const script = `
import os, sys, zipfile
wheel, folder, *wanted = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        if wanted and not entry.filename.startswith(tuple(wanted)):
            continue
        path = archive.extract(entry, folder)
        if entry.external_attr >> 16 & 0o111 and not entry.is_dir():
            os.chmod(path, 0o755)
`

/**
 * Downloads one wheel and unpacks it, or only its files whose paths begin with one of `only`.
 * @param {{ package: string, platform: string, sha256: string }} pin `name==version`, the
 *   platform's tag, the wheel's hash
 * @param {string} work an empty folder
 */
export async function unpackWheel(pin, work, folder, only = []) {
  onlyInFullLane(pin.package)
  mkdirSync(work, { recursive: true })
  const requirements = join(work, 'requirements.txt')
  writeFileSync(requirements, `${pin.package} --hash=sha256:${pin.sha256}\n`)
  const args = ['download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes']
  try {
    await execute(
      'python3',
      [
        '-m',
        'pip',
        ...args,
        '--platform',
        pin.platform,
        '--dest',
        work,
        '--requirement',
        requirements,
      ],
      options,
    )
  } catch (error) {
    throw new Error(
      `${pin.package} could not be downloaded: ${error.stderr?.trim() || error.message}`,
      {
        cause: error,
      },
    )
  }
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl'))
  mkdirSync(folder, { recursive: true })
  await execute('python3', ['-c', script, join(work, wheel), folder, ...only], options)
}
