// The packages as they would be published, and projects that install them. Tests with these have
// the same files as users.
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { run } from '../layouts/managers.mjs'
import { inCache, once, shortHash } from '../../scripts/support/cache.mjs'
import { startScope } from './scope.mjs'

const execute = promisify(execFile)
const { platformName } = createRequire(import.meta.url)('../../lib/platform.js')

const root = fileURLToPath(new URL('../..', import.meta.url))
const DAY = 86_400_000

/** True if this system has a platform package. */
export const isServed = readdirSync(join(root, 'npm')).includes(platformName())

/** Packs the package in `folder`, without its scripts, which would create a release build. */
async function pack(folder, to) {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', to]
  const { stdout } = await execute('npm', args, {
    cwd: folder,
    shell: process.platform === 'win32',
  })
  return stdout.trim().split('\n').pop()
}

/**
 * Archives of the root package and of this system's platform package, which has the checkout's own
 * (debug) build. `all` has the archive of every platform package by its name. Those for other
 * systems have no binary; no test installs them.
 * @returns {Promise<{ root: string, platform: string, all: Record<string, string> }>} their files
 */
export async function tarballs() {
  const binary = `abi-guard.${platformName()}.node`
  const { files: shipped } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const parts = [...shipped, 'package.json', binary, 'npm'].flatMap((name) =>
    filesIn(join(root, name)),
  )
  const hash = shortHash(
    Buffer.concat(parts.map((file) => Buffer.concat([Buffer.from(file), readFileSync(file)]))),
  )
  const packed = await once(inCache('packed', hash), async (folder, work) => {
    mkdirSync(folder)
    cpSync(join(root, 'npm', platformName()), work, { recursive: true })
    copyFileSync(join(root, binary), join(work, binary))
    const names = { root: await pack(root, folder), platform: await pack(work, folder) }
    for (const name of readdirSync(join(root, 'npm')).filter(
      (one) => one !== 'README.md' && one !== platformName(),
    )) {
      const args = [
        '-czf',
        join(folder, `${name}.tgz`),
        '--transform',
        's,^,package/,',
        '-C',
        join(root, 'npm', name),
      ]
      await execute('tar', [...args, 'package.json', 'README.md', 'LICENSE'])
    }
    writeFileSync(join(folder, 'names.json'), JSON.stringify(names))
  })
  prune(inCache('packed'))
  const names = JSON.parse(readFileSync(join(packed, 'names.json'), 'utf8'))
  const platform = join(packed, names.platform)
  const platforms = readdirSync(join(root, 'npm')).filter((one) => one !== 'README.md')
  const files = platforms.map((one) =>
    one === platformName() ? platform : join(packed, `${one}.tgz`),
  )
  const all = Object.fromEntries(
    platforms.map((one, index) => [`@abi-guard/binding-${one}`, files[index]]),
  )
  return { root: join(packed, names.root), platform, all }
}

function filesIn(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats ? [path] : []
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)))
}

/** Removes files of older builds. */
function prune(folder) {
  for (const name of readdirSync(folder)) {
    if (Date.now() - statSync(join(folder, name)).mtimeMs > DAY)
      rmSync(join(folder, name), { recursive: true, force: true })
  }
}

let scope
/** The address of the registry that has the platform packages. */
async function scopeAddress({ all }) {
  const manifestOf = (name) =>
    JSON.parse(
      readFileSync(
        join(root, 'npm', name.slice('@abi-guard/binding-'.length), 'package.json'),
        'utf8',
      ),
    )
  scope ??= startScope(
    Object.entries(all).map(([name, file]) => ({ manifest: manifestOf(name), file })),
  )
  return scope
}

/**
 * The settings that select that registry: the second file for Yarn 4, the first one for the others.
 */
export async function scopeSettings(archives) {
  const address = await scopeAddress(archives)
  return {
    '.npmrc': `@abi-guard:registry=${address}\n`,
    '.yarnrc.yml': `npmScopes:\n  abi-guard:\n    npmRegistryServer: "${address}"\nunsafeHttpWhitelist:\n  - 127.0.0.1\nnpmPreapprovedPackages:\n  - "@abi-guard/*"\n`,
  }
}

/**
 * A new folder with a project that has abi-guard installed from its archive, with the platform
 * package that the installer chose.
 * @param {{ manifest?: object, files?: Record<string, string | object>, manager?: string, node?:
 *   string, env?: object, args?: string[], prepare?: (folder: string) => void }} how `manifest`:
 *   more fields of its package.json; `files`: more files; `manager`: one of layouts/managers.json
 *   (npm11); `prepare` is called before the installation
 * @returns {Promise<{ folder: string, remove(): void, stdout: string, stderr: string }>}
 */
export async function installedProject({
  manifest = {},
  files = {},
  manager = 'npm11',
  node,
  env,
  args = [],
  prepare,
} = {}) {
  const archives = await tarballs()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-packed-')))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const { dependencies, ...rest } = manifest
  const all = {
    'package.json': {
      name: 'app',
      version: '1.0.0',
      private: true,
      ...rest,
      dependencies: {
        ...dependencies,
        'abi-guard': `file:${archives.root}`,
      },
    },
    ...files,
  }
  for (const [name, text] of Object.entries(await scopeSettings(archives)))
    all[name] = text + (all[name] ?? '')
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    )
  }
  try {
    prepare?.(folder)
    // Yarn 4 stores the addresses of archives, and the registry has another address in the next
    // run.
    const apart = { YARN_GLOBAL_FOLDER: join(folder, '.yarn', 'global'), ...env }
    const { stdout, stderr } = await run(manager, ['install', ...args], {
      cwd: folder,
      node,
      env: apart,
    })
    return { folder, remove, stdout, stderr }
  } catch (error) {
    remove()
    throw error
  }
}

/**
 * The address of a registry that has only abi-guard and its platform packages, as they would be
 * published.
 * @param {{ manifest: object, file: string }[]} more packages: their package.json and archive
 */
export async function ownRegistry(more = []) {
  const archives = await tarballs()
  const manifestOf = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  return startScope([
    ...more,
    { manifest: manifestOf('package.json'), file: archives.root },
    ...Object.entries(archives.all).map(([name, file]) => ({
      manifest: manifestOf(join('npm', name.slice('@abi-guard/binding-'.length), 'package.json')),
      file,
    })),
  ])
}
