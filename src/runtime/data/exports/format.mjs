// The format of exports.bin: raw deflate of
//
//   u32  number of names, number of bytes of all suffixes, and for each platform its number of
//        patterns
//   u8   per name: how much of its beginning it shares with the name before; 0 for every BLOCK-th
//        name, at which a search can start
//        …  the rest of every name, each ended by a newline
//   u8   per platform and pattern: two bytes for each line, oldest line first
//   u8   per platform and name: the lower byte of the number of its pattern; then the upper byte of
//        all
//
// little-endian, names in the order of their bytes. The two bytes are the release that added the
// name to the line and the release that removed it, as indexes of the releases that were read. NONE
// means that there is no such release. VARYING as the first byte means that the name was added more
// than once, or that the packages of one release differ.

import { deflateRawSync, inflateRawSync } from 'node:zlib'

export const BLOCK = 16
export const NONE = 255
export const VARYING = 254

/**
 * @param {Map<string, number[][]>} states name → for each platform two numbers for each line
 * @returns {Buffer} the content of exports.bin
 */
export function encode(states, platforms) {
  const names = [...states.keys()].sort()
  const shared = Buffer.alloc(names.length)
  let before = ''
  const suffixes = names.map((name, index) => {
    let length = 0
    while (
      index % BLOCK !== 0 &&
      length < 255 &&
      length < name.length &&
      name[length] === before[length]
    )
      length++
    shared[index] = length
    before = name
    return `${name.slice(length)}\n`
  })
  const text = Buffer.from(suffixes.join(''), 'latin1')
  const columns = platforms.map((_, platform) =>
    column(names.map((name) => states.get(name)[platform])),
  )
  const head = Buffer.alloc(4 * (2 + platforms.length))
  ;[names.length, text.length, ...columns.map(({ patterns }) => patterns.length)].forEach(
    (value, index) => head.writeUInt32LE(value, 4 * index),
  )
  const parts = [head, shared, text]
  for (const { patterns, numbers } of columns) {
    parts.push(Buffer.from(patterns.flat()))
    parts.push(
      Buffer.from(numbers.map((number) => number & 255)),
      Buffer.from(numbers.map((number) => number >> 8)),
    )
  }
  return deflateRawSync(Buffer.concat(parts), { level: 9, memLevel: 9 })
}

/** The different rows, the most frequent first, and for each name the number of its row. */
function column(rows) {
  const counts = new Map()
  for (const row of rows) counts.set(row.join(), (counts.get(row.join()) ?? 0) + 1)
  const keys = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1))
  const numbers = new Map(keys.map((key, index) => [key, index]))
  return {
    patterns: keys.map((key) => key.split(',').map(Number)),
    numbers: rows.map((row) => numbers.get(row.join())),
  }
}

/** The inverse of `encode`. */
export function decode(bytes, platforms, lines) {
  const width = 2 * lines.length
  const body = inflateRawSync(bytes)
  const [count, length, ...patternCounts] = Array.from(
    { length: 2 + platforms.length },
    (_, index) => body.readUInt32LE(4 * index),
  )
  let at = 4 * (2 + platforms.length)
  const take = (size) => body.subarray(at, (at += size))
  const shared = take(count)
  const suffixes = take(length).toString('latin1').split('\n')
  let name = ''
  const states = new Map()
  const names = Array.from({ length: count }, (_, index) => {
    name = name.slice(0, shared[index]) + suffixes[index]
    states.set(name, [])
    return name
  })
  for (const patterns of patternCounts) {
    const rows = take(patterns * width)
    const [low, high] = [take(count), take(count)]
    names.forEach((one, index) => {
      const row = (low[index] | (high[index] << 8)) * width
      states.get(one).push([...rows.subarray(row, row + width)])
    })
  }
  if (at !== body.length) throw new Error(`${body.length - at} bytes too many`)
  return states
}
