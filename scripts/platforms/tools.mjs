// The tools for cross-building, unpacked below a cache folder; nothing is installed on this
// machine. They are a Rust compiler together with the source of its own standard library (Debian
// has such a pair, so rustup's other targets aren't needed), and zig, which links for every system
// and contains the C libraries of all of them.
import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unpackWheel } from '../support/wheels.mjs'
import { isLinuxX64 } from '../support/system.mjs'

const execute = promisify(execFile)
const options = { maxBuffer: 64 << 20 }

/** The folder of all tools. Compiled files are kept there, too, so that the next build is fast. */
export const toolFolder =
  process.env.ABI_GUARD_BUILD_CACHE ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'abi-guard-build')

const wheels = [
  {
    package: 'ziglang==0.15.2',
    platform: 'manylinux_2_12_x86_64',
    sha256: '806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130',
  },
  {
    package: 'cargo-zigbuild==0.24.0',
    platform: 'manylinux_2_5_x86_64',
    sha256: '484412e39e4c6039474535ce97ee75a22bab22d58233056f8ec8a8f9034bb957',
  },
]

/** A requirement that the user must install first. */
export class ToolError extends Error {}

/**
 * The tools of a build.
 * @typedef {object} Tools
 * @property {string} rust folder of Debian's Rust
 * @property {string} host folder of rustup's Rust, which is only read
 * @property {string} bin folder with Debian's `rustc` and `clippy-driver`, and a program that
 *   strips Mach-O files
 * @property {string} zigbuild folder with `cargo-zigbuild`
 * @property {string} zig folder with `zig`
 * @property {string} libnode a folder that replaces Node.js's import library, which isn't used
 * @property {Record<string, string>} versions of all tools that affect the result
 */

/** Installs missing tools. @returns {Promise<Tools>} */
export async function tools() {
  if (!isLinuxX64)
    throw new ToolError('binaries for all platforms are built on Debian for x64: run this there')
  mkdirSync(toolFolder, { recursive: true })
  const rust = join(await rustFromDebian(), 'usr')
  const wheel = await whole('python-2', async (folder, work) => {
    for (const [index, pin] of wheels.entries())
      await unpackWheel(pin, join(work, String(index)), folder)
  })
  const host = printed('rustc', ['--print', 'sysroot'])
  const objcopy = join(host, 'lib', 'rustlib', 'x86_64-unknown-linux-gnu', 'bin', 'rust-objcopy')
  if (!existsSync(objcopy)) throw new ToolError(`there is no ${objcopy}: install Rust with rustup`)
  const bin = join(toolFolder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const name of ['rustc', 'clippy-driver'])
    script(bin, name, join(rust, 'lib', 'x86_64-linux-gnu'), join(rust, 'bin', name))
  // It strips Mach-O files and renews their signatures.
  script(bin, 'rust-objcopy', join(host, 'lib'), objcopy)
  const libnode = join(toolFolder, 'libnode')
  mkdirSync(libnode, { recursive: true })
  writeFileSync(join(libnode, 'libnode.dll'), '')
  writeFileSync(join(libnode, 'libnode.a'), '!<arch>\n')
  const zig = join(wheel, 'ziglang')
  return {
    rust,
    host,
    libnode,
    bin,
    zigbuild: zigbuildIn(wheel),
    zig,
    versions: {
      'rustc (linux-x64-gnu)': printed('rustc', ['--version']),
      'rustc (others)': printed(join(bin, 'rustc'), ['--version']),
      zig: printed(join(zig, 'zig'), ['version']),
      'cargo-zigbuild': wheels[1].package.split('==')[1],
    },
  }
}

/**
 * Debian replaces this package in place, so its version can't be pinned. Compiler, library and
 * lints always have the same source.
 */
async function rustFromDebian() {
  return whole('debian-rust-2', async (folder, work) => {
    mkdirSync(join(work, 'lists', 'partial'), { recursive: true })
    mkdirSync(join(work, 'archives', 'partial'), { recursive: true })
    const apt = (...args) =>
      execute(
        'apt-get',
        [
          '-q',
          '-o',
          `Dir::State::lists=${work}/lists`,
          '-o',
          `Dir::Cache=${work}`,
          '-o',
          'Debug::NoLocking=1',
          ...args,
        ],
        options,
      )
    try {
      await apt('update')
      await apt(
        'install',
        '-y',
        '--no-install-recommends',
        '--download-only',
        'rustc-web',
        'rust-web-src',
        'rust-web-clippy',
      )
    } catch (error) {
      const said =
        error.code === 'ENOENT' ? 'there is no apt-get' : error.stderr?.trim() || error.message
      throw new ToolError(`Debian's rustc-web could not be downloaded: ${said}`, { cause: error })
    }
    mkdirSync(folder)
    const parts = ['./usr/src/rustc-*/library', './usr/lib/rustlib/src']
    for (const name of readdirSync(join(work, 'archives')).filter((one) => one.endsWith('.deb'))) {
      const file = join(work, 'archives', name)
      if (!name.startsWith('rust-web-src_'))
        await execute('dpkg-deb', ['-x', file, folder], options)
      else {
        // Only the library is unpacked from the source: the rest is ten times as large.
        const command = 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --wildcards "$3" "$4"'
        await execute('sh', ['-c', command, 'sh', file, folder, ...parts], options)
      }
    }
    await execute('chmod', ['-R', 'u+w', join(folder, 'usr', 'src')])
  })
}

/** The folder of the program, which a wheel has in its `scripts`. */
function zigbuildIn(wheel) {
  const data = readdirSync(wheel).find(
    (name) => name.startsWith('cargo_zigbuild-') && name.endsWith('.data'),
  )
  const folder = join(wheel, data, 'scripts')
  chmodSync(join(folder, 'cargo-zigbuild'), 0o755)
  return folder
}

/** A folder that is either complete or missing. */
async function whole(name, fill) {
  const target = join(toolFolder, name)
  if (existsSync(target)) return target
  console.error(`tools: fetching ${name}`)
  const work = mkdtempSync(join(toolFolder, 'tmp-'))
  try {
    await fill(join(work, 'made'), work)
    renameSync(join(work, 'made'), target)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return target
}

function script(bin, name, libraries, program) {
  writeFileSync(join(bin, name), `#!/bin/sh\nLD_LIBRARY_PATH=${libraries} exec ${program} "$@"\n`, {
    mode: 0o755,
  })
}

const printed = (program, args) => execFileSync(program, args, { encoding: 'utf8' }).trim()
