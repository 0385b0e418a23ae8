'use strict'
// Finds and loads the binary of this platform. Hand-written: napi's generated loader is 35 KB and asks process.report, which
// takes 8 ms and more.

const fs = require('node:fs')
const path = require('node:path')

/**
 * Whether this process runs on musl. The loader named in the executable tells (PT_INTERP lies in its first bytes); asking
 * process.report would take longer than everything else here.
 */
function isMusl() {
  try {
    const file = fs.openSync(process.execPath, 'r')
    try {
      const head = Buffer.alloc(2048)
      fs.readSync(file, head, 0, head.length, 0)
      return head.includes('ld-musl-')
    } finally {
      fs.closeSync(file)
    }
  } catch {
    return false
  }
}

/** The name of this platform's binary: `linux-x64-gnu`, `darwin-arm64`, `win32-x64-msvc` … */
function platformName() {
  const { platform, arch } = process
  if (platform === 'linux') {
    const libc = isMusl() ? 'musl' : 'gnu'
    return `linux-${arch}-${libc}${arch === 'arm' ? 'eabihf' : ''}`
  }
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`
}

/** Loads the binary beside this package (a checkout), or from the platform's own package. */
function load() {
  const name = platformName()
  const local = path.join(__dirname, '..', `abi-guard.${name}.node`)
  if (fs.existsSync(local)) return require(local)
  try {
    return require(`@abi-guard/${name}`)
  } catch (cause) {
    // Anything else than "not installed" is the true reason and must be seen.
    if (cause.code !== 'MODULE_NOT_FOUND') throw cause
    const error = new Error(
      `abi-guard has no binary for ${name} here. It comes with the optional package @abi-guard/${name}: install without ` +
        '--omit=optional, or, where that package does not exist, build it from source (see CONTRIBUTING.md).',
      { cause },
    )
    error.code = 'ERR_ABI_GUARD_BINARY_MISSING'
    throw error
  }
}

module.exports = load()
