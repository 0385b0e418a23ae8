// A tar writer that can also create invalid and hostile archives.
import { gzipSync } from 'node:zlib'

const BLOCK = 512

/**
 * One entry: header and body. `size` may be wrong; if it is a buffer, its bytes are written
 * unchanged. `type` is the letter of the header.
 */
export function entry(name, body = '', { type = '0', link = '', size, prefix = '' } = {}) {
  const bytes = Buffer.from(body)
  const header = Buffer.alloc(BLOCK)
  const field = (text, at, length) => header.write(text, at, length, 'latin1')
  const octal = (number, at, length) =>
    field(number.toString(8).padStart(length - 1, '0'), at, length)
  Buffer.from(name).copy(header, 0, 0, 100)
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  if (Buffer.isBuffer(size)) size.copy(header, 124)
  else octal(size ?? bytes.length, 124, 12)
  octal(0, 136, 12)
  field('        ', 148, 8)
  field(type, 156, 1)
  Buffer.from(link).copy(header, 157, 0, 100)
  field('ustar\u000000', 257, 8)
  Buffer.from(prefix).copy(header, 345, 0, 155)
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)])
}

/**
 * The entries of a pax header that gives the next entry the name `path`, with other records before
 * it.
 */
export function pax(path, more = {}) {
  const record = ([key, value]) => {
    const rest = ` ${key}=${value}\n`
    const own = Buffer.byteLength(rest)
    const length = own + String(own + String(own).length).length
    return `${length}${rest}`
  }
  return entry(
    'PaxHeader',
    Object.entries({ ...more, path })
      .map(record)
      .join(''),
    { type: 'x' },
  )
}

/** GNU's form of a long name: the body of this entry is the name of the next one. */
export const gnu = (path) => entry('././@LongLink', `${path}\0`, { type: 'L' })

/** The end of a tar. */
export const end = Buffer.alloc(2 * BLOCK)

/** A .tgz with these entries. */
export const tgz = (...entries) => gzipSync(Buffer.concat([...entries, end]))
