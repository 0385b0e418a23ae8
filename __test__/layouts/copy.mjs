// Copies of installed projects that tests may break. A copy consists of hard links, so that it
// takes little time and space. A change replaces the file with a new one, because writing to it
// would change the original too.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { readJson, temporaryFolder } from '../../scripts/support/cache.mjs'

/**
 * A copy on the disk of the cache. It is removed after the test `t`, or by `remove` if there is
 * none.
 */
export function copyOf(t, project) {
  const copy = new Copy(join(temporaryFolder(), 'project'), project)
  t?.after(() => copy.remove())
  return copy
}

/** Links a file, or a folder with its contents, as hard links. */
const link = (from, to) => execFileSync('cp', ['-al', from, to])

const isThere = (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined

class Copy {
  #original
  #changed = new Set()

  constructor(root, original) {
    this.root = root
    this.#original = original
    link(original, root)
  }

  remove() {
    rmSync(dirname(this.root), { recursive: true, force: true })
  }

  /** Removes the file or folder at a path, and records that it must be restored. */
  #clear(path) {
    let highest = path
    while (!isThere(dirname(highest))) highest = dirname(highest)
    this.#changed.add(highest)
    rmSync(path, { recursive: true, force: true })
    mkdirSync(dirname(path), { recursive: true })
  }

  /** Restores the original state. This takes less time than another copy. */
  restore() {
    for (const path of this.#changed) {
      rmSync(path, { recursive: true, force: true })
      const before = join(this.#original, relative(this.root, path))
      if (isThere(before)) link(before, path)
    }
    this.#changed.clear()
  }

  path(...parts) {
    return join(this.root, ...parts)
  }

  /**
   * Writes a new file, also in place of another one. `content` is text, bytes, or an object as
   * JSON.
   */
  write(file, content) {
    this.#clear(file)
    const plain = typeof content === 'string' || Buffer.isBuffer(content)
    writeFileSync(file, plain ? content : JSON.stringify(content, null, 2))
  }

  /** Copies a file or a folder to a path, in place of what is there. */
  put(from, file) {
    this.#clear(file)
    cpSync(from, file, { recursive: true })
  }

  /** Keeps only a share of a file's bytes. */
  truncate(file, share) {
    const bytes = readFileSync(file)
    this.write(file, bytes.subarray(0, Math.floor(bytes.length * share)))
  }

  link(target, file) {
    this.#clear(file)
    symlinkSync(target, file)
  }

  delete(...paths) {
    for (const path of paths) this.#clear(path)
  }

  /** Changes package.json of the project or of one of its packages. */
  editManifest(folder, edit) {
    const file = join(folder, 'package.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    edit(manifest)
    this.write(file, manifest)
  }

  /** The real folders of the packages with a name (and a version), in any layout. */
  folders(name, version) {
    this.known ??= readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name === 'package.json')
      .map((entry) => entry.parentPath ?? entry.path)
      .map((folder) => ({ folder, ...readJson(join(folder, 'package.json'), {}) }))
    return this.known
      .filter((one) => one.name === name && (version === undefined || one.version === version))
      .map(({ folder }) => folder)
  }

  folder(name, version) {
    const [folder, ...more] = this.folders(name, version)
    if (!folder || more.length > 0)
      throw new Error(`${name} is there ${more.length + (folder ? 1 : 0)} times`)
    return folder
  }
}
