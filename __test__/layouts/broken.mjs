// Ways of breaking an installed project: the change, the packages that abi-guard must then report,
// and those that really can't be required. All packages without an entry in a row are as in
// expected.mjs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../fixtures/compile.mjs'

const abi = Number(process.versions.modules)
const bcrypt = (copy) => join(copy.folder('bcrypt'), 'prebuilds', 'linux-x64', 'bcrypt.glibc.node')
const anotherAbi = () => compile('stale', { CTOR: 108, CTX: true })
const page = `<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n${' '.repeat(200)}`
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 123456\n`

/**
 * The expected row of bcrypt if its file has these contents; its loader never tries another file.
 */
const badFile = (name, code, content) => ({
  name: `${name} in the place of an addon`,
  change: (copy) => copy.write(bcrypt(copy), content(copy)),
  packages: { 'bcrypt@6.0.0': { ok: false, problems: [`error ${code}`] } },
  fails: ['bcrypt'],
})

const beside = (copy, ...parts) => readFileSync(join(copy.folder('bcrypt'), 'prebuilds', ...parts))

/**
 * Packages of another libc or system, installed instead of the correct ones; no loader opens them.
 */
const foreign = (suffix) => ({
  [`@node-rs/crc32-${suffix}@1.10.6`]: {
    ok: true,
    active: null,
    requiredBy: ['app > @node-rs/crc32'],
    optional: true,
  },
  [`@rollup/rollup-${suffix}@4.53.3`]: {
    ok: true,
    active: null,
    requiredBy: ['app > rollup'],
    optional: true,
    dev: true,
  },
})

const missing = { ok: false, active: null, problems: ['error missing-platform-package'] }
const withoutPlatformPackages = {
  '@node-rs/crc32-linux-x64-gnu@1.10.6': null,
  '@rollup/rollup-linux-x64-gnu@4.53.3': null,
  '@node-rs/crc32@1.10.6': { ...missing, requiredBy: ['app'] },
  'rollup@4.53.3': { ...missing, requiredBy: ['app'], dev: true },
}
const withoutExtract = {
  '@msgpackr-extract/msgpackr-extract-linux-x64@3.0.4': null,
  'msgpackr-extract@3.0.4': {
    ...missing,
    ok: true,
    problems: ['warning missing-platform-package'],
    requiredBy: ['app > msgpackr'],
    optional: true,
  },
}

/**
 * `system`: the system of the installation; `change`: the change to a copy; `layouts`: layouts
 * besides npm's; `only`: all layouts; `node`: another Node.js than the running one, for the scan
 * and for requiring the packages; `packages`: rows that differ, null for a missing one; `fails`:
 * packages that can't be required.
 */
export const breakages = [
  badFile('nothing at all', 'not-a-binary', () => ''),
  badFile('text', 'not-a-binary', () => 'module.exports = 1\n'.repeat(20)),
  badFile('a web page', 'not-a-binary', () => page),
  badFile('a pointer of Git LFS', 'not-a-binary', () => pointer),
  badFile('half an addon', 'truncated', (copy) =>
    beside(copy, 'linux-x64', 'bcrypt.glibc.node').subarray(0, 30_000),
  ),
  badFile('an addon for arm64', 'wrong-arch', (copy) =>
    beside(copy, 'linux-arm64', 'bcrypt.glibc.node'),
  ),
  badFile('an addon for macOS', 'wrong-platform', (copy) =>
    beside(copy, 'darwin-arm64', 'bcrypt.node'),
  ),
  badFile('an addon for musl', 'wrong-libc', (copy) =>
    beside(copy, 'linux-x64', 'bcrypt.musl.node'),
  ),
  {
    name: 'an addon that needs a later Node-API',
    change: async (copy) =>
      copy.put(await compile('later', { NAPISYM: true, GETV: 99 }), bcrypt(copy)),
    packages: { 'bcrypt@6.0.0': { ok: false, problems: ['error node-api-too-new'] } },
    fails: ['bcrypt'],
  },
  {
    name: 'a link to nowhere in the place of an addon',
    change: (copy) => copy.link('nowhere.node', bcrypt(copy)),
    packages: { 'bcrypt@6.0.0': { ok: false, active: 'any', problems: 'any' } },
    fails: ['bcrypt'],
  },
  {
    name: 'a stale build that hides a good prebuild',
    layouts: ['pnpm10-isolated', 'yarn4-pnp'],
    change: async (copy) =>
      copy.put(
        await anotherAbi(),
        join(copy.folder('bcrypt'), 'build', 'Release', 'bcrypt_lib.node'),
      ),
    packages: {
      'bcrypt@6.0.0': {
        ok: false,
        active: 'build/Release/bcrypt_lib.node',
        problems: ['error abi-mismatch', 'shadowed-prebuild'],
      },
    },
    fails: ['bcrypt'],
  },
  {
    name: 'a stale build in a package that has JavaScript to fall back to',
    change: async (copy) =>
      copy.put(
        await anotherAbi(),
        join(copy.folder('bufferutil'), 'build', 'Release', 'bufferutil.node'),
      ),
    packages: {
      'bufferutil@4.1.0': {
        ok: 'any', // Requiring it causes no error, but only its JavaScript is used, not its addon.
        active: 'build/Release/bufferutil.node',
        problems: 'any',
        codes: ['abi-mismatch', 'shadowed-prebuild'],
      },
    },
    fails: [],
  },
  {
    name: 'no prebuild for this system',
    layouts: ['pnpm10-isolated', 'yarn4-pnp'],
    change: (copy) => copy.delete(join(copy.folder('bcrypt'), 'prebuilds', 'linux-x64')),
    packages: {
      'bcrypt@6.0.0': { ok: false, active: null, problems: ['error no-matching-prebuild'] },
    },
    fails: ['bcrypt'],
  },
  {
    name: 'no prebuild of a package that has JavaScript to fall back to',
    change: (copy) => copy.delete(join(copy.folder('keccak'), 'prebuilds', 'linux-x64')),
    packages: { 'keccak@3.0.4': { active: null, problems: ['warning no-matching-prebuild'] } },
    fails: [],
  },
  {
    name: 'no prebuild for this system, in a package with another loader',
    change: (copy) => copy.delete(join(copy.folder('crc-native'), 'prebuilds', 'linux-x64')),
    packages: {
      'crc-native@1.1.8': { ok: false, active: null, problems: ['error no-matching-prebuild'] },
    },
    fails: ['crc-native'],
  },
  {
    name: 'no prebuilds at all, as after a clean-up of build output',
    change: (copy) => copy.delete(join(copy.folder('bcrypt'), 'prebuilds')),
    packages: { 'bcrypt@6.0.0': { ok: false, active: null, problems: ['error not-built'] } },
    fails: ['bcrypt'],
  },
  {
    name: 'the platform packages of this system deleted',
    layouts: [
      'npm11-nested',
      'npm11-linked',
      'pnpm10-isolated',
      'pnpm10-hoisted',
      'yarn4-pnp',
      'yarn4-pnpm',
      'bun-isolated',
    ],
    change: (copy) =>
      copy.delete(
        copy.folder('@node-rs/crc32-linux-x64-gnu'),
        copy.folder('@rollup/rollup-linux-x64-gnu'),
        copy.folder('@msgpackr-extract/msgpackr-extract-linux-x64'),
      ),
    packages: { ...withoutPlatformPackages, ...withoutExtract },
    fails: ['@node-rs/crc32', 'msgpackr-extract', 'rollup'],
  },
  {
    name: 'installed for another system',
    layouts: ['pnpm10-isolated', 'yarn4-pnp', 'bun-hoisted'],
    system: { os: 'darwin', cpu: 'arm64' },
    packages: {
      ...withoutPlatformPackages,
      ...withoutExtract,
      ...foreign('darwin-arm64'),
      '@msgpackr-extract/msgpackr-extract-darwin-arm64@3.0.4': {
        ok: true,
        active: null,
        requiredBy: ['app > msgpackr > msgpackr-extract'],
        optional: true,
      },
      'fsevents@2.3.3': {
        ok: true,
        active: 'any',
        problems: 'any',
        requiredBy: ['app > rollup'],
        optional: true,
        dev: true,
      },
    },
    fails: ['@node-rs/crc32', 'msgpackr-extract', 'rollup'],
  },
  {
    name: 'installed for another libc',
    layouts: ['pnpm10-isolated', 'yarn4-pnp'],
    system: { os: 'linux', cpu: 'x64', libc: 'musl' },
    packages: { ...withoutPlatformPackages, ...foreign('linux-x64-musl') },
    fails: ['@node-rs/crc32', 'rollup'],
  },
  {
    name: 'an optional package deleted',
    layouts: ['pnpm10-isolated', 'yarn4-pnp'],
    change: (copy) => copy.delete(copy.folder('utf-8-validate', '6.0.5')),
    packages: { 'utf-8-validate@6.0.5': null },
    // In npm's layout, the other version would be found in a parent folder. These layouts have none
    // there.
    fails: ['utf-8-validate'],
  },
  {
    name: 'an optional package with a broken addon',
    layouts: ['pnpm10-isolated', 'yarn4-pnp'],
    change: (copy) =>
      copy.write(
        join(
          copy.folder('utf-8-validate', '6.0.5'),
          'prebuilds',
          'linux-x64',
          'utf-8-validate.node',
        ),
        'text '.repeat(40),
      ),
    // ws works without it, but the file isn't what was installed.
    packages: { 'utf-8-validate@6.0.5': { ok: false, problems: ['not-a-binary'] } },
    fails: [],
  },
  {
    name: 'a package.json that is cut off',
    change: (copy) =>
      copy.write(join(copy.folder('bcrypt'), 'package.json'), '{ "name": "bcrypt", "vers'),
    // The version and the dependencies are unknown; the problem says so.
    packages: {
      'bcrypt@6.0.0': null,
      'bcrypt@null': { ok: 'any', active: 'any', problems: 'some', complete: 'any' },
    },
    fails: ['bcrypt'],
  },
  {
    name: 'a package of which only the link is left',
    only: ['npm11-linked', 'pnpm10-isolated', 'yarn4-pnpm', 'bun-isolated'],
    change: (copy) => copy.delete(copy.folder('bcrypt')),
    packages: { 'bcrypt@6.0.0': null },
    fails: ['bcrypt'],
  },
  {
    name: 'an addon of V8 for another major release of Node.js',
    node: '22.23.3',
    change: async (copy) => {
      const addon = await compile('native', { CTOR: abi, CTX: true })
      const folder = copy.path('node_modules', 'native')
      copy.put(addon, join(folder, 'build', 'Release', 'native.node'))
      copy.write(join(folder, 'package.json'), { name: 'native', version: '1.0.0', gypfile: true })
      copy.write(
        join(folder, 'index.js'),
        "module.exports = require('./build/Release/native.node')\n",
      )
      copy.editManifest(copy.root, ({ dependencies }) => (dependencies.native = '1.0.0'))
    },
    packages: {
      'native@1.0.0': {
        ok: false,
        active: 'build/Release/native.node',
        problems: ['error abi-mismatch'],
        requiredBy: ['app'],
      },
      // This package contains a file for the running Node.js only, and one for every Node.js.
      '@msgpackr-extract/msgpackr-extract-linux-x64@3.0.4': { active: 'node.napi.glibc.node' },
    },
    fails: ['native'],
  },
]
