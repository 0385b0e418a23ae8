'use strict'
// Unpacks what `npm pack` makes, into a folder of its own, for as long as it is looked at. Only plain files, only downwards.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const zlib = require('node:zlib')

/** Longest archive that is unpacked, in bytes; more than the largest package on the registry. */
const LONGEST = 2 ** 31 - 1
const BLOCK = 512

/** An error with a code, that names the file. */
function unsound(file, what) {
  return Object.assign(new Error(`${file} is no package archive: ${what}`), {
    code: 'ERR_INVALID_PACKAGE_ARCHIVE',
    path: file,
  })
}

/** Unpacks `file`, calls `use` with the folder of the package, and takes the folder away again. */
function withTarball(file, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'abi-guard-audit-'))
  try {
    const root = unpack(file, folder)
    return use(root)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function unpack(file, folder) {
  const packed = fs.readFileSync(file)
  let bytes
  try {
    bytes = zlib.gunzipSync(packed, { maxOutputLength: LONGEST })
  } catch (error) {
    throw unsound(file, error.code === 'ERR_BUFFER_TOO_LARGE' ? 'it is too long' : 'gzip can’t read it')
  }
  let top
  for (const { name, body } of entries(bytes, file)) {
    const parts = name.split(/[\\/]/).filter((part) => part !== '' && part !== '.')
    if (parts.length < 2 || parts.includes('..') || parts.some((part) => part.includes('\0'))) continue
    top ??= parts[0]
    // npm takes whatever the first folder is called, and nothing beside it.
    if (parts[0] !== top) continue
    const target = path.join(folder, ...parts)
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.writeFileSync(target, body)
  }
  if (top === undefined) throw unsound(file, 'there is no folder in it')
  return path.join(folder, top)
}

/** The plain files of a tar, with the long names of pax and GNU. */
function* entries(bytes, file) {
  let longName
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) return
    const size = Number.parseInt(text(header, 124, 12), 8)
    const end = at + BLOCK + size
    if (!(size >= 0) || end > bytes.length) throw unsound(file, 'it ends in the middle')
    const body = bytes.subarray(at + BLOCK, end)
    const type = String.fromCharCode(header[156] || 0x30)
    const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : ''
    const name = longName ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100))
    longName = undefined
    if (type === 'x') longName = /(?:^|\n)\d+ path=([^\n]*)/.exec(body.toString())?.[1]
    else if (type === 'L') longName = text(body, 0, body.length)
    else if (type === '0') yield { name, body }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
}

function text(bytes, start, length) {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return field
    .subarray(0, end < 0 ? length : end)
    .toString()
    .trim()
}

module.exports = { withTarball }
