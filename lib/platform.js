'use strict'
// What this system is called in the names of binaries.

const fs = require('node:fs')

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

module.exports = { platformName }
