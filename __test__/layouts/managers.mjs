// Runs pinned package managers. Each is in the cache folder and has its own home there. Of the
// user's settings, only the registry and its certificates apply to them.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { installed as installedNode } from '../../scripts/support/matrix/install.mjs'
import { inCache, once, writeWhole } from '../../scripts/support/cache.mjs'
import { onlyInFullLane } from '../../scripts/support/lane.mjs'
import { download, unpack } from '../../scripts/support/registry.mjs'

const execute = promisify(execFile)

export const pins = JSON.parse(readFileSync(new URL('./managers.json', import.meta.url), 'utf8'))

/** The folder that replaces the user's home: all installations share its caches and stores. */
export const home = inCache('layouts', 'home')

/**
 * The environment variables that are passed on: those for finding programs, and those for the
 * network.
 */
const inherited =
  /^(PATH|LANG|TMPDIR|SystemRoot|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i

let registry
/** The registry of the user's npm, and the file of certificates that it trusts. */
async function registryOfUser() {
  registry ??= execute('npm', ['config', 'get', 'registry', 'cafile', '--json'], {
    shell: process.platform === 'win32',
  }).then(({ stdout }) => {
    const value = (name) => new RegExp(`^${name}\\s*=\\s*"?([^"\\n]*)`, 'm').exec(stdout)?.[1]
    const cafile = value('cafile')
    return { url: value('registry'), cafile: cafile && cafile !== 'null' ? cafile : undefined }
  })
  return registry
}

/** Writes the settings that all managers read, and returns their environment. */
async function settings() {
  const { url, cafile } = await registryOfUser()
  const npmrc = [
    `registry=${url}`,
    ...(cafile ? [`cafile=${cafile}`] : []),
    'audit=false',
    'fund=false',
    '',
  ]
  writeWhole(join(home, '.npmrc'), npmrc.join('\n'))
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => inherited.test(name)),
  )
  return {
    ...own,
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    // Without these settings, npm reads those of the machine, which may have options that this npm
    // doesn't know.
    npm_config_globalconfig: join(home, 'none'),
    npm_config_update_notifier: 'false',
    NO_UPDATE_NOTIFIER: '1',
    ADBLOCK: '1',
    DISABLE_OPENCOLLECTIVE: '1',
    DO_NOT_TRACK: '1',
    PNPM_HOME: join(home, 'pnpm'),
    YARN_NPM_REGISTRY_SERVER: url,
    ...(cafile ? { YARN_HTTPS_CA_FILE_PATH: cafile, SSL_CERT_FILE: cafile } : {}),
    YARN_ENABLE_TELEMETRY: '0',
    YARN_IGNORE_PATH: '1',
  }
}

/** The folder of a pinned package, downloaded once. */
export function folderOf({ package: spec, integrity }) {
  return once(inCache('layouts', 'managers', spec.replaceAll('/', '+')), async (folder, work) => {
    const [{ tarball }] = await download([{ package: spec, integrity }], work)
    await unpack(tarball, folder)
  })
}

/**
 * The Node.js that runs a manager: the running one, or one of the matrix if the manager needs
 * another version.
 */
export async function nodeFor({ node }) {
  if (!node) return process.execPath
  return installedNode(node)
}

/**
 * The way to start a package manager.
 * @param {string} name one of managers.json
 * @param {{ node?: string, env?: Record<string, string> }} settings `node`: the release of the
 *   matrix that runs it, and that its scripts find
 * @returns {Promise<{ program: string, args: string[], env: Record<string, string> }>}
 */
export async function starting(name, { node, env = {} } = {}) {
  onlyInFullLane(name)
  const pin = pins[name]
  const folder = await folderOf(pin)
  mkdirSync(home, { recursive: true })
  const file = join(folder, pin.file)
  const runtime = await nodeFor(node ? { node } : pin)
  const [program, ...args] = pin.program ? [file] : [runtime, file]
  const all = { ...(await settings()), ...env }
  // Install scripts run `node`. It must be the release that will load what they build.
  const scripts = node ? runtime : process.execPath
  // Yarn 1 damages its cache if two processes fill it at once, as two test files do.
  if (name === 'yarn1') all.YARN_CACHE_FOLDER ??= join(home, `.yarn1-${process.pid}`)
  all.PATH = [dirname(scripts), ...(pin.program ? [dirname(file)] : []), all.PATH].join(delimiter)
  return { program, args, env: all }
}

/**
 * Runs a package manager in a folder.
 * @param {string} name one of managers.json
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string>, node?: string }} settings
 * @returns {Promise<{ stdout: string, stderr: string }>}
 */
export async function run(name, args, { cwd, ...how }) {
  const { program, args: first, env } = await starting(name, how)
  try {
    return await execute(program, [...first, ...args], { cwd, env, maxBuffer: 64 << 20 })
  } catch (error) {
    const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().slice(-4000)
    throw new Error(`${pins[name].package} ${args.join(' ')} failed: ${said || error.message}`, {
      cause: error,
    })
  }
}
