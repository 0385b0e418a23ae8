// Reads and changes the headers of ELF files (little-endian).

/**
 * A copy of an ELF executable (little-endian) whose PT_INTERP is at the end of the file and
 * contains `loader`. Only the kernel reads it there.
 */
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

/** The offset after the last byte of an ELF64 file that a PT_LOAD segment maps. */
export function endOfSegments(bytes) {
  const [start, size, count] = [
    Number(bytes.readBigUInt64LE(0x20)),
    bytes.readUInt16LE(0x36),
    bytes.readUInt16LE(0x38),
  ]
  const ends = Array.from({ length: count }, (_, index) => start + index * size)
    .filter((at) => bytes.readUInt32LE(at) === 1)
    .map((at) => Number(bytes.readBigUInt64LE(at + 0x08) + bytes.readBigUInt64LE(at + 0x20)))
  return Math.max(...ends)
}
