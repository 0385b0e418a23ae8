// The systems whose values fake.cjs gives to a process, and abi-guard's names for them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inCache, once, shortHash } from '../../scripts/support/cache.mjs'

const glibc = '2.36'
const musl = '1.2.5'
const machines = { x64: 'x86_64', arm64: 'aarch64' }

/**
 * The start of a 64-bit executable: its header, and the program header that names its loader, as
 * detect-libc reads it.
 */
function executableFor(arch, interpreter) {
  const bytes = Buffer.alloc(2048)
  bytes.write('\x7fELF\x02\x01\x01', 0, 'latin1')
  bytes.writeUInt16LE(3, 16) // ET_DYN
  bytes.writeUInt16LE(arch === 'x64' ? 62 : 183, 18)
  bytes.writeBigUInt64LE(64n, 32) // the program headers start
  bytes.writeUInt16LE(64, 52)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(1, 56)
  bytes.writeUInt32LE(3, 64) // PT_INTERP
  bytes.writeBigUInt64LE(120n, 72)
  bytes.writeBigUInt64LE(BigInt(interpreter.length + 1), 96)
  bytes.write(interpreter, 120)
  return bytes
}

const onMusl = (arch) => {
  const machine = machines[arch]
  const loader = `/lib/ld-musl-${machine}.so.1`
  const executable = executableFor(arch, loader)
  return {
    files: {
      '/etc/alpine-release': '3.21.3\n',
      '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.3\n',
      '/usr/bin/ldd': `#!/bin/sh\nexec ${loader} --list -- "$@"\n`,
      '/proc/self/exe': executable,
      [loader]: executable,
      [`/lib/libc.musl-${machine}.so.1`]: executable,
    },
    commands: {
      'ldd --version': { status: 1, stderr: `musl libc (${machine})\nVersion ${musl}\n` },
      getconf: { status: 1, stderr: 'getconf: GNU_LIBC_VERSION: unknown variable\n' },
    },
    report: { header: {}, sharedObjects: [loader, '/usr/lib/libstdc++.so.6'] },
  }
}

const onGlibc = (arch) => {
  const loader = arch === 'x64' ? '/lib64/ld-linux-x86-64.so.2' : '/lib/ld-linux-aarch64.so.1'
  const library = `/lib/${machines[arch]}-linux-gnu/libc.so.6`
  const executable = executableFor(arch, loader)
  return {
    files: {
      '/etc/os-release': 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n',
      '/usr/bin/ldd': '#! /bin/bash\n# ldd of the GNU C Library (GLIBC)\n',
      '/proc/self/exe': executable,
      [loader]: executable,
      [library]: executable,
    },
    commands: {
      'ldd --version': { status: 0, stdout: `ldd (Debian GLIBC ${glibc}-9) ${glibc}\n` },
      getconf: { status: 0, stdout: `glibc ${glibc}\n` },
    },
    report: {
      header: { glibcVersionRuntime: glibc, glibcVersionCompiler: '2.28' },
      sharedObjects: [library, loader],
    },
  }
}

const elsewhere = { files: {}, commands: {}, report: { header: {}, sharedObjects: [] } }
const windows = {
  SystemRoot: 'C:\\Windows',
  windir: 'C:\\Windows',
  APPDATA: 'C:\\Users\\x\\AppData\\Roaming',
  LOCALAPPDATA: 'C:\\Users\\x\\AppData\\Local',
  ProgramFiles: 'C:\\Program Files',
  OS: 'Windows_NT',
}

function describe(platform, arch, libc) {
  if (platform === 'linux') {
    const os = { type: 'Linux', machine: machines[arch], release: '6.1.0' }
    return { ...(libc === 'musl' ? onMusl(arch) : onGlibc(arch)), os, env: {} }
  }
  if (platform === 'darwin') {
    const os = { type: 'Darwin', machine: arch === 'x64' ? 'x86_64' : arch, release: '24.6.0' }
    return { ...elsewhere, os, env: {} }
  }
  return {
    ...elsewhere,
    os: { type: 'Windows_NT', machine: machines[arch], release: '10.0.22631' },
    env: windows,
  }
}

const system = (title, runtime, platform, arch, libc, versions = {}) => {
  const suffix = libc === 'glibc' ? `-glibc${glibc}` : libc ? `-${libc}` : ''
  return {
    title,
    runtime,
    platform,
    arch,
    libc,
    versions,
    suffix,
    ...describe(platform, arch, libc),
  }
}

// An Electron with the same Node.js line as the Node.js that gets the faked values, so that only
// its version numbers are faked.
const electron = {
  electron: '37.10.3',
  chrome: '138.0.7204.251',
  node: '22.21.1',
  modules: '136',
  napi: '10',
}

export const systems = [
  system('musl', 'node', 'linux', 'x64', 'musl'),
  system('arm64', 'node', 'linux', 'arm64', 'glibc'),
  system('mac arm64', 'node', 'darwin', 'arm64', null),
  system('mac x64', 'node', 'darwin', 'x64', null),
  system('win x64', 'node', 'win32', 'x64', null),
  system('win arm64', 'node', 'win32', 'arm64', null),
  system('electron', 'electron', 'linux', 'x64', 'glibc', electron),
]

/** The target for abi-guard: the system, with the `version` of the Node.js that gets its values. */
export const targetOf = ({ runtime, versions, platform, arch, suffix }, version) =>
  `${runtime}@${versions.electron ?? version}/${platform}-${arch}${suffix}`

/** Writes a system's files and its description; returns the path of the description. */
export async function lay(one) {
  const { files, ...rest } = one
  const contents = Object.entries(files).map(([name, content]) => [
    name,
    content.toString('latin1'),
  ])
  const folder = inCache('trace', 'systems', shortHash(JSON.stringify([rest, contents])))
  await once(folder, async (made) => {
    mkdirSync(join(made, 'root'), { recursive: true })
    for (const [name, content] of Object.entries(files)) {
      const file = join(made, 'root', name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    writeFileSync(
      join(made, 'system.json'),
      JSON.stringify({ ...rest, root: join(folder, 'root') }),
    )
  })
  return join(folder, 'system.json')
}

/** True if a package manager may install a package with these fields on one of the systems. */
export function isForSome({ os, cpu, libc }) {
  const fits = (list, value) => {
    if (!list || value === null) return true
    const names = [list].flat()
    return (
      names.includes(value) ||
      (names.every((name) => name.startsWith('!')) && !names.includes(`!${value}`))
    )
  }
  return systems.some(
    (one) => fits(os, one.platform) && fits(cpu, one.arch) && fits(libc, one.libc),
  )
}
