// The packages as they would be published, and projects that install them: what is tested there is what users get.
import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { run } from '../layouts/managers.mjs'
import { inCache, once, shortHash } from './cache.mjs'

const execute = promisify(execFile)
const { platformName } = createRequire(import.meta.url)('../../lib/platform.js')

const root = fileURLToPath(new URL('../..', import.meta.url))
const DAY = 86_400_000

/** True where there is a platform package for this system. */
export const isServed = readdirSync(join(root, 'npm')).includes(platformName())

/** Makes a package in `folder`; its scripts would make a release build. */
async function pack(folder, to) {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', to]
  const { stdout } = await execute('npm', args, { cwd: folder, shell: process.platform === 'win32' })
  return stdout.trim().split('\n').pop()
}

/**
 * Archives of the root package and of this system's platform package, the latter with the checkout's own (debug) build.
 * @returns {Promise<{ root: string, platform: string }>} their files
 */
export async function tarballs() {
  const binary = `abi-guard.${platformName()}.node`
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const parts = [...files, 'package.json', binary, join('npm', platformName())].flatMap((name) =>
    filesIn(join(root, name)),
  )
  const hash = shortHash(
    Buffer.concat(parts.map((file) => Buffer.concat([Buffer.from(file), readFileSync(file)]))),
  )
  const packed = await once(inCache('packed', hash), async (folder) => {
    mkdirSync(folder)
    const work = join(folder, 'work')
    cpSync(join(root, 'npm', platformName()), work, { recursive: true })
    copyFileSync(join(root, binary), join(work, binary))
    const names = { root: await pack(root, folder), platform: await pack(work, folder) }
    rmSync(work, { recursive: true })
    writeFileSync(join(folder, 'names.json'), JSON.stringify(names))
  })
  prune(inCache('packed'))
  const names = JSON.parse(readFileSync(join(packed, 'names.json'), 'utf8'))
  return { root: join(packed, names.root), platform: join(packed, names.platform) }
}

function filesIn(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats ? [path] : []
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)))
}

/** What older builds left. */
function prune(folder) {
  for (const name of readdirSync(folder)) {
    if (Date.now() - statSync(join(folder, name)).mtimeMs > DAY)
      rmSync(join(folder, name), { recursive: true, force: true })
  }
}

/**
 * A new folder with a project that has abi-guard and its platform package installed from their archives.
 * @param {{ manifest?: object, files?: Record<string, string | object>, manager?: string, node?: string, env?: object, args?: string[], prepare?: (folder: string) => void }} how
 *   `manifest`: what its package.json says beside that; `files`: more files; `manager`: one of layouts/managers.json (npm11); `prepare` is
 *   called before anything is installed
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
        [`@abi-guard/binding-${platformName()}`]: `file:${archives.platform}`,
      },
    },
    ...files,
  }
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(
      join(folder, name),
      typeof content === 'string' ? content : JSON.stringify(content, null, 2),
    )
  }
  try {
    prepare?.(folder)
    const { stdout, stderr } = await run(manager, ['install', ...args], { cwd: folder, node, env })
    return { folder, remove, stdout, stderr }
  } catch (error) {
    remove()
    throw error
  }
}
