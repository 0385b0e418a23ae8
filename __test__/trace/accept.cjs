// Whether a system's loader would accept a file: its format, its processor and, on Linux, its libc.
// A package with several files tries the next one if not, and the last file that it tries counts.
'use strict'
const fs = require('node:fs')

const elfMachines = { x64: 62, arm64: 183 }
const machTypes = { x64: 0x01000007, arm64: 0x0100000c }
const peMachines = { x64: 0x8664, arm64: 0xaa64 }

function accepts({ platform, arch, libc }, file) {
  const bytes = fs.readFileSync(file)
  if (bytes.length < 64) return false
  if (platform === 'win32') {
    const at = bytes.readUInt32LE(0x3c)
    return (
      bytes.toString('latin1', 0, 2) === 'MZ' && bytes.readUInt16LE(at + 4) === peMachines[arch]
    )
  }
  if (platform === 'darwin') return machOf(bytes).includes(machTypes[arch])
  if (bytes.toString('latin1', 0, 4) !== '\x7fELF' || bytes.readUInt16LE(18) !== elfMachines[arch])
    return false
  return !bytes.includes(libc === 'musl' ? 'libc.so.6\0' : 'libc.musl-')
}

/** The processors of a Mach-O file, thin or universal. */
function machOf(bytes) {
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return [bytes.readUInt32LE(4)]
  if (bytes.readUInt32BE(0) !== 0xcafebabe) return []
  const count = Math.min(bytes.readUInt32BE(4), 16)
  return Array.from({ length: count }, (_, index) => bytes.readUInt32BE(8 + 20 * index))
}

module.exports = { accepts }
