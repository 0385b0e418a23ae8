// The struct of a V8 addon in files of the linkers of other systems: each format in which dyld
// finds pointers, with functions that another image may replace; and function descriptors on
// big-endian ppc64. zig compiles them, lld and binutils of Debian link them.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkAbi } from '../index.js'
import { inCache, once, shortHash, temporaryFolder } from '../scripts/support/cache.mjs'
import { listFiles } from '../scripts/support/corpus/index.mjs'
import { install } from '../scripts/support/corpus/install.mjs'
import { unpackDebian } from '../scripts/support/debian.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { lacking, zig } from '../scripts/support/zig.mjs'
import { project } from './support/project.mjs'

const source = fileURLToPath(new URL('./fixtures/addon.c', import.meta.url))
const skip = fullLane || lacking || (!isLinuxX64 && 'needs linux-x64')

const linkers = [
  {
    package: 'binutils-powerpc64-linux-gnu=2.40-2',
    sha256: 'da557fb1d7c4d456b67fcac2714cc502a1db3e30d1f95a70a5a54ef51d9a069d',
  },
  {
    package: 'libbinutils=2.40-2',
    sha256: 'fcf55b99e5f8a78f3c8ce9b6957f1024f394cf20c196b100d308a57e43547710',
  },
  {
    package: 'libbsd0=0.11.7-2',
    sha256: 'bb31cc8b40f962a85b2cec970f7f79cc704a1ae4bad24257a822055404b2c60b',
  },
  {
    package: 'libedit2=3.1-20221030-2',
    sha256: '1cf14abf2716d3279db12d0657a5737cf70074a1e71d3bdf73206625e3c89ce6',
  },
  {
    package: 'libicu72=72.1-3+deb12u1',
    sha256: 'f7f6f99c6d7b025914df2447fc93e11d22c44c0c8bdd8b6f36691c9e7ddcef88',
  },
  {
    package: 'libjansson4=2.14-2',
    sha256: '3fc9742f9f1a37bcb9931df6074b4d1483419ef832ad5349f47323e75fc27864',
  },
  {
    package: 'libllvm19=1:19.1.7-3~deb12u1',
    sha256: '6edf3a8b28495cdba883d9760e0dca1a81983fc497a5f989dc64d0d96d23b4aa',
  },
  {
    package: 'libmd0=1.0.4-2',
    sha256: '03539fd30c509e27101d13a56e52eda9062bdf1aefe337c07ab56def25a13eab',
  },
  {
    package: 'libxml2=2.9.14+dfsg-1.3~deb12u6',
    sha256: '4460e39dda10a815881374217cde08474747cfa018358cd8612c14b390eff53b',
  },
  {
    package: 'libz3-4=4.8.12-3.1',
    sha256: '6221ca25ad5abcfbe1965801029d85a88b4775320384b4b716de8fab7a4d2f7a',
  },
  {
    package: 'lld-19=1:19.1.7-3~deb12u1',
    sha256: '416e084363a16a7060eaa6343ed641dfe864b8208c39170ee00a5679e4b486a2',
  },
]

/** The functions of the struct: nobody else sees them, or another image may replace them. */
const visibilities = ['local', 'exported', 'weak']

describe('structs from other linkers', { skip }, () => {
  let debian
  let folder
  let env

  before(async () => {
    const target = inCache('debian', `linkers-${shortHash(JSON.stringify(linkers))}`)
    debian = await once(target, (into, work) => unpackDebian('bookworm', linkers, work, into))
    const paths = ['usr/lib/llvm-19/lib', 'usr/lib/x86_64-linux-gnu']
    env = { ...process.env, LD_LIBRARY_PATH: paths.map((path) => join(debian, path)).join(':') }
    folder = temporaryFolder()
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  const link = (linker, ...args) => execFileSync(join(debian, 'usr', linker), args, { env })

  /** Compiles the source for a target; the struct's function has this visibility. */
  async function compile(target, visibility, ...flags) {
    const object = join(folder, `${target}-${visibility}.o`)
    const shared = visibility === 'local' ? [] : [`-DSHARED_FUNCTIONS=${visibility}`]
    const defines = ['-DCTOR=108', '-DCTX', '-DSYM=108', ...shared]
    await zig('clang', `--target=${target}`, ...flags, ...defines, '-c', source, '-o', object)
    return object
  }

  for (const arch of ['arm64', 'x86_64'])
    for (const visibility of visibilities)
      test(`Mach-O for ${arch}, with a ${visibility} function`, async () => {
        const object = await compile(`${arch}-apple-macos13`, visibility)
        const nodeArch = arch === 'arm64' ? 'arm64' : 'x64'
        for (const namespace of ['twolevel_namespace', 'flat_namespace'])
          for (const fixups of ['fixup_chains', 'no_fixup_chains']) {
            const file = join(folder, `${arch}-${visibility}-${namespace}-${fixups}.node`)
            const system = ['-platform_version', 'macos', '13.0', '13.0']
            const flags = ['-bundle', '-undefined', 'dynamic_lookup']
            link(
              'lib/llvm-19/bin/ld64.lld',
              ...flags,
              ...['-arch', arch, ...system, `-${namespace}`, `-${fixups}`, object, '-o', file],
            )
            const { binary, addon, outcome } = checkAbi(file, {
              target: `node@18/darwin-${nodeArch}`,
            })
            const { format, platform } = binary
            assert.deepEqual([format, platform, binary.arch], ['mach-o', 'darwin', nodeArch], file)
            const { api, abi, contextAware } = addon
            assert.deepEqual([api, abi, contextAware], ['v8', 108, true], file)
            assert.equal(outcome, 'loads', file)
            const newer = checkAbi(file, { target: `node@20/darwin-${nodeArch}` })
            assert.equal(newer.outcome, 'throws', file)
          }
      })

  for (const visibility of visibilities)
    test(`ELF for big-endian ppc64, with a ${visibility} function`, async () => {
      const object = await compile('powerpc64-linux-gnu', visibility, '-mabi=elfv1', '-fPIC')
      const file = join(folder, `ppc64-${visibility}.node`)
      link('bin/powerpc64-linux-gnu-ld.bfd', '-shared', object, '-o', file)
      const { binary, addon } = checkAbi(file, { target: 'node@18/linux-ppc64' })
      assert.equal(binary.arch, 'ppc64')
      assert.deepEqual([addon.api, addon.abi, addon.contextAware], ['v8', 108, true])
    })
})

test('a relocation against a symbol, as for Mac OS X 10.5', { skip: fullLane }, async (t) => {
  // fibers exports the function of its struct, whose slot has a local relocation. In a flat
  // namespace, the linker writes a relocation against the symbol instead.
  await install('full', { log() {}, names: ['fibers'] })
  const [original] = listFiles('full', ['fibers']).filter(
    ({ relative }) => relative === 'bin/darwin-x64-46/fibers.node',
  )
  const bytes = readFileSync(original.file)
  const commands = new Map()
  for (let at = 32, left = bytes.readUInt32LE(16); left > 0; left--) {
    commands.set(bytes.readUInt32LE(at), at)
    at += bytes.readUInt32LE(at + 4)
  }
  const tables = commands.get(0xb) // LC_DYSYMTAB
  const [position, count] = [bytes.readUInt32LE(tables + 72), bytes.readUInt32LE(tables + 76)]
  const [symbol, slot] = [25, 0x6400]
  const entry = Array.from({ length: count }, (_, index) => position + 8 * index).find(
    (at) => bytes.readUInt32LE(at) === slot - 0x6000,
  )
  // The last entry takes its place, and it becomes the only one against a symbol: with r_extern and
  // the index of the symbol, instead of the number of its section.
  const last = position + 8 * (count - 1)
  const [address, info] = [bytes.readUInt32LE(entry), bytes.readUInt32LE(entry + 4)]
  bytes.copy(bytes, entry, last, last + 8)
  bytes.writeUInt32LE(address, last)
  bytes.writeUInt32LE((info & 0xfe000000) + 0x8000000 + symbol, last + 4)
  bytes.writeBigUInt64LE(0n, slot) // the addend; the file is mapped at 0
  bytes.writeUInt32LE(last, tables + 64) // extreloff
  bytes.writeUInt32LE(1, tables + 68) // nextrel
  bytes.writeUInt32LE(count - 1, tables + 76) // nlocrel
  const root = project(t)
  const file = join(root, 'fibers.node')
  writeFileSync(file, bytes)
  assert.equal(checkAbi(file, { target: 'node@4/darwin-x64' }).addon.abi, 46)
})
