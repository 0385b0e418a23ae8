// The packages that abi-guard must find in the small app (app/package.json) in every layout. Each
// `active` file is the one that the package's own loader opens; reality.mjs verifies this in every
// run.

/** The file of @msgpackr-extract's platform package for the running Node.js. */
const msgpackr = `node.abi${process.versions.modules}.glibc.node`

/** A package that opens `active` and has no problems. */
export const fine = (name, version, active, requiredBy, more = {}) => ({
  name,
  version,
  active,
  ok: true,
  complete: true,
  problems: [],
  optional: false,
  dev: false,
  requiredBy,
  ...more,
})

/**
 * Sorted by name and version. `requiredBy`: the joined chains from the app. bufferutil and
 * utf-8-validate are optional peer dependencies of ws.
 */
export const expected = [
  fine(
    '@msgpackr-extract/msgpackr-extract-linux-x64',
    '3.0.4',
    msgpackr,
    ['app > msgpackr > msgpackr-extract'],
    {
      optional: true,
    },
  ),
  fine('@node-rs/crc32-linux-x64-gnu', '1.10.6', 'crc32.linux-x64-gnu.node', [
    'app > @node-rs/crc32',
  ]),
  fine('@rollup/rollup-linux-x64-gnu', '4.53.3', 'rollup.linux-x64-gnu.node', ['app > rollup'], {
    dev: true,
  }),
  fine('bcrypt', '6.0.0', 'prebuilds/linux-x64/bcrypt.glibc.node', ['app']),
  fine('bufferutil', '4.1.0', 'prebuilds/linux-x64/bufferutil.node', [
    'app',
    'app > websocket',
    'app > ws',
  ]),
  // It isn't built because no script ran. It is an optional dependency of ssh2, which also has a
  // fallback to JavaScript for its own addon.
  fine('cpu-features', '0.0.10', null, ['app > ssh2'], {
    problems: ['warning not-built'],
    optional: true,
  }),
  fine('crc-native', '1.1.8', 'prebuilds/linux-x64/crc-native.node', ['app']),
  fine('keccak', '3.0.4', 'prebuilds/linux-x64/node.napi.glibc.node', ['app']),
  fine('ssh2', '1.17.0', null, ['app'], { problems: ['warning not-built'] }),
  fine('utf-8-validate', '5.0.10', 'prebuilds/linux-x64/node.napi.node', ['app > websocket']),
  fine('utf-8-validate', '6.0.5', 'prebuilds/linux-x64/utf-8-validate.node', ['app', 'app > ws'], {
    optional: true,
  }),
]

/**
 * Packages whose addon is in a platform package, which has its own row. They may be listed, but
 * without a problem.
 */
export const parents = {
  '@node-rs/crc32': { optional: false, dev: false, requiredBy: ['app'] },
  'msgpackr-extract': { optional: true, dev: false, requiredBy: ['app > msgpackr'] },
  rollup: { optional: false, dev: true, requiredBy: ['app'] },
}

const forMusl = (name, version, requiredBy, more) =>
  fine(name, version, null, requiredBy, { optional: true, ...more })

/**
 * Packages that some managers install in addition: Yarn 1 doesn't know the field `libc`. No loader
 * opens these files.
 */
export const besides = {
  'yarn1-hoisted': [
    forMusl('@node-rs/crc32-linux-x64-musl', '1.10.6', ['app > @node-rs/crc32']),
    forMusl('@rollup/rollup-linux-x64-musl', '4.53.3', ['app > rollup'], { dev: true }),
  ],
}

/**
 * The path to each package, for really requiring it. ssh2 loads without its addon; cpu-features
 * doesn't.
 */
export const reached = [
  { via: [], name: '@node-rs/crc32' },
  { via: [], name: 'bcrypt' },
  { via: [], name: 'bufferutil' },
  { via: ['ws'], name: 'bufferutil' },
  { via: ['websocket'], name: 'bufferutil' },
  { via: [], name: 'crc-native' },
  { via: [], name: 'keccak' },
  { via: ['msgpackr'], name: 'msgpackr-extract' },
  { via: [], name: 'rollup' },
  { via: [], name: 'ssh2' },
  { via: [], name: 'utf-8-validate' },
  { via: ['ws'], name: 'utf-8-validate' },
  { via: ['websocket'], name: 'utf-8-validate' },
]

export const byName = (a, b) => (key(a) < key(b) ? -1 : 1)
const key = ({ name, version }) => `${name}@${version}`
