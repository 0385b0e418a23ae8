// Special requirements for making some packages load their addon.

/** On Windows, these packages load their addon when the first terminal is opened. */
const openTerminal = "if (process.platform === 'win32') it.spawn('cmd.exe', [], {})"

/**
 * The keys are `name` or `name@version`. `use`: JavaScript that makes a package load its addon, if
 * requiring it is not enough; `it` is the package's export. `entry`: the way to require it.
 * `flags`: options of Node.js. `env`: variables. `nothing`: a pattern of the package's message if
 * it finds no addon, for messages that judge.mjs doesn't know.
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
  // On macOS it runs its own program instead.
  'get-windows': { entry: 'import', use: 'await it.activeWindow()', nothing: /^Command failed/ },
  'node-datachannel@0.5.5': { entry: 'import' },
  'node-hid': { use: 'it.devices()' },
  'node-pty': { use: openTerminal },
  // Otherwise it loads a copy, which it creates in a temporary folder.
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
