// The binaries of all platforms: how they are called, and what is found in a wrong one. Those that npm run build:all makes are tried by
// npm run test:all-platforms; nothing here needs them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { platforms } from '../scripts/platforms/table.mjs'
import { withLoader } from './support/loader.mjs'
import { project } from './support/project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const { platformName } = require('../lib/platform.js')
const isLinux = process.platform === 'linux' && process.arch === 'x64'

/** What a process would be called that had these properties. */
function nameAs(pretended) {
  const own = Object.keys(pretended).map((key) => [key, Object.getOwnPropertyDescriptor(process, key)])
  for (const [key, descriptor] of own)
    Object.defineProperty(process, key, { ...descriptor, value: pretended[key] })
  try {
    return platformName()
  } finally {
    for (const [key, descriptor] of own) Object.defineProperty(process, key, descriptor)
  }
}

describe('the name of a platform', () => {
  for (const one of platforms.filter(({ libc }) => libc !== 'musl'))
    test(`is ${one.name} on ${one.os} with ${one.cpu}`, () => {
      assert.equal(nameAs({ platform: one.os, arch: one.cpu }), one.name)
    })

  /** Executables for musl that name their loader in their first bytes, or elsewhere. */
  const elf = ({ wide, at }) => {
    const loader = Buffer.from('/lib/ld-musl-other.so.1\0')
    const bytes = Buffer.alloc(at + loader.length)
    bytes.write('\x7fELF', 0, 'latin1')
    bytes[4] = wide ? 2 : 1
    const [table, size] = wide ? [0x40, 56] : [0x34, 32]
    const long = (value, place) =>
      wide ? bytes.writeBigUInt64LE(BigInt(value), place) : bytes.writeUInt32LE(value, place)
    long(table, wide ? 0x20 : 0x1c)
    bytes.writeUInt16LE(size, wide ? 0x36 : 0x2a)
    bytes.writeUInt16LE(2, wide ? 0x38 : 0x2c)
    bytes.writeUInt32LE(6, table)
    bytes.writeUInt32LE(3, table + size)
    long(at, table + size + (wide ? 0x08 : 0x04))
    long(loader.length, table + size + (wide ? 0x20 : 0x10))
    loader.copy(bytes, at)
    return bytes
  }
  for (const [what, arch, name, form] of [
    ['64 bits', 'x64', 'linux-x64-musl', { wide: true, at: 0x100 }],
    ['64 bits and its loader far behind', 'arm64', 'linux-arm64-musl', { wide: true, at: 0x100000 }],
    ['32 bits', 'arm', 'linux-arm-musleabihf', { wide: false, at: 0x100 }],
    ['32 bits and its loader far behind', 'arm', 'linux-arm-musleabihf', { wide: false, at: 0x100000 }],
  ])
    test(`is ${name} for an executable of ${what}`, (t) => {
      const folder = project(t, { node: elf(form) })
      assert.equal(nameAs({ platform: 'linux', arch, execPath: join(folder, 'node') }), name)
    })

  test('is that of glibc for what is no executable, or ends too early', (t) => {
    const whole = elf({ wide: true, at: 0x100 })
    const folder = project(t, { text: 'node', short: whole.subarray(0, 0x60), empty: '' })
    for (const file of ['text', 'short', 'empty', 'absent'])
      assert.equal(nameAs({ platform: 'linux', arch: 'x64', execPath: join(folder, file) }), 'linux-x64-gnu')
  })

  test('is that of a real Node.js whose loader was changed', {
    skip: !isLinux && 'only Linux has such',
  }, (t) => {
    const executable = realpathSync('/proc/self/exe')
    const folder = project(t)
    const file = join(folder, 'node')
    writeFileSync(file, withLoader(readFileSync(executable), '/lib/ld-musl-x86_64.so.1'))
    assert.equal(nameAs({ execPath: file }), 'linux-x64-musl')
    const own = spawnSync(process.execPath, ['-p', "require('./lib/platform.js').platformName()"], {
      cwd: root,
      encoding: 'utf8',
    })
    assert.equal(own.stdout.trim(), platformName())
  })
})
