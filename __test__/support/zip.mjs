// A zip writer that can also create invalid and hostile archives.
import { crc32, deflateRawSync } from 'node:zlib'

const DEFLATE = 8
const UNIX = 3 << 8
const LINK = 0o120777

/**
 * One entry. `stored` leaves the bytes as they are; `link` makes a symbolic link to the body; the
 * other fields replace the right ones in the directory.
 */
export const zipped = (name, body = '', how = {}) => ({ name, body: Buffer.from(body), how })

/** A zip with these entries. `comment` is at its end. */
export function zip(entries, { comment = '' } = {}) {
  const parts = []
  const directory = []
  let at = 0
  const put = (bytes) => {
    parts.push(bytes)
    at += bytes.length
  }
  for (const { name, body, how } of entries) {
    const { stored = false, link = false } = how
    const packed = Buffer.from(how.packed ?? (stored ? body : deflateRawSync(body, { level: 1 })))
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(how.flags ?? 0, 2)
    common.writeUInt16LE(how.method ?? (stored ? 0 : DEFLATE), 4)
    common.writeUInt32LE(how.crc ?? crc32(body), 10)
    common.writeUInt32LE(how.length ?? packed.length, 14)
    common.writeUInt32LE(how.size ?? body.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const entry = Buffer.alloc(46)
    entry.write('PK\x01\x02', 'latin1')
    entry.writeUInt16LE(UNIX | 20, 4)
    common.copy(entry, 6)
    entry.writeUInt32LE(link ? LINK * 0x10000 : 0o100644 * 0x10000, 38)
    entry.writeUInt32LE(how.at ?? at, 42)
    directory.push(entry, Buffer.from(name))
    put(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed]))
  }
  const bytes = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 8)
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 10)
  end.writeUInt32LE(bytes.length, 12)
  end.writeUInt32LE(at, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...parts, bytes, end, Buffer.from(comment)])
}
