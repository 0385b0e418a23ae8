// Random damage to the data that a loader reads from an addon: one field of the ELF header, the
// program headers, the dynamic section or one of the tables to which it points. Little-endian ELF64
// only. All values come from a seeded generator.
import { seeded } from '../../scripts/support/damage.mjs'

const [PT_LOAD, PT_DYNAMIC] = [1, 2]
const DT = {
  PLTRELSZ: 2n,
  STRTAB: 5n,
  SYMTAB: 6n,
  RELA: 7n,
  RELASZ: 8n,
  STRSZ: 10n,
  JMPREL: 23n,
  INIT_ARRAY: 25n,
  INIT_ARRAYSZ: 27n,
  RELRSZ: 35n,
  RELR: 36n,
  GNU_HASH: 0x6ffffef5n,
  VERSYM: 0x6ffffff0n,
  VERNEED: 0x6ffffffen,
}

/** Fields of a structure: name, offset, bytes. */
const layouts = {
  header: [
    ['e_type', 16, 2],
    ['e_machine', 18, 2],
    ['e_version', 20, 4],
    ['e_entry', 24, 8],
    ['e_phoff', 32, 8],
    ['e_shoff', 40, 8],
    ['e_flags', 48, 4],
    ['e_ehsize', 52, 2],
    ['e_phentsize', 54, 2],
    ['e_phnum', 56, 2],
    ['e_shentsize', 58, 2],
    ['e_shnum', 60, 2],
  ],
  program: [
    ['p_type', 0, 4],
    ['p_flags', 4, 4],
    ['p_offset', 8, 8],
    ['p_vaddr', 16, 8],
    ['p_paddr', 24, 8],
    ['p_filesz', 32, 8],
    ['p_memsz', 40, 8],
    ['p_align', 48, 8],
  ],
  dynamic: [
    ['d_tag', 0, 8],
    ['d_val', 8, 8],
  ],
  rela: [
    ['r_offset', 0, 8],
    ['r_type', 8, 4],
    ['r_sym', 12, 4],
    ['r_addend', 16, 8],
  ],
  symbol: [
    ['st_name', 0, 4],
    ['st_info', 4, 1],
    ['st_other', 5, 1],
    ['st_shndx', 6, 2],
    ['st_value', 8, 8],
    ['st_size', 16, 8],
  ],
  word: [['word', 0, 4]],
  half: [['half', 0, 2]],
  pointer: [['pointer', 0, 8]],
}

/** The data that a loader reads from `bytes`: lists of structures, each with its layout. */
export function parts(bytes) {
  const long = (at) => bytes.readBigUInt64LE(at)
  const [start, size, count] = [Number(long(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)]
  const programs = Array.from({ length: count }, (_, index) => start + index * size)
  const typed = (type) => programs.filter((at) => bytes.readUInt32LE(at) === type)
  const offset = (address) => {
    for (const at of typed(PT_LOAD)) {
      const within = address - long(at + 16)
      if (within >= 0n && within < long(at + 32)) return Number(long(at + 8) + within)
    }
    return null
  }
  const entries = []
  for (let at = Number(long(typed(PT_DYNAMIC)[0] + 8)); ; at += 16) {
    entries.push(at)
    if (long(at) === 0n) break
  }
  const value = (tag) => {
    const at = entries.find((entry) => long(entry) === tag)
    return at === undefined ? null : long(at + 8)
  }
  const place = (tag) => (value(tag) === null ? null : offset(value(tag)))
  const lists = { header: { layout: 'header', list: [0] } }
  const add = (name, layout, list) => list.length > 0 && (lists[name] = { layout, list })
  const run = (name, layout, at, length, step) =>
    at !== null &&
    add(
      name,
      layout,
      Array.from({ length }, (_, index) => at + index * step),
    )
  add('program headers', 'program', programs)
  add('dynamic section', 'dynamic', entries)
  run('relocations', 'rela', place(DT.RELA), Number((value(DT.RELASZ) ?? 0n) / 24n), 24)
  run(
    'relocations of calls',
    'rela',
    place(DT.JMPREL),
    Number((value(DT.PLTRELSZ) ?? 0n) / 24n),
    24,
  )
  run('packed relocations', 'pointer', place(DT.RELR), Number((value(DT.RELRSZ) ?? 0n) / 8n), 8)
  run(
    'constructors',
    'pointer',
    place(DT.INIT_ARRAY),
    Number((value(DT.INIT_ARRAYSZ) ?? 0n) / 8n),
    8,
  )
  const symbols = Number((value(DT.STRTAB) - value(DT.SYMTAB)) / 24n)
  if (symbols > 1 && symbols < 1e5) {
    run('symbols', 'symbol', place(DT.SYMTAB) + 24, symbols - 1, 24)
    run('symbol versions', 'half', place(DT.VERSYM), symbols, 2)
  }
  const hash = place(DT.GNU_HASH)
  if (hash !== null) {
    const [buckets, , bloom] = [0, 4, 8].map((more) => bytes.readUInt32LE(hash + more))
    run('hash table', 'word', hash, Math.min(4 + bloom * 2 + buckets * 2, 4096), 4)
  }
  run('needed versions', 'word', place(DT.VERNEED), 8, 4)
  run('symbol names', 'word', place(DT.STRTAB), Math.floor(Number(value(DT.STRSZ)) / 4), 4)
  return lists
}

/** The relative frequency of each part. Parts that the file lacks are skipped. */
const weights = {
  header: 6,
  'program headers': 32,
  'dynamic section': 26,
  relocations: 8,
  'relocations of calls': 6,
  'packed relocations': 2,
  constructors: 2,
  symbols: 7,
  'symbol versions': 2,
  'hash table': 5,
  'needed versions': 3,
  'symbol names': 1,
}

const masks = { 1: 0xffn, 2: 0xffffn, 4: 0xffffffffn, 8: 0xffffffffffffffffn }

/**
 * Damaged copies of `bytes`, one field each.
 * @param {Buffer} bytes a sound little-endian ELF64 file
 * @returns {Generator<{ name: string, area: string, bytes: Buffer }>}
 */
export function* damaged(bytes, seed, count) {
  const next = seeded(seed)
  const below = (limit) => Math.floor(next() * limit)
  const lists = parts(bytes)
  const names = Object.keys(lists)
  const total = names.reduce((sum, name) => sum + weights[name], 0)
  const pick = () => {
    let left = next() * total
    return names.find((name) => (left -= weights[name]) < 0) ?? names[0]
  }
  const random = () => BigInt(below(2 ** 32)) | (BigInt(below(2 ** 32)) << 32n)
  for (let made = 0; made < count; ) {
    const area = pick()
    const { layout, list } = lists[area]
    const index = below(list.length)
    const [field, more, size] = layouts[layout][below(layouts[layout].length)]
    const at = list[index] + more
    const old = read(bytes, at, size)
    const other = read(bytes, list[below(list.length)] + more, size)
    const changes = [
      ['a bit', old ^ (1n << BigInt(below(size * 8)))],
      ['a bit', old ^ (1n << BigInt(below(size * 8)))],
      ['zero', 0n],
      ['ones', masks[size]],
      ['random', random()],
      ['small', BigInt(below(256))],
      ['in the file', BigInt(below(bytes.length))],
      ['more', old + [1n, 8n, 16n, 0x100n, 0x1000n, 0x2000n, 0x10000n][below(7)]],
      ['less', old - [1n, 8n, 16n, 0x100n, 0x1000n, 0x2000n, 0x10000n][below(7)]],
      ['double', old * 2n],
      ['of another', other],
    ]
    const [how, value] = changes[below(changes.length)]
    const fresh = BigInt.asUintN(size * 8, value)
    if (fresh === old) continue
    const copy = Buffer.from(bytes)
    write(copy, at, size, fresh)
    made++
    const text = `${area}[${index}].${field} 0x${old.toString(16)} -> 0x${fresh.toString(16)} (${how})`
    yield { name: text, area, bytes: copy }
  }
}

function read(bytes, at, size) {
  return size === 8 ? bytes.readBigUInt64LE(at) : BigInt(bytes.readUIntLE(at, size))
}

function write(bytes, at, size, value) {
  if (size === 8) bytes.writeBigUInt64LE(value, at)
  else bytes.writeUIntLE(Number(value), at, size)
}
