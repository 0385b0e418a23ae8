'use strict'
// abi-guard as a part of a bundle: finds the installed abi-guard that the bundle would find. The
// binary and the other files are not in the bundle. `require` itself may throw here (in esbuild's
// ESM), so each call is in a `try`.

/** What to write in the settings of bundlers that can't be told from each other. */
const OTHERS =
  'esbuild: --external:abi-guard; Rollup: external: [/^abi-guard/]; ' +
  "Vite: ssr.external: ['abi-guard']"

/**
 * Finds a file of the installed abi-guard, from the bundle and from the main script.
 * @param {string} name
 * @returns {(() => unknown) | undefined} loads the file
 */
function outside(name) {
  try {
    // In the ESM of esbuild, `require` throws. Older releases of Node.js have only `require`.
    const { createRequire } = process.getBuiltinModule?.('module') ?? require('node:module')
    const path = process.getBuiltinModule?.('path') ?? require('node:path')
    for (const from of [bundleFile(), process.argv[1]]) {
      if (!from || !path.isAbsolute(from)) continue
      const load = createRequire(from)
      const file = resolved(load, path, name)
      if (file) return () => load(file)
    }
  } catch {
    // The message says what to do.
  }
  return undefined
}

function resolved(load, path, name) {
  try {
    return path.join(path.dirname(load.resolve('abi-guard/package.json')), name)
  } catch {
    return undefined
  }
}

/**
 * The file of the bundle. `__filename` doesn't exist in ESM, and some bundlers replace it. A bundle
 * of ESM has a URL.
 */
function bundleFile() {
  const { prepareStackTrace } = Error
  try {
    Error.prepareStackTrace = (_, frames) => frames[0].getFileName()
    const file = new Error().stack
    if (!file.startsWith('file:')) return file
    const { fileURLToPath } = process.getBuiltinModule?.('url') ?? require('node:url')
    return fileURLToPath(file)
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
}

/**
 * The binary of the installed abi-guard. Without it, each use throws an error. The app can still
 * start, because `require('abi-guard')` throws none.
 */
function nativeOutside() {
  const load = outside('lib/native.js')
  if (load) return load()
  const get = (_, name) => {
    // Bundlers read these to find out what kind of module it is.
    if (typeof name === 'symbol' || ['__esModule', 'default', 'then'].includes(name))
      return undefined
    throw Object.assign(new Error(bundled()), { code: 'ERR_ABI_GUARD_BUNDLED' })
  }
  return new Proxy({}, { get })
}

/** The message for a bundle that finds no installed abi-guard, in the words of its bundler. */
function bundled() {
  if (process.getBuiltinModule?.('node:sea')?.isSea())
    return (
      "abi-guard can't guard a single executable: check the app before it is packed, with " +
      '"npx abi-guard"'
    )
  return `abi-guard was bundled: mark it external (${words()}) and install it beside the app`
}

function words() {
  if (process.env.NEXT_RUNTIME) return "serverExternalPackages: ['abi-guard'] in next.config"
  if (typeof __webpack_require__ === 'function') {
    // ncc is webpack with a loader that sets this property.
    if (__webpack_require__.ab) return 'ncc: --external abi-guard/register'
    return "webpack: externals: { 'abi-guard/register': 'commonjs abi-guard/register' }"
  }
  return OTHERS
}

module.exports = { bundled, nativeOutside, outside }
