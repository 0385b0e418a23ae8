// Tiny native packages that load, throw or end the process in every current Node.js.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from '../fixtures/compile.mjs'
import { inCache, once, shortHash } from '../../scripts/support/cache.mjs'

/** The switches of fixtures/addon.c for each kind. */
const kinds = {
  /** Node-API: loads everywhere. */
  fine: { NAPISYM: true },
  /** Built for Node.js 12, whose ABI no current release has: an Error. */
  throws: { CTOR: 72, CTX: true },
  /** Requires a Node-API version that no Node.js has: most releases end the process. */
  dies: { NAPISYM: true, GETV: 99 },
  /** Built for Node.js 24 with cleanup hooks in node::ObjectWrap: aborts later before 24.22. */
  aborts: { CTOR: 137, CTX: true, OBJECT_WRAP_HOOK: true, REMOVES_HOOKS: true },
}

/** The compiled file of a kind. */
export const addonOf = (kind) => compile(`addon_${kind}`, kinds[kind])

/**
 * The package.json of a package that is named after its kind. The file is opened when the package
 * is required.
 */
export const manifestOf = (kind, more = {}) => ({
  name: `native-${kind}`,
  version: '1.0.0',
  main: 'index.js',
  ...more,
})
export const SCRIPT = "module.exports = require('./build/Release/addon.node')\n"

/** Writes such a package to a folder. */
export async function writePackage(folder, kind, more) {
  mkdirSync(join(folder, 'build', 'Release'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifestOf(kind, more)))
  writeFileSync(join(folder, 'index.js'), SCRIPT)
  copyFileSync(await addonOf(kind), join(folder, 'build', 'Release', 'addon.node'))
}

/** The archive of such a package, as it would be published. */
export async function archiveOf(kind) {
  const name = shortHash(`${await addonOf(kind)} ${SCRIPT} ${JSON.stringify(manifestOf(kind))}`)
  const folder = await once(inCache('fixtures', `archive-${name}`), async (made) => {
    const work = join(made, 'work')
    await writePackage(work, kind)
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', made], {
      cwd: work,
      stdio: 'ignore',
      shell: process.platform === 'win32',
    })
    rmSync(work, { recursive: true })
  })
  return join(folder, readdirSync(folder)[0])
}
