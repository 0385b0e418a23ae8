// What abi-guard must find in the small app (app/package.json), however it was installed. Each
// `active` was seen being opened by the package's own loader; reality.mjs sees it again in every
// run.

/** The file that @msgpackr-extract's platform package has for the Node.js that runs. */
const msgpackr = `node.abi${process.versions.modules}.glibc.node`

/** A package that opens `active`, and has nothing wrong with it. */
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

/** Sorted by name and version. `requiredBy`: chains from the app, joined; bufferutil and utf-8-validate are optional peers of ws. */
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
  // Not built, as no script ran: it is optional for ssh2, which for its own addon falls back to
  // JavaScript.
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
 * Packages whose addon is in a platform package, which has a row of its own: they may be listed,
 * but without a problem.
 */
export const parents = {
  '@node-rs/crc32': { optional: false, dev: false, requiredBy: ['app'] },
  'msgpackr-extract': { optional: true, dev: false, requiredBy: ['app > msgpackr'] },
  rollup: { optional: false, dev: true, requiredBy: ['app'] },
}

const forMusl = (name, version, requiredBy, more) =>
  fine(name, version, null, requiredBy, { optional: true, ...more })

/** What some managers install besides: Yarn 1 knows nothing of `libc`. Nobody opens these files. */
export const besides = {
  'yarn1-hoisted': [
    forMusl('@node-rs/crc32-linux-x64-musl', '1.10.6', ['app > @node-rs/crc32']),
    forMusl('@rollup/rollup-linux-x64-musl', '4.53.3', ['app > rollup'], { dev: true }),
  ],
}

/** How each package is reached, for requiring it really. ssh2 loads without its addon; cpu-features doesn't. */
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
