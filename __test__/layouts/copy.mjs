// Copies of installed projects that may be broken. A copy is made of hard links, so that it costs
// little; what is changed in it is replaced by a new file and never written through, which would
// change the original too.
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

/** A copy on the disk of the cache; it goes away after the test `t`, or without one when `remove` is called. */
export function copyOf(t, project) {
  const copy = new Copy(join(temporaryFolder(), 'project'), project)
  t?.after(() => copy.remove())
  return copy
}

/** A file, or a folder with all in it, as hard links. */
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

  /** Takes away what is at a path, and remembers that it has to be put back. */
  #clear(path) {
    let highest = path
    while (!isThere(dirname(highest))) highest = dirname(highest)
    this.#changed.add(highest)
    rmSync(path, { recursive: true, force: true })
    mkdirSync(dirname(path), { recursive: true })
  }

  /** Makes it as it was: many copies would cost more than all that is done with them. */
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

  /** Puts a new file into the place of one, or of nothing; `content` is text, bytes, or an object as JSON. */
  write(file, content) {
    this.#clear(file)
    const plain = typeof content === 'string' || Buffer.isBuffer(content)
    writeFileSync(file, plain ? content : JSON.stringify(content, null, 2))
  }

  /** Puts a copy of one file or folder into the place of another. */
  put(from, file) {
    this.#clear(file)
    cpSync(from, file, { recursive: true })
  }

  /** Leaves a share of a file's bytes. */
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

  /** The real folders of the packages of a name (and version), wherever this layout keeps them. */
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
