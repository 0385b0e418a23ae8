// Debian packages, and the archives of Electron.
import { execFileSync } from 'node:child_process'

/** The bytes, compressed with xz by Python's own library. */
export const xz = (input) =>
  execFileSync(
    'python3',
    ['-c', 'import lzma,sys; sys.stdout.buffer.write(lzma.compress(sys.stdin.buffer.read()))'],
    { input, maxBuffer: 1 << 28 },
  )

/** An `ar` with these members: name → bytes. */
export const ar = (members) =>
  Buffer.concat([
    Buffer.from('!<arch>\n'),
    ...Object.entries(members).flatMap(([name, bytes]) => [
      Buffer.from(
        `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}` +
          `${String(bytes.length).padEnd(10)}\`\n`,
      ),
      Buffer.from(bytes),
      Buffer.alloc(bytes.length % 2, '\n'),
    ]),
  ])

/** A Debian package with the files of a tar, compressed by `compress`. */
export const debian = (tar, name, compress) =>
  ar({ 'debian-binary': '2.0\n', 'control.tar': '', [name]: compress(tar) })

/**
 * An archive of Electron with these files: path → bytes. The `unpacked` ones are beside it.
 */
export function asar(files, unpacked = {}) {
  const header = { files: {} }
  const parts = []
  let offset = 0
  for (const [path, content] of Object.entries({ ...files, ...unpacked })) {
    const bytes = Buffer.from(content)
    const isUnpacked = path in unpacked
    const names = path.split('/')
    let folder = header
    for (const name of names.slice(0, -1)) {
      folder.files[name] ??= { files: {} }
      folder = folder.files[name]
    }
    const place = isUnpacked ? { unpacked: true } : { offset: String(offset) }
    folder.files[names.at(-1)] = { size: bytes.length, ...place }
    if (isUnpacked) continue
    parts.push(bytes)
    offset += bytes.length
  }
  const text = Buffer.from(JSON.stringify(header))
  const padded = Math.ceil(text.length / 4) * 4
  const head = Buffer.alloc(16 + padded)
  head.writeUInt32LE(4, 0)
  head.writeUInt32LE(padded + 8, 4)
  head.writeUInt32LE(padded + 4, 8)
  head.writeUInt32LE(text.length, 12)
  text.copy(head, 16)
  return Buffer.concat([head, ...parts])
}
