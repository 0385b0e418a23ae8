// A project that changes at random, as package managers, builds and people change projects. Each
// change keeps to the ways of one layout: npm's folders, pnpm's store of links, or Yarn's
// node_modules with linked workspaces.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'

const OLD = new Date('1985-10-26T08:15:00Z')
const KINDS = ['plain', 'bindings', 'build', 'gyp', 'prebuilds', 'platform', 'script', 'lib']
const NAMES = ['a', 'b', 'c', 'd', '@s/e', '@s/f', 'g']

/**
 * @param {'npm' | 'pnpm' | 'yarn'} layout
 * @param {() => number} random from 0 to 1
 * @param {Record<string, string>} addons good, bad and lib: files; the last needs `libneeding.so`
 */
export class Tree {
  constructor(layout, random, addons) {
    Object.assign(this, { layout, random, addons })
    const base = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-index-')))
    this.base = base
    this.root = join(base, 'app')
    this.store = join(base, 'store')
    this.libraries = join(base, 'lib')
    this.version = 0
    this.options = {}
    this.#write(join(this.libraries, 'libneeding.so'), readFileSync(addons.library))
    this.#write(join(this.root, 'package.json'), this.#rootManifest())
    this.#write(join(this.root, 'src/index.js'), 'module.exports = 1\n')
    for (const name of NAMES.slice(0, 4)) this.install(name)
  }

  remove() {
    rmSync(this.base, { recursive: true, force: true })
  }

  pick = (list) => list[Math.floor(this.random() * list.length)]

  /** Changes something, and returns a sentence about it. */
  change() {
    const change = this.pick(Tree.changes)
    const name = this.pick(NAMES)
    const what = change.call(this, name)
    return `${change.name.replace(/^#/, '')} ${name}${what ? `: ${what}` : ''}`
  }

  #write(file, content) {
    mkdirSync(dirname(file), { recursive: true })
    const isText = typeof content === 'string' || Buffer.isBuffer(content)
    writeFileSync(file, isText ? content : JSON.stringify(content))
  }

  #rootManifest(more = {}) {
    const dependencies = Object.fromEntries(NAMES.map((name) => [name, '*']))
    const workspaces = this.layout === 'npm' ? undefined : ['packages/*']
    return { name: 'app', version: '1.0.0', dependencies, workspaces, ...more }
  }

  /** The real folder of a package. */
  folderOf(name) {
    const place = join(this.root, 'node_modules', name)
    return this.layout === 'pnpm'
      ? join(this.root, 'node_modules/.pnpm', `${name.replace('/', '+')}@1`, 'node_modules', name)
      : place
  }

  #fill(folder, name, kind) {
    const version = `1.0.${this.version++}`
    const addon = readFileSync(this.addons[this.pick(['good', 'bad'])])
    const needs = kind === 'bindings' || kind === 'build' ? { bindings: '^1.5.0' } : {}
    const manifest = { name, version, main: 'index.js', dependencies: needs }
    const built = join(folder, 'build/Release/x.node')
    const loads = { bindings: "require('bindings')('x')", build: "require('bindings')('x')" }
    loads.gyp = "require('./build/Release/x.node')"
    loads.lib = loads.gyp
    loads.prebuilds = "require('node-gyp-build')(__dirname)"
    loads.platform = "require('./x.node')"
    this.#write(join(folder, 'index.js'), `module.exports = ${loads[kind] ?? '{}'}\n`)
    if (kind === 'bindings') this.#write(built, addon)
    if (kind === 'lib') this.#write(built, readFileSync(this.addons.lib))
    if (kind === 'gyp') this.#write(join(folder, 'binding.gyp'), '{}')
    if (kind === 'script') manifest.scripts = { install: 'node install.js' }
    if (kind === 'platform') {
      Object.assign(manifest, { os: ['linux'], cpu: ['x64'], main: 'x.node' })
      this.#write(join(folder, 'x.node'), addon)
    }
    if (kind === 'prebuilds') {
      manifest.dependencies = { 'node-gyp-build': '*' }
      this.#write(join(folder, 'prebuilds/linux-x64/node.napi.node'), addon)
    }
    this.#write(join(folder, 'lib/deep/file.js'), '')
    this.#write(join(folder, 'package.json'), manifest)
  }

  /** As a package manager does: into a new folder, which is then put into its place. */
  install(name) {
    const kind = this.pick(KINDS)
    const folder = this.folderOf(name)
    const fresh = join(this.base, 'fresh')
    rmSync(fresh, { recursive: true, force: true })
    this.#fill(fresh, name, kind)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(dirname(folder), { recursive: true })
    renameSync(fresh, folder)
    this.#link(name)
    return kind
  }

  #link(name) {
    if (this.layout !== 'pnpm') return
    const place = join(this.root, 'node_modules', name)
    rmSync(place, { recursive: true, force: true })
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(relative(dirname(place), this.folderOf(name)), place)
  }

  #addonsOf(name) {
    const folder = this.folderOf(name)
    if (!existsSync(folder)) return []
    // Without those of the packages in it: it may itself have nothing native.
    const all = readdirSync(folder, { recursive: true }).map(String)
    const own = all.filter((file) => !file.includes('node_modules') && file.endsWith('.node'))
    return own.map((file) => join(folder, file))
  }

  #other() {
    return readFileSync(this.addons[this.pick(['good', 'bad', 'lib'])])
  }

  #quietly(act) {
    try {
      return act()
    } catch (error) {
      return error.code ?? String(error)
    }
  }

  static changes = [
    function install(name) {
      return this.install(name)
    },
    function update(name) {
      return this.install(name)
    },
    function updateInPlace(name) {
      const folder = this.folderOf(name)
      if (!existsSync(folder)) return 'not there'
      const kind = this.pick(KINDS)
      this.#fill(folder, name, kind)
      return kind
    },
    function remove(name) {
      rmSync(this.folderOf(name), { recursive: true, force: true })
      if (this.layout === 'pnpm' && this.random() < 0.5)
        rmSync(join(this.root, 'node_modules', name), { force: true })
    },
    function rebuildInPlace(name) {
      const [file] = this.#addonsOf(name)
      if (file) writeFileSync(file, this.#other())
    },
    function rebuildByRename(name) {
      const [file] = this.#addonsOf(name)
      if (!file) return
      writeFileSync(`${file}.new`, this.#other())
      renameSync(`${file}.new`, file)
    },
    function replaceWithOldTimes(name) {
      const [file] = this.#addonsOf(name)
      if (!file) return
      const old = this.#other()
      const length = Math.max(old.length, readFileSync(file).length)
      writeFileSync(file, Buffer.concat([old, Buffer.alloc(length - old.length)]))
      utimesSync(file, OLD, OLD)
    },
    function touchWithOldTimes(name) {
      const [file] = this.#addonsOf(name)
      if (file) utimesSync(file, OLD, OLD)
    },
    function build(name) {
      const folder = this.folderOf(name)
      if (existsSync(join(folder, 'binding.gyp')))
        this.#write(join(folder, 'build/Release/x.node'), this.#other())
    },
    function clean(name) {
      for (const file of this.#addonsOf(name)) unlinkSync(file)
    },
    function addToNative(name) {
      const [file] = this.#addonsOf(name)
      if (file) this.#write(join(this.folderOf(name), 'lib/deep/other.node'), this.#other())
    },
    function becomesNative(name) {
      const folder = this.folderOf(name)
      if (existsSync(folder)) this.#write(join(folder, 'binding.gyp'), '{}')
    },
    function changeScript(name) {
      const file = join(this.folderOf(name), 'index.js')
      const text = this.pick([
        "require('bindings')('x')",
        "require('./build/Release/x.node')",
        '{}',
      ])
      if (existsSync(file)) this.#write(file, `module.exports = ${text}\n`)
    },
    function breakManifest(name) {
      const file = join(this.folderOf(name), 'package.json')
      if (existsSync(file)) writeFileSync(file, this.pick(['{', '{}', '[]', '']))
    },
    function nest(name) {
      const folder = this.folderOf(name)
      if (!existsSync(folder)) return
      this.#fill(join(folder, 'node_modules/inner'), 'inner', this.pick(KINDS))
    },
    function settings() {
      const settings = {
        ignore: this.pick([[], ['a'], ['@s/*']]),
        production: this.pick([true, false]),
      }
      this.#write(join(this.root, 'package.json'), this.#rootManifest({ 'abi-guard': settings }))
    },
    function dependencies() {
      const left = Object.fromEntries(NAMES.filter(() => this.random() < 0.7).map((n) => [n, '*']))
      const more = this.pick([
        { dependencies: left },
        { dependencies: {}, optionalDependencies: left },
      ])
      this.#write(join(this.root, 'package.json'), this.#rootManifest(more))
    },
    function workspace(name) {
      const folder = join(this.root, 'packages', basename(name))
      this.#fill(folder, name, this.pick(KINDS))
      if (this.layout === 'npm') return
      const place = join(this.root, 'node_modules', name)
      rmSync(place, { recursive: true, force: true })
      mkdirSync(dirname(place), { recursive: true })
      symlinkSync(relative(dirname(place), folder), place)
    },
    function linkOutside(name) {
      const folder = join(this.base, 'outside', name)
      this.#fill(folder, name, this.pick(KINDS))
      const place = join(this.root, 'node_modules', name)
      rmSync(place, { recursive: true, force: true })
      mkdirSync(dirname(place), { recursive: true })
      symlinkSync(folder, place)
    },
    function rebuildOutside(name) {
      const file = join(this.base, 'outside', name, 'build/Release/x.node')
      if (existsSync(file)) writeFileSync(file, this.#other())
    },
    function ownAddon() {
      const file = join(this.root, 'build/Release/own.node')
      if (existsSync(file) && this.random() < 0.5)
        rmSync(join(this.root, 'build'), { recursive: true })
      else this.#write(file, this.#other())
    },
    function ownFiles() {
      this.#write(join(this.root, 'src', `file${this.pick([1, 2, 3])}.js`), String(this.version++))
    },
    function ownFolder() {
      const folder = join(this.root, 'src', `folder${this.pick([1, 2, 3])}`)
      if (existsSync(folder)) rmSync(folder, { recursive: true })
      else mkdirSync(folder, { recursive: true })
    },
    function hardLink(name) {
      const [file] = this.#addonsOf(name)
      if (!file) return undefined
      mkdirSync(this.store, { recursive: true })
      const place = join(this.store, `${this.version++}.node`)
      return this.#quietly(() => linkSync(file, place))
    },
    function library() {
      const file = join(this.libraries, 'libneeding.so')
      const act = this.pick(['remove', 'replace', 'restore'])
      rmSync(file, { force: true })
      if (act === 'replace') copyFileSync(this.addons.bad, file)
      if (act === 'restore') copyFileSync(this.addons.library, file)
      return act
    },
    function libraryPath() {
      const value = this.pick([undefined, this.libraries, join(this.base, 'nowhere')])
      this.libraryPath = value
      return value ?? 'unset'
    },
    function options() {
      this.options = this.pick([{}, { production: true }, { threads: true }, { strict: true }])
      return JSON.stringify(this.options)
    },
    function rights(name) {
      const file = join(this.folderOf(name), 'package.json')
      if (existsSync(file)) chmodSync(file, this.pick([0o644, 0o600, 0o755]))
    },
    function swapModules() {
      const place = join(this.root, 'node_modules')
      const other = join(this.base, 'other_modules')
      if (!existsSync(place)) return
      if (existsSync(other)) {
        renameSync(place, `${place}.swap`)
        renameSync(other, place)
        renameSync(`${place}.swap`, other)
      } else {
        renameSync(place, other)
        mkdirSync(place)
        this.install('a')
      }
    },
    function restoreFromCopy() {
      // All files have the same contents and times, and other inodes.
      const copy = join(this.base, 'copy')
      cpSync(this.root, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
      rmSync(this.root, { recursive: true })
      renameSync(copy, this.root)
    },
    function moveApp() {
      // There and back again.
      const moved = `${this.root}.moved`
      renameSync(this.root, moved)
      renameSync(moved, this.root)
    },
    function damageIndex() {
      const folder = join(this.root, 'node_modules/.cache/abi-guard')
      if (!existsSync(folder)) return undefined
      for (const name of readdirSync(folder)) {
        const bytes = readFileSync(join(folder, name))
        const at = Math.floor(this.random() * bytes.length)
        const act = this.pick(['flip', 'cut', 'empty', 'delete'])
        if (act === 'delete') unlinkSync(join(folder, name))
        else if (act === 'flip' && bytes.length > 0) bytes[at] ^= 1 << Math.floor(this.random() * 8)
        if (act !== 'delete')
          writeFileSync(
            join(folder, name),
            { flip: bytes, cut: bytes.subarray(0, at), empty: '' }[act],
          )
      }
      return undefined
    },
  ]
}
