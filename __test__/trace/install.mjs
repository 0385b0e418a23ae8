// node __test__/trace/install.mjs [group…] [--pin]
// Installs groups into the cache folder, without their install scripts; existing folders are
// unchanged. --pin is for a change of a group's package.json: it creates the lockfile again,
// without irrelevant fields (licenses, funding addresses).
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { install as installNodes } from '../../scripts/support/matrix/install.mjs'
import { pins as nodePins } from '../../scripts/support/matrix/index.mjs'
import { inCache, once, temporaryFolder, writeWhole } from '../../scripts/support/cache.mjs'
import { compact, isPinned } from '../support/lock.mjs'
import { onlyInFullLane } from '../../scripts/support/lane.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { download, unpack } from '../../scripts/support/registry.mjs'
import { builder, groupNames, groupOf, packagesOf, sourceFolder } from './groups.mjs'
import { isForSome } from './systems.mjs'

const execute = promisify(execFile)

/**
 * Runs npm in a folder. The settings of an `npm run` that runs this script must not reach it (see
 * scripts/support/registry.mjs).
 */
function npm(args, cwd, { env = {}, timeout = 0 } = {}) {
  const ours = /^npm_(config_(json|dry_run|workspaces?|pack_destination)|package|lifecycle)/
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ours.test(name)),
  )
  const settings = { maxBuffer: 64 << 20, cwd, timeout, env: { ...inherited, ...env } }
  const script = process.env.npm_execpath
  return script && /npm-cli\.c?js$/.test(script)
    ? execute(process.execPath, [script, ...args], settings)
    : execute('npm', args, settings)
}

export async function install(names = groupNames, { log = console.log } = {}) {
  for (const name of names) {
    onlyInFullLane(`the group "${name}" of traced packages`)
    const group = groupOf(name)
    if (existsSync(group.root)) continue
    log(`trace: installing the group ${name}`)
    await once(group.root, (root) => fill(group, root, log))
  }
}

async function fill(group, root, log) {
  if (!isPinned(group.manifest, group.lock))
    throw new Error(`trace: the lockfile of ${group.name} is old: run install.mjs with --pin`)
  mkdirSync(root, { recursive: true })
  writeFileSync(join(root, 'package.json'), group.manifest)
  writeFileSync(join(root, 'package-lock.json'), group.lock)
  // Not `npm ci`: it rejects a lockfile without the platform packages that a registry didn't have
  // (npm/cli#4828).
  await npm(
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    root,
  )
  if (group.foreign) await addForeign(group, root)
  if (group.built) await build(group, root, log)
}

/**
 * Unpacks the platform packages of other systems, which npm omits, into the folders that the
 * lockfile has for them.
 */
async function addForeign(group, root) {
  const missing = Object.entries(JSON.parse(group.lock).packages).filter(
    ([path, entry]) =>
      path !== '' && entry.integrity && !existsSync(join(root, path)) && isForSome(entry),
  )
  const pins = missing.map(([path, { version, integrity }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return { package: `${name}@${version}`, integrity, path }
  })
  const batches = Array.from({ length: Math.ceil(pins.length / 8) }, (_, at) =>
    pins.slice(8 * at, 8 * at + 8),
  )
  await pool(batches, 2, async (batch) => {
    const work = temporaryFolder()
    try {
      for (const { pin, tarball } of await download(batch, work))
        await unpack(tarball, join(root, pin.path))
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
}

/** The folder in which node-gyp finds the builder's headers. */
async function headers() {
  const { version } = builder
  return once(inCache('trace', `headers-${version}`), async (folder) => {
    const work = temporaryFolder()
    try {
      const pin = {
        package: `${nodePins.package}@${version}`,
        integrity: nodePins.integrity[version],
      }
      const [{ tarball }] = await download([pin], work)
      await unpack(tarball, folder, 'include')
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
}

/**
 * Runs the packages' own install scripts, which then compile. A package that can't be built is
 * recorded, and is a row without a file.
 */
async function build(group, root, log) {
  await installNodes('full', { log() {} })
  const env = {
    PATH: `${dirname(builder.execPath)}:${process.env.PATH}`,
    npm_config_nodedir: await headers(),
    npm_config_build_from_source: 'true',
    npm_config_ignore_scripts: 'false',
  }
  const notBuilt = {}
  for (const { name } of packagesOf(group)) {
    log(`trace: compiling ${name}`)
    try {
      await npm(['rebuild', name, '--foreground-scripts'], root, { env, timeout: 900_000 })
    } catch (error) {
      notBuilt[name] = `${error.stdout}\n${error.stderr || error.message}`.slice(-3000)
      log(`trace: ${name} could not be compiled`)
    }
  }
  writeFileSync(join(root, 'not-built.json'), JSON.stringify(notBuilt, null, 1))
}

async function pin(name) {
  const folder = sourceFolder(name)
  const lock = join(folder, 'package-lock.json')
  await npm(
    [
      'install',
      '--package-lock-only',
      '--ignore-scripts',
      '--omit-lockfile-registry-resolved',
      '--no-audit',
      '--no-fund',
    ],
    folder,
  )
  writeWhole(lock, compact(readFileSync(lock, 'utf8')))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('-'))
  const names = words.length > 0 ? words : groupNames
  if (process.argv.includes('--pin')) for (const name of names) await pin(name)
  await install(names)
}
