// Projects with a tiny addon that uses V8. A real package manager installs them with one Node.js,
// and they are fixed with another.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { forCompiling } from '../layouts/compiling.mjs'
import { write } from '../layouts/installed.mjs'
import { run, starting } from '../layouts/managers.mjs'
import { executable } from '../../scripts/support/matrix/index.mjs'

const cli = fileURLToPath(new URL('../../cli.js', import.meta.url))
const source = fileURLToPath(new URL('./addon', import.meta.url))
const NAME = 'tiny-v8-addon'
const OTHER = 'file:../other-addon-1.0.0.tgz'

/**
 * The managers with which repairs are tested: their additional requirements, and the Node.js that
 * they need.
 */
export const managers = {
  npm10: { command: 'npm' },
  npm11: { command: 'npm', node: '20.20.2' },
  npm12: {
    command: 'npm',
    node: '22.23.3',
    manifest: (_spec, file) => ({ allowScripts: { [`file:${file}`]: true } }),
  },
  yarn1: { command: 'yarn' },
  yarn4: {
    command: 'yarn',
    // Yarn doesn't contain node-gyp.
    manifest: () => ({ devDependencies: { 'node-gyp': '11.5.0' } }),
    files: () => ({
      'yarn.lock': '',
      '.yarnrc.yml':
        'nodeLinker: node-modules\nenableGlobalCache: false\nenableImmutableInstalls: false\nenableScripts: true\n',
    }),
  },
  pnpm10: { command: 'pnpm', files: allowed },
  pnpm12: { command: 'pnpm', node: '20.20.2', files: allowed },
  bun: { command: 'bun', node: '20.20.2', manifest: () => ({ trustedDependencies: [NAME] }) },
}

function pack(from, to) {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', to], {
    cwd: from,
    stdio: 'ignore',
  })
}

/** With this setting, pnpm doesn't reuse earlier builds from its store. */
function allowed(spec) {
  return {
    'pnpm-workspace.yaml': `sideEffectsCache: false\nallowBuilds:\n  "${NAME}@${spec}": true\n`,
  }
}

/**
 * Installs a project in a new folder.
 * @param {string} manager one of `managers`
 * @param {{ built: string, dependency?: Record<string, string>, other?: string, plain?: string,
 *   manifest?: object, files?: object, fails?: boolean }} how `built`: the release of Node.js for
 *   which it is built; `other`: a command that the install script of a second addon, other-addon,
 *   runs before it compiles; `plain`: the text of a third package without an addon, plain-neighbor;
 *   `fails`: the manager fails, but still installs the packages
 * @returns {Promise<{ folder: string, remove(): void }>}
 */
export async function installedFor(
  manager,
  { built, dependency, other, plain, manifest = {}, files = {}, fails = false },
) {
  const about = managers[manager]
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-repair-')))
  const folder = join(place, 'app')
  mkdirSync(folder)
  pack(source, place)
  if (other) {
    cpSync(source, join(place, 'other'), { recursive: true })
    const scripts = { install: `${other} && node-gyp rebuild` }
    write(join(place, 'other'), {
      'package.json': { name: 'other-addon', version: '1.0.0', scripts },
    })
    pack(join(place, 'other'), place)
  }
  if (plain) {
    const about = { name: 'plain-neighbor', version: '1.0.0' }
    write(join(place, 'plain'), {
      'package.json': about,
      'index.js': `exports.text = '${plain}'\n`,
    })
    pack(join(place, 'plain'), place)
  }
  const file = join(place, `${NAME}-1.0.0.tgz`)
  const spec = `file:../${NAME}-1.0.0.tgz`
  write(folder, {
    'package.json': {
      name: 'app',
      version: '1.0.0',
      private: true,
      dependencies: dependency ?? {
        [NAME]: spec,
        ...(other && { 'other-addon': OTHER }),
        ...(plain && { 'plain-neighbor': 'file:../plain-neighbor-1.0.0.tgz' }),
      },
      ...about.manifest?.(spec, file),
      ...manifest,
    },
    ...about.files?.(spec),
    ...files,
  })
  const remove = () => rmSync(place, { recursive: true, force: true })
  try {
    // A manager that can't run with that Node.js runs with another one, and compiles for that
    // Node.js.
    await run(manager, ['install'], {
      cwd: folder,
      env: await forCompiling(built),
      node: about.node ? undefined : built,
    })
  } catch (error) {
    if (!fails) {
      remove()
      throw error
    }
  }
  return { folder, remove }
}

/**
 * The command that runs abi-guard in a project: a Node.js of the matrix, with the project's package
 * manager on its PATH.
 * @param {string} manager
 * @param {{ node?: string, folder: string, path?: string[] }} where `path`: the PATH without the
 *   managers, instead of the user's
 */
export async function commandLine(manager, { node = '20.20.2', folder, path }) {
  const { env } = await starting(manager, { node, env: await forCompiling(node) })
  const bin = join(folder, '..', 'bin')
  mkdirSync(bin, { recursive: true })
  const names = {
    [managers[manager].command]: manager,
    npm: managers[manager].command === 'npm' ? manager : 'npm11',
  }
  for (const [name, which] of Object.entries(names)) {
    const { program, args } = await starting(which, { node })
    rmSync(join(bin, name), { force: true })
    // The same form as an installation: a link to the script, which needs `node`, or to the program
    // itself.
    symlinkSync(args[0] ?? program, join(bin, name))
  }
  const search = path ?? env.PATH.split(delimiter)
  return {
    node: executable(node),
    args: [cli],
    options: { cwd: folder, env: { ...env, PATH: [bin, ...search].join(delimiter) } },
  }
}

/** Runs a command of abi-guard to its end. */
export async function abiGuard(manager, words, where) {
  const { node, args, options } = await commandLine(manager, where)
  return new Promise((resolve) => {
    execFile(
      node,
      [...args, ...words],
      { ...options, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        resolve({ code: error ? error.code : 0, output: `${stdout}${stderr}` })
      },
    )
  })
}

/** Starts a command of abi-guard in a new process group. */
export async function startAbiGuard(manager, words, where) {
  const { node, args, options } = await commandLine(manager, where)
  return spawn(node, [...args, ...words], {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/**
 * The ABI for which the addon of a project was built, according to a real load with a release of
 * Node.js; the text of the error if it doesn't load.
 */
export function loadedAbi(folder, node, name = NAME) {
  try {
    const text = execFileSync(executable(node), ['-p', `require('${name}').abi`], {
      cwd: folder,
      stdio: 'pipe',
    })
    return Number(text.toString())
  } catch (error) {
    return String(error.stderr)
  }
}
