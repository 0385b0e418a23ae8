// Reads the parts of a library that macOS's loader reads before it maps the file: its load
// commands, and whether its signature matches its pages.
import { createHash } from 'node:crypto'

/** Numbers of <mach-o/loader.h>. */
const [LC_ID_DYLIB, LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_RPATH] = [
  0xd, 0xc, 0x80000018, 0x8000001c,
]
const [LC_SEGMENT_64, LC_CODE_SIGNATURE, LC_VERSION_MIN_MACOSX, LC_BUILD_VERSION] = [
  0x19, 0x1d, 0x24, 0x32,
]
const named = {
  [LC_ID_DYLIB]: 'id',
  [LC_LOAD_DYLIB]: 'loads',
  [LC_LOAD_WEAK_DYLIB]: 'loads weakly',
  [LC_RPATH]: 'rpath',
}

const versionOf = (number) => `${number >>> 16}.${(number >>> 8) & 255}.${number & 255}`
const textAt = (bytes, at, end) => bytes.toString('utf8', at, end).split('\0')[0]

/**
 * The load commands of a thin 64-bit library, one per line, without sizes and addresses.
 * @param {Buffer} bytes
 * @returns {string[]}
 */
export function loadCommands(bytes) {
  if (bytes.readUInt32LE(0) !== 0xfeedfacf) throw new Error('this is no thin 64-bit Mach-O file')
  const lines = [`type ${bytes.readUInt32LE(12)}, flags 0x${bytes.readUInt32LE(24).toString(16)}`]
  let at = 32
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const [command, size] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
    lines.push(line(bytes, command, at, at + size))
    at += size
  }
  return lines
}

function line(bytes, command, at, end) {
  if (named[command])
    return `${named[command]} ${textAt(bytes, at + bytes.readUInt32LE(at + 8), end)}`
  switch (command) {
    case LC_SEGMENT_64:
      return (
        `segment ${textAt(bytes, at + 8, at + 24)} ` +
        `${sectionsOf(bytes, at).join(' ')}`.trimEnd()
      )
    case LC_BUILD_VERSION:
      return (
        `platform ${bytes.readUInt32LE(at + 8)}, oldest ` +
        `${versionOf(bytes.readUInt32LE(at + 12))}`
      )
    case LC_VERSION_MIN_MACOSX:
      return `oldest macOS ${versionOf(bytes.readUInt32LE(at + 8))}`
    case LC_CODE_SIGNATURE:
      return `signature ${signature(bytes, bytes.readUInt32LE(at + 8))}`
    default:
      return `command 0x${command.toString(16)}`
  }
}

function sectionsOf(bytes, at) {
  const count = bytes.readUInt32LE(at + 64)
  return Array.from({ length: count }, (_, index) =>
    textAt(bytes, at + 72 + index * 80, at + 72 + index * 80 + 16),
  )
}

const [SUPER_BLOB, CODE_DIRECTORY] = [0xfade0cc0, 0xfade0c02]

/**
 * Describes the signature: its signer, and whether every page has the hash in the signature. All
 * its numbers are big-endian.
 */
function signature(bytes, start) {
  if (bytes.readUInt32BE(start) !== SUPER_BLOB) return 'of an unknown form'
  for (let left = bytes.readUInt32BE(start + 8), at = start + 12; left > 0; left--, at += 8) {
    const blob = start + bytes.readUInt32BE(at + 4)
    if (bytes.readUInt32BE(blob) !== CODE_DIRECTORY) continue
    const flags = bytes.readUInt32BE(blob + 12)
    const hashes = blob + bytes.readUInt32BE(blob + 16)
    const [pages, limit] = [bytes.readUInt32BE(blob + 28), bytes.readUInt32BE(blob + 32)]
    const [length, page] = [bytes[blob + 36], 1 << bytes[blob + 39]]
    let wrong = limit === start ? 0 : 1
    for (let index = 0; index < pages; index++) {
      const content = bytes.subarray(index * page, Math.min((index + 1) * page, limit))
      const there = bytes.subarray(hashes + index * length, hashes + (index + 1) * length)
      if (!createHash('sha256').update(content).digest().subarray(0, length).equals(there)) wrong++
    }
    const kind = flags & 2 ? 'ad hoc' : 'by somebody'
    return `${kind}, ${wrong === 0 ? 'every page as signed' : 'not of these pages'}`
  }
  return 'without hashes'
}
