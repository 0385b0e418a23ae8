// Lists the names that an executable exports: ELF, Mach-O (one slice, 64 bits) and PE, as the
// official builds of Node.js are made. Only for these trusted files: an invalid file stops the
// generator.

/**
 * The exported names of an executable, not sorted. Names in Mach-O lose the underscore before C
 * names.
 */
export function exportedNames(bytes) {
  if (bytes.readUInt32BE(0) === 0x7f454c46) return elf(bytes)
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return machO(bytes)
  if (bytes.readUInt16BE(0) === 0x4d5a) return pe(bytes)
  throw new Error('neither ELF nor Mach-O of 64 bits nor PE')
}

const number = (bytes, at) => Number(bytes.readBigUInt64LE(at))

function text(bytes, at) {
  const end = bytes.indexOf(0, at)
  if (end < 0) throw new Error(`the name at ${at} has no end`)
  return bytes.latin1Slice(at, end)
}

/**
 * The symbols that .dynsym exports: global, weak or unique, with default or protected visibility.
 */
function elf(bytes) {
  if (bytes[4] !== 2 || bytes[5] !== 1) throw new Error('ELF, but not of 64 bits and little-endian')
  const [sections, size, count] = [
    number(bytes, 0x28),
    bytes.readUInt16LE(0x3a),
    bytes.readUInt16LE(0x3c),
  ]
  const section = (index) => {
    const at = sections + index * size
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: number(bytes, at + 0x18),
      link: bytes.readUInt32LE(at + 0x28),
      size: number(bytes, at + 0x20),
    }
  }
  const table = Array.from({ length: count }, (_, index) => section(index)).find(
    ({ type }) => type === 11,
  )
  if (!table) throw new Error('no .dynsym')
  const strings = section(table.link).offset
  const names = []
  for (let at = table.offset; at < table.offset + table.size; at += 24) {
    const [binding, visibility, home] = [
      bytes[at + 4] >> 4,
      bytes[at + 5] & 3,
      bytes.readUInt16LE(at + 6),
    ]
    if (home !== 0 && [1, 2, 10].includes(binding) && [0, 3].includes(visibility)) {
      names.push(text(bytes, strings + bytes.readUInt32LE(at)))
    }
  }
  return names
}

/** The trie of LC_DYLD_INFO(_ONLY) or LC_DYLD_EXPORTS_TRIE. */
function machO(bytes) {
  let at = 32
  let trie
  for (let left = bytes.readUInt32LE(16); left > 0 && !trie; left--) {
    const command = bytes.readUInt32LE(at) & 0x7fffffff
    const field = { 34: at + 40, 51: at + 8 }[command]
    if (field)
      trie = bytes.subarray(bytes.readUInt32LE(field)).subarray(0, bytes.readUInt32LE(field + 4))
    at += bytes.readUInt32LE(at + 4)
  }
  if (!trie) throw new Error('no trie of exports')
  const names = []
  const nodes = [[0, '']]
  while (nodes.length > 0) {
    const [start, name] = nodes.pop()
    const [length, payload] = uleb128(trie, start)
    if (length > 0) names.push(name.replace(/^_/, ''))
    let next = payload + length
    for (let edges = trie[next++]; edges > 0; edges--) {
      const label = text(trie, next)
      const [child, after] = uleb128(trie, next + label.length + 1)
      nodes.push([child, name + label])
      next = after
    }
  }
  return names
}

/** The number at `at`, and the position after it. */
function uleb128(bytes, at) {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return [value, at]
  }
}

/** The names in the export directory. */
function pe(bytes) {
  const header = bytes.readUInt32LE(0x3c)
  const optional = header + 24
  if (bytes.readUInt16LE(optional) !== 0x20b) throw new Error('PE, but not of 64 bits')
  const sections = optional + bytes.readUInt16LE(header + 20)
  const count = bytes.readUInt16LE(header + 6)
  const offset = (address) => {
    for (let at = sections; at < sections + count * 40; at += 40) {
      const start = bytes.readUInt32LE(at + 12)
      if (address >= start && address < start + bytes.readUInt32LE(at + 16))
        return address - start + bytes.readUInt32LE(at + 20)
    }
    throw new Error(`address ${address} lies in no section`)
  }
  const directory = offset(bytes.readUInt32LE(optional + 112))
  const names = offset(bytes.readUInt32LE(directory + 32))
  return Array.from({ length: bytes.readUInt32LE(directory + 24) }, (_, index) =>
    text(bytes, offset(bytes.readUInt32LE(names + 4 * index))),
  )
}
