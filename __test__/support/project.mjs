// Small projects in temporary folders, with real addons.
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { listFiles } from '../../scripts/support/corpus/index.mjs'
import { install } from '../../scripts/support/corpus/install.mjs'

/**
 * Creates a folder that is removed after the test.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string | Buffer | object>} files path → text, bytes, `copyOf(file)`, or
 *   any other object as JSON
 */
export function project(t, files = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-')))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    if (content instanceof Copy) copyFileSync(content.file, path)
    else if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(path, content)
    else writeFileSync(path, JSON.stringify(content))
  }
  return root
}

class Copy {
  constructor(file) {
    this.file = file
  }
}

/** The content of another file. */
export const copyOf = (file) => new Copy(file)

/**
 * Finds published addons of the small corpus by package and path, and installs missing ones.
 * @param {string[]} names the needed packages: only those are downloaded; without names, all of the
 *   small corpus
 */
export async function published(...names) {
  await install('small', { log() {}, names })
  const files = listFiles('small', names)
  return (name, relative) => {
    const found = files.find((one) => one.package === name && one.relative === relative)
    if (!found) throw new Error(`${relative} of ${name} isn't among the files that were asked for`)
    return found.file
  }
}

/** The files of a package that finds its one addon with `bindings`. */
export const withBindings = (name, addon, version = '1.2.3') => ({
  [`node_modules/${name}/package.json`]: { name, version, dependencies: { bindings: '^1.5.0' } },
  [`node_modules/${name}/index.js`]: "module.exports = require('bindings')('x')\n",
  [`node_modules/${name}/build/Release/x.node`]: addon,
})
