// Executables that another loader starts than that of this machine.

/** An ELF executable (little-endian) whose PT_INTERP lies at the end of the file, and says `loader`. The kernel alone reads it there. */
export function withLoader(bytes, loader) {
  const text = Buffer.from(`${loader}\0`)
  const isWide = bytes[4] === 2
  const start = isWide ? Number(bytes.readBigUInt64LE(0x20)) : bytes.readUInt32LE(0x1c)
  const size = bytes.readUInt16LE(isWide ? 0x36 : 0x2a)
  const end = start + size * bytes.readUInt16LE(isWide ? 0x38 : 0x2c)
  for (let at = start; at < end; at += size) {
    if (bytes.readUInt32LE(at) !== 3) continue
    if (isWide) {
      bytes.writeBigUInt64LE(BigInt(bytes.length), at + 0x08)
      bytes.writeBigUInt64LE(BigInt(text.length), at + 0x20)
    } else {
      bytes.writeUInt32LE(bytes.length, at + 0x04)
      bytes.writeUInt32LE(text.length, at + 0x10)
    }
    return Buffer.concat([bytes, text])
  }
  throw new Error('the executable names no loader')
}
