// Downloads pinned packages of any Debian release with apt-get and unpacks them into a folder:
// nothing is installed on this machine, and apt's own state doesn't change.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onlyInFullLane } from './lane.mjs'

const execute = promisify(execFile)
const options = { maxBuffer: 64 << 20 }
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** The address of the Debian mirror that this machine uses. It also has other releases. */
async function mirror() {
  if (process.env.ABI_GUARD_DEBIAN_MIRROR) return process.env.ABI_GUARD_DEBIAN_MIRROR
  const { stdout } = await execute('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN) $(REPO_URI) $(RELEASE)',
    'Created-By: Packages',
  ]).catch(() => ({ stdout: '' }))
  // The archive of security updates has another layout of releases.
  const line = stdout.split('\n').find((one) => /^Debian \S+ [a-z]+$/.test(one))
  if (!line)
    throw new Error(
      'apt-get knows no Debian mirror: run it on Debian, or name one in ABI_GUARD_DEBIAN_MIRROR',
    )
  return line.split(' ')[1]
}

/** Runs apt-get with its own state below `work`. */
function apt(release, work, architecture, args) {
  const state = join(work, release)
  const settings = {
    'Dir::Etc::sourcelist': join(state, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': state,
    'APT::Architecture': architecture,
    'APT::Architectures::': architecture,
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Debug::NoLocking': '1',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  return execute('apt-get', ['-q', ...flags, ...args], { ...options, cwd: state })
}

/**
 * A package without the revision in its version, which point releases increase: `libc6=2.41-12`.
 */
const unrevised = (name) => name.replace(/[+~]deb\d+u\d+$/, '')

/**
 * Downloads packages of one release and unpacks all of them into one folder, as on a real system.
 * @param {string} release as in `trixie`
 * @param {{ package: string, sha256: string }[]} pins `name=version` and the hash of the .deb
 * @param {string} work an empty folder
 * @param {string} [architecture] Debian's name
 */
export async function unpackDebian(release, pins, work, folder, architecture = 'amd64') {
  onlyInFullLane(`Debian's ${release}`)
  const state = join(work, release)
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(state, 'archives', 'partial'), { recursive: true })
  writeFileSync(
    join(state, 'sources.list'),
    `deb [signed-by=${keyring}] ${await mirror()} ${release} main\n`,
  )
  const replaced = []
  for (const [index, pin] of pins.entries()) {
    try {
      if (index === 0) await apt(release, work, architecture, ['update'])
      await apt(release, work, architecture, ['download', pin.package]).catch((error) => {
        if (!/ was not found/.test(error.stderr)) throw error
        // A point release has replaced it. Debian keeps the upstream version within a release, and
        // apt checks the archive's signature.
        replaced.push(pin)
        return apt(release, work, architecture, ['download', `${unrevised(pin.package)}*`])
      })
    } catch (error) {
      throw new Error(
        `${pin.package} of ${release} could not be downloaded: ` +
          `${error.stderr?.trim() || error.message}`,
        { cause: error },
      )
    }
  }
  const byHash = new Map()
  for (const name of readdirSync(state).filter((one) => one.endsWith('.deb')))
    byHash.set(
      createHash('sha256')
        .update(readFileSync(join(state, name)))
        .digest('hex'),
      join(state, name),
    )
  mkdirSync(folder, { recursive: true })
  for (const pin of pins) {
    const [name] = pin.package.split('=')
    const isOf = (file) => file.startsWith(join(state, `${name}_`))
    const file = replaced.includes(pin) ? [...byHash.values()].find(isOf) : byHash.get(pin.sha256)
    if (!file)
      throw new Error(
        `${pin.package}: what apt-get downloaded hasn't the pinned hash ${pin.sha256}`,
      )
    await execute('dpkg-deb', ['-x', file, folder], options)
  }
}
