// Ways of breaking the large app: the change of a copy, the packages that are then broken, and
// their problems.
import { compile } from '../fixtures/compile.mjs'

const folder = (copy, name) => copy.path('node_modules', name)
const file = (copy, ...parts) => copy.path('node_modules', ...parts)

/**
 * The packages that are compiled for the ABI of one Node.js: all that use V8 and not Node-API. ssh2
 * registers only by the name of a function.
 */
const ofOneAbi = {
  'fs-ext': 'abi-mismatch',
  heapdump: 'abi-mismatch',
  ssh2: 'self-register-mismatch', // ssh2 works without its addon, but the addon isn't used.
  'unix-dgram': 'abi-mismatch',
}

export const breakages = [
  {
    name: 'by another major release of Node.js, with its executable',
    node: '22.23.3',
    broken: ofOneAbi,
  },
  {
    name: 'by the latest release of Node.js, with its executable',
    node: '26.10.0',
    broken: { ...ofOneAbi, deasync: 'no-matching-prebuild' },
  },
  {
    name: 'by another major release of Node.js, as a named target',
    target: 'node@22.23.3',
    broken: ofOneAbi,
  },
  {
    name: 'by scripts that were blocked',
    blocked: true,
    broken: {
      bcrypt: 'not-built',
      farmhash: 'not-built',
      'fs-ext': 'not-built',
      heapdump: 'not-built',
      'unix-dgram': 'not-built',
    },
  },
  {
    name: 'by a platform package deleted',
    change: (copy) => copy.delete(folder(copy, 'lightningcss-linux-x64-gnu')),
    broken: { lightningcss: 'missing-platform-package' },
  },
  {
    name: "by a platform package's library deleted",
    change: (copy) => copy.delete(folder(copy, '@img/sharp-libvips-linux-x64')),
    broken: {
      '@img/sharp-linux-x64': 'missing-library',
      sharp: 'missing-library missing-platform-package',
    },
  },
  {
    name: 'by an addon that was emptied',
    change: (copy) => copy.write(file(copy, 'heapdump', 'build', 'Release', 'addon.node'), ''),
    broken: { heapdump: 'not-a-binary' },
  },
  {
    name: 'by an addon for another processor',
    change: (copy) =>
      copy.put(
        file(copy, 'argon2', 'prebuilds', 'linux-arm64', 'argon2.armv8.glibc.node'),
        file(copy, 'argon2', 'prebuilds', 'linux-x64', 'argon2.glibc.node'),
      ),
    broken: { argon2: 'wrong-arch' },
  },
  {
    name: 'by a stale build that hides a prebuild',
    change: async (copy) =>
      copy.put(
        await compile('stale', { CTOR: 108, CTX: true }),
        file(copy, 'microtime', 'build', 'Release', 'microtime.node'),
      ),
    broken: { microtime: 'abi-mismatch shadowed-prebuild' },
  },
  {
    name: 'by prebuilds for this system deleted',
    change: (copy) => copy.delete(file(copy, 'rabin-native', 'prebuilds', 'linux-x64')),
    broken: { 'rabin-native': 'no-matching-prebuild' },
  },
  {
    name: 'by an addon that was cut off',
    change: (copy) =>
      copy.truncate(
        file(copy, '@resvg', 'resvg-js-linux-x64-gnu', 'resvgjs.linux-x64-gnu.node'),
        0.5,
      ),
    broken: { '@resvg/resvg-js-linux-x64-gnu': 'truncated' },
  },
  {
    name: 'only in optional packages',
    change: (copy) =>
      copy.write(
        file(copy, 'cpu-features', 'build', 'Release', 'cpufeatures.node'),
        'text '.repeat(50),
      ),
    broken: {},
  },
]
