// What must be known of some packages to make them load their addon.

/** Terminals load their addon for Windows when the first one is opened. */
const openTerminal = "if (process.platform === 'win32') it.spawn('cmd.exe', [], {})"

/**
 * Keyed by `name` or `name@version`. `use`: JavaScript that makes a package load its addon, where
 * requiring it is not enough; `it` is what the package exports. `entry`: how it is required.
 * `flags`: of Node.js. `env`: variables. `nothing`: a pattern of what the package says when it
 * finds no addon, where judge.mjs doesn't understand it.
 */
const details = {
  '@homebridge/node-pty-prebuilt-multiarch': { use: openTerminal },
  '@instana/autoprofile': { use: 'it.start({})' },
  '@lydell/node-pty': { use: openTerminal },
  '@pact-foundation/pact-core': {
    use: "require('@pact-foundation/pact-core/src/ffi').getFfiLib()",
  },
  '@photostructure/fs-metadata': { use: "await it.getVolumeMetadata('/')" },
  '@signalapp/better-sqlite3': { use: "new it(':memory:')" },
  'better-sqlite3-multiple-ciphers': { use: "new it(':memory:')" },
  'better-sqlite3': { use: "new it(':memory:')" },
  'cargo-messages': { use: 'new it.CargoReader(process.stdin)' },
  'fs-xattr': { entry: 'import' },
  // On macOS it runs a program of its own instead.
  'get-windows': { entry: 'import', use: 'await it.activeWindow()', nothing: /^Command failed/ },
  'node-datachannel@0.5.5': { entry: 'import' },
  'node-hid': { use: 'it.devices()' },
  'node-pty': { use: openTerminal },
  // Else it loads a copy that it makes in a folder for temporary files.
  nx: { use: "require('nx/src/native')", env: { NX_SKIP_NATIVE_FILE_CACHE: 'true' } },
  oracledb: { use: "it.initOracleClient({ libDir: '/nowhere' })" },
  'oxc-parser': { entry: 'import' },
  'node-liblzma': { entry: 'import' },
  'node-web-audio-api': { entry: 'import' },
  'node-zopfli-es': { entry: 'import' },
  rolldown: { entry: 'import' },
  stackimpact: { use: "it.start({ agentKey: 'none' })" },
  'steamworks-ffi-node': { use: 'new it.SteamOverlay()' },
  'windows-native-registry': { use: "it.getRegistryKey(it.HK.CU, 'x')" },
}

export const detailsOf = (name, version) => details[`${name}@${version}`] ?? details[name] ?? {}
