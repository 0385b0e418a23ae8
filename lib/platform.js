'use strict'
// The name of this system, as in the names of the binaries.

const fs = require('node:fs')

/**
 * True if this process runs on musl. process.report has this fact too, but takes longer than the
 * rest of the startup.
 */
function isMusl() {
  return isMuslMapped() ?? isMuslWanted()
}

/**
 * The same by the files that are mapped into this process; `undefined` if they don't show it. Their
 * list is read faster than parts of a file: that needs four more functions of Node.js, which are
 * compiled when they are used for the first time.
 */
function isMuslMapped() {
  try {
    // biome-ignore lint/plugin: a file of the kernel
    const files = fs.readFileSync('/proc/self/maps', 'utf8')
    if (files.includes('/ld-musl-')) return true
    // Up to glibc 2.33, the file has the version in its name. musl's may be called libc.so.
    return files.includes('/libc.so.6') || files.includes('/libc-2.') ? false : undefined
  } catch {
    return undefined // A system may have no /proc.
  }
}

/** The same by PT_INTERP, in which the executable names its loader. */
function isMuslWanted() {
  try {
    const file = fs.openSync(process.execPath, 'r')
    try {
      return loaderOf(file).includes('ld-musl-')
    } finally {
      fs.closeSync(file)
    }
  } catch {
    return false
  }
}

/**
 * The maximum number of bytes of the program header table, or of a path, that are read. A real
 * executable has far fewer.
 */
const MAX_BYTES = 65536

/**
 * The text of an ELF file's PT_INTERP, or an empty text. It usually is in the first bytes of the
 * file. Tools that edit the file move it to the end, as in the Node.js builds on PyPI.
 */
function loaderOf(file) {
  const head = bytesOf(file, 0, 4096)
  const isWide = head[4] === 2
  const number = (bytes, at) =>
    isWide ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at)
  const size = head.readUInt16LE(isWide ? 0x36 : 0x2a)
  const start = number(head, isWide ? 0x20 : 0x1c)
  const end = start + size * head.readUInt16LE(isWide ? 0x38 : 0x2c)
  const table = end <= head.length ? head.subarray(start, end) : bytesOf(file, start, end - start)
  for (let at = 0; at < table.length; at += size) {
    if (table.readUInt32LE(at) !== 3) continue
    const [from, length] = [
      number(table, at + (isWide ? 0x08 : 0x04)),
      number(table, at + (isWide ? 0x20 : 0x10)),
    ]
    const isNear = from + length <= head.length
    return String(isNear ? head.subarray(from, from + length) : bytesOf(file, from, length))
  }
  return ''
}

function bytesOf(file, from, length) {
  const bytes = Buffer.alloc(Math.min(length, MAX_BYTES))
  return bytes.subarray(0, fs.readSync(file, bytes, 0, bytes.length, from))
}

/**
 * The name of this platform's binary: `linux-x64-gnu`, `darwin-arm64`, `win32-x64-msvc` and others.
 */
function platformName() {
  const { platform, arch } = process
  if (platform === 'linux') {
    const libc = isMusl() ? 'musl' : 'gnu'
    return `linux-${arch}-${libc}${arch === 'arm' ? 'eabihf' : ''}`
  }
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`
}

module.exports = { platformName }
