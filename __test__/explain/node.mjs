// Errors of the runtimes themselves: Node.js of every version, Electron, NW.js, Bun, Deno.

export const sqlite = '/app/node_modules/better-sqlite3/build/Release/better_sqlite3.node'
const own = '/app/build/Release/own.node'
const windows = String.raw`C:\app dir\node_modules\better-sqlite3\build\Release\better_sqlite3.node`

/** The text of Node.js since 7.0. */
export const compiled = (file, built, needed) => `The module '${file}'
was compiled against a different Node.js version using
NODE_MODULE_VERSION ${built}. This version of Node.js requires
NODE_MODULE_VERSION ${needed}. Please try re-compiling or re-installing
the module (for instance, using \`npm rebuild\` or \`npm install\`).`

const stack = `
    at Module._extensions..node (node:internal/modules/cjs/loader:1340:18)
    at Module.load (node:internal/modules/cjs/loader:1119:32)
    at require (node:internal/modules/cjs/helpers:119:18)
    at bindings (/app/node_modules/bindings/bindings.js:112:48)
    at new Database (/app/node_modules/better-sqlite3/lib/database.js:48:64) {
  code: 'ERR_DLOPEN_FAILED'
}

Node.js v22.23.3`

const mismatch = { code: 'abi-mismatch', package: 'better-sqlite3', file: sqlite }
const upgraded = {
  builtFor: 'Node.js 18',
  runsOn: 'Node.js 22.23.3',
  command: 'npm rebuild better-sqlite3',
}
const electron = 'npx @electron/rebuild -f -o better-sqlite3'

export default [
  {
    name: 'Node.js since 7.0',
    text: `Error: ${compiled(sqlite, 108, 127)}`,
    ...mismatch,
    ...upgraded,
    why: /upgraded/,
  },
  {
    name: 'the same, as an uncaught error is printed',
    text: `node:internal/modules/cjs/loader:1340\n  return process.dlopen(module, path.toNamespacedPath(filename));\n                 ^\n\nError: ${compiled(sqlite, 108, 127)}${stack}`,
    ...mismatch,
    ...upgraded,
  },
  {
    name: 'the same, with a path of Windows',
    text: `Error: ${compiled(String.raw`\\?\C:` + windows.slice(2), 108, 127)}`,
    ...mismatch,
    file: windows,
    ...upgraded,
  },
  {
    name: 'the same, with a share of Windows',
    text: `Error: ${compiled(String.raw`\\?\UNC\server\share\node_modules\better-sqlite3\x.node`, 108, 127)}`,
    ...mismatch,
    file: String.raw`\\server\share\node_modules\better-sqlite3\x.node`,
    ...upgraded,
  },
  {
    name: 'the same, with an apostrophe in the path',
    text: `Error: ${compiled("/home/o'neil/app/node_modules/better-sqlite3/x.node", 108, 127)}`,
    ...mismatch,
    file: "/home/o'neil/app/node_modules/better-sqlite3/x.node",
    ...upgraded,
  },
  {
    name: 'downgraded',
    text: `Error: ${compiled(sqlite, 137, 127)}`,
    ...mismatch,
    builtFor: 'Node.js 24',
    runsOn: 'Node.js 22.23.3',
    command: 'npm rebuild better-sqlite3',
    why: /downgraded/,
  },
  {
    name: 'printed by another Node.js than the running one',
    text: `Error: ${compiled(sqlite, 108, 115)}`,
    ...mismatch,
    builtFor: 'Node.js 18',
    runsOn: 'Node.js 20',
    command: 'npm rebuild better-sqlite3',
    why: /upgraded/,
  },
  {
    name: 'built for Node.js, run by Electron',
    text: `App threw an error during load\nError: ${compiled(sqlite, 127, 136)}\n    at process.func [as dlopen] (node:electron/js2c/node_init:2:2617)`,
    ...mismatch,
    builtFor: 'Node.js 22',
    runsOn: 'Electron 37',
    command: electron,
    why: /built for Node\.js, but Electron runs it/,
  },
  {
    name: 'built for Electron, run by Node.js',
    text: `Error: ${compiled(sqlite, 119, 127)}`,
    ...mismatch,
    builtFor: 'Electron 28',
    runsOn: 'Node.js 22.23.3',
    command: 'npm rebuild better-sqlite3',
    why: /built for Electron, but Node\.js runs it/,
  },
  {
    name: 'built for another Electron',
    text: `Uncaught Error: ${compiled(sqlite, 118, 119)}`,
    ...mismatch,
    builtFor: 'Electron 27',
    runsOn: 'Electron 28',
    command: electron,
    why: /Electron was upgraded/,
  },
  {
    name: 'built for a newer Electron',
    text: `Uncaught Error: ${compiled(sqlite, 136, 119)}`,
    ...mismatch,
    builtFor: 'Electron 37',
    runsOn: 'Electron 28',
    command: electron,
    why: /Electron was downgraded/,
  },
  {
    name: 'ABIs that no known release has',
    text: `Error: ${compiled(sqlite, 987, 988)}`,
    ...mismatch,
    builtFor: 'ABI 987',
    runsOn: 'ABI 988',
    command: null,
    summary: /ABI 987, which no known release has/,
  },
  {
    name: 'an ABI that no known release has, in this Node.js',
    text: `Error: ${compiled(sqlite, 987, 127)}`,
    ...mismatch,
    builtFor: 'ABI 987',
    runsOn: 'Node.js 22.23.3',
    command: 'npm rebuild better-sqlite3',
    why: /^it was built for another release than the one that runs it$/,
  },
  {
    name: 'a file of the project itself',
    text: `Error: ${compiled(own, 108, 127)}`,
    code: 'abi-mismatch',
    file: own,
    builtFor: 'Node.js 18',
    runsOn: 'Node.js 22.23.3',
    command: null,
  },
  {
    name: 'all in one line',
    text: `better_sqlite3.node was compiled against a different Node.js version using NODE_MODULE_VERSION 115. This version of Node.js requires NODE_MODULE_VERSION 127. Please try re-compiling or re-installing`,
    code: 'abi-mismatch',
    builtFor: 'Node.js 20',
    runsOn: 'Node.js 22.23.3',
  },
  {
    name: 'the numbers alone',
    text: 'Error: NODE_MODULE_VERSION 115. This version of Node.js requires NODE_MODULE_VERSION 127.',
    code: 'abi-mismatch',
    builtFor: 'Node.js 20',
    runsOn: 'Node.js 22.23.3',
  },
  {
    name: 'the numbers alone, shortened',
    text: 'bcrypt_lib.node: NODE_MODULE_VERSION 115 ... requires 127',
    code: 'abi-mismatch',
    builtFor: 'Node.js 20',
    runsOn: 'Node.js 22.23.3',
  },
  {
    name: 'the last two lines only',
    text: 'NODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 127. Please try re-compiling or re-installing\nthe module (for instance, using `npm rebuild` or `npm install`).',
    code: 'abi-mismatch',
    builtFor: 'Node.js 18',
    runsOn: 'Node.js 22.23.3',
  },
  {
    name: 'quoted in a mail',
    text: compiled(sqlite, 108, 127).replace(/^/gm, '> '),
    ...mismatch,
    ...upgraded,
  },
  {
    name: 'Node.js 6',
    text: `Error: ${compiled(sqlite, 48, 127).replace('Node.js version', 'Node.js ABI version')}`,
    ...mismatch,
    builtFor: 'Node.js 6',
    runsOn: 'Node.js 22.23.3',
    command: 'npm rebuild better-sqlite3',
  },
  {
    name: 'Node.js before 6',
    text: 'Error: Module version mismatch. Expected 48, got 46.\n    at Error (native)\n    at Object.Module._extensions..node (module.js:597:18)\n    at Object.<anonymous> (/app/node_modules/better-sqlite3/index.js:1:1)',
    code: 'abi-mismatch',
    package: 'better-sqlite3',
    builtFor: 'Node.js 4',
    runsOn: 'Node.js 6',
    command: 'npm rebuild better-sqlite3',
  },
  {
    name: 'Node.js 0.10',
    text: 'Error: Symbol better_sqlite3_module not found.\n    at Module.load (module.js:356:32)',
    code: 'not-an-addon',
  },
  {
    name: 'Bun of another ABI',
    text: "error: The module 'better_sqlite3' was compiled against a different Node.js ABI version using NODE_MODULE_VERSION 108. This version of Bun requires NODE_MODULE_VERSION 127. Please try re-compiling or re-installing the module.",
    code: 'abi-mismatch',
    package: 'better_sqlite3',
    builtFor: 'Node.js 18',
    runsOn: 'Node.js 22.23.3',
    command: undefined,
  },
  {
    name: 'not registered, before 12.16.3',
    text: 'Error: Module did not self-register.\n    at Object.Module._extensions..node (internal/modules/cjs/loader.js:730:18)\n    at Module.require (internal/modules/cjs/loader.js:637:17)\n    at Object.<anonymous> (/app/node_modules/serialport/lib/bindings/linux.js:2:36)',
    code: 'self-register-mismatch',
    package: 'serialport',
    certain: false,
    command: 'npm rebuild serialport',
  },
  {
    name: 'not registered, since 12.16.3',
    text: `Error: Module did not self-register: '${sqlite}'.`,
    code: 'self-register-mismatch',
    package: 'better-sqlite3',
    file: sqlite,
    certain: false,
    command: 'npm rebuild better-sqlite3',
  },
  {
    name: 'not registered, in a worker',
    text: `Error: Module did not self-register.\n    at Object.Module._extensions..node (internal/modules/cjs/loader.js:731:18)\n    at bindings (/app/node_modules/bindings/bindings.js:81:44)\n    at Object.<anonymous> (/app/node_modules/libxmljs/lib/bindings.js:1:99)\nEmitted 'error' event at:\n    at Worker.[kOnErrorMessage] (internal/worker.js:281:10)`,
    code: 'not-context-aware',
    package: 'libxmljs',
    certain: false,
  },
  {
    name: 'not context-aware, by a flag',
    text: 'Error: Loading non context-aware native addons has been disabled\n  code: ERR_NON_CONTEXT_AWARE_DISABLED',
    code: 'not-context-aware',
  },
  {
    name: 'not context-aware, in a renderer of Electron 9 and 10',
    text: `Error: Loading non-context-aware native module in renderer: '${sqlite}'. See https://github.com/electron/electron/issues/18397.`,
    code: 'not-context-aware',
    package: 'better-sqlite3',
    file: sqlite,
  },
  {
    name: 'not context-aware, in a renderer of Electron 11 and newer',
    text: `Error: Loading non-context aware native module in renderer: '${sqlite}', but app.allowRendererProcessReuse is true. See https://github.com/electron/electron/issues/18397.`,
    code: 'not-context-aware',
    package: 'better-sqlite3',
    file: sqlite,
  },
  {
    name: '--no-addons',
    text: "Error: Cannot load native addon because loading addons is disabled.\n  code: 'ERR_DLOPEN_DISABLED'",
    code: 'addons-disabled',
  },
  {
    name: 'no entry point',
    text: 'Error: Module has no declared entry point.',
    code: 'not-an-addon',
  },
  {
    name: 'import of an addon',
    text: `TypeError [ERR_UNKNOWN_FILE_EXTENSION]: Unknown file extension ".node" for ${own}`,
    code: 'esm-import',
    file: own,
  },
  {
    name: 'Bun finds no Node-API',
    text: `TypeError: symbol 'napi_register_module_v1' not found in native module. Is this a Node API (napi) module?\n code: "ERR_DLOPEN_FAILED"`,
    code: 'unsupported-addon-api',
  },
  {
    name: 'Bun refuses a package',
    text: "error: 'better-sqlite3' is not yet supported in Bun.\nTrack the status in https://github.com/oven-sh/bun/issues/4290\nIn the meantime, you could try bun:sqlite which has a similar API.",
    code: 'unsupported-addon-api',
    package: 'better-sqlite3',
  },
  {
    name: 'Deno meets V8',
    text: `error: Uncaught (in promise) TypeError: Cannot load native addon at ${sqlite}: it was built against the legacy Node.js native addon API (NODE_MODULE / nan), which Deno does not support. Only Node-API (N-API) addons are supported.`,
    code: 'unsupported-addon-api',
    package: 'better-sqlite3',
    file: sqlite,
  },
  {
    name: 'an older Deno meets V8',
    text: `deno: symbol lookup error: ${sqlite}: undefined symbol: node_module_register`,
    code: 'unsupported-addon-api',
    package: 'better-sqlite3',
    file: sqlite,
  },
  {
    name: 'Deno finds no entry',
    text: `error: Uncaught (in promise) TypeError: Unable to find register Node-API module at ${sqlite}`,
    code: 'unsupported-addon-api',
    package: 'better-sqlite3',
    file: sqlite,
    certain: false,
  },
  {
    name: 'Deno without the permission',
    text: `error: Uncaught (in promise) NotCapable: Requires ffi access to "${sqlite}", run again with the --allow-ffi flag`,
    code: 'addons-disabled',
    package: 'better-sqlite3',
    file: sqlite,
  },
]
