// Electron's archives: created with Electron's own tool, or by hand if the tool would reject the
// contents.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { install as installMatrix } from '../../scripts/support/matrix/install.mjs'
import { executable } from '../../scripts/support/matrix/index.mjs'
import { installed } from './installed.mjs'

const execute = promisify(execFile)
const tool = {
  name: 'asar-tool',
  version: '1.0.0',
  private: true,
  dependencies: { '@electron/asar': '4.3.2' },
}

/**
 * Packs a folder.
 * @param {string} source
 * @param {string} target the archive; files that are not packed are put into `<target>.unpacked`
 * @param {{ unpack?: string, unpackDir?: string }} options patterns of files and folders that are
 *   not packed
 */
export async function pack(source, target, options = {}) {
  await installMatrix('small', { log() {} })
  const folder = await installed(
    'npm11-hoisted',
    { 'package.json': tool },
    { args: ['--no-engine-strict'] },
  )
  const script = `import { createPackageWithOptions } from '@electron/asar'
    const [source, target, options] = process.argv.slice(1)
    await createPackageWithOptions(source, target, JSON.parse(options))`
  const node = executable('22.23.3') // The Node.js version that the tool requires.
  const args = ['--input-type=module', '-e', script, source, target, JSON.stringify(options)]
  await execute(node, args, { cwd: folder })
  return target
}

const word = (number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(number >>> 0)
  return bytes
}

/**
 * The bytes of an archive, with a header of any text and sizes of any value.
 * @param {object | string | Buffer} header
 * @param {Buffer} content the bytes after the header; the header's offsets count from their start
 * @param {{ first?: number, pickle?: number, payload?: number, length?: number }} sizes wrong
 *   sizes, instead of the correct ones
 */
export function archive(header, content = Buffer.alloc(0), sizes = {}) {
  const isText = typeof header === 'string' || Buffer.isBuffer(header)
  const json = Buffer.from(isText ? header : JSON.stringify(header))
  const padded = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4)])
  const {
    first = 4,
    pickle = padded.length + 8,
    payload = padded.length + 4,
    length = json.length,
  } = sizes
  return Buffer.concat([word(first), word(pickle), word(payload), word(length), padded, content])
}

/** The header of an archive with these files: `{ 'a/b.node': { size, offset } }`. */
export function tree(files) {
  const root = { files: {} }
  for (const [path, about] of Object.entries(files)) {
    const names = path.split('/')
    let folder = root
    for (const name of names.slice(0, -1)) folder = folder.files[name] ??= { files: {} }
    folder.files[names.at(-1)] = about
  }
  return root
}

export const inArchive = (folder) => join(folder, 'resources', 'app.asar')
