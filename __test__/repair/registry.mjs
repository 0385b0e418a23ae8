// A registry on this computer with two packages, whose install script puts an addon in place
// without a compiler; and projects that a real package manager installs from it.
import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { write } from '../layouts/installed.mjs'
import { starting } from '../layouts/managers.mjs'
import { executable } from '../../scripts/support/matrix/index.mjs'

const cli = fileURLToPath(new URL('../../cli.js', import.meta.url))
const bufferutil = dirname(createRequire(import.meta.url).resolve('bufferutil/package.json'))
/** An addon for Node-API, which every Node.js loads. */
const addon = join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node')

export const PACKAGES = ['tiny-addon', 'other-addon']

/** The release of Node.js that runs projects: all tried package managers work with it. */
export const NODE = '22.23.3'

function pack(place, name) {
  const folder = join(place, name)
  const build = `if (process.env.BUILDS_FAIL) process.exit(3)
const seconds = Number(process.env.BUILDS_TAKE ?? 0)
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000)
fs.mkdirSync('build/Release', { recursive: true })
fs.copyFileSync(${JSON.stringify(addon)}, 'build/Release/tiny.node')\n`
  write(folder, {
    'package.json': {
      name,
      version: '1.0.0',
      main: 'index.js',
      scripts: { install: 'node build.js' },
    },
    'index.js': "module.exports = require('./build/Release/tiny.node')\n",
    'build.js': `const fs = require('node:fs')\n${build}`,
  })
  execFileSync('npm', ['pack', '--silent', '--pack-destination', place], {
    cwd: folder,
    stdio: 'ignore',
  })
  return readFileSync(join(place, `${name}-1.0.0.tgz`))
}

/** Starts the registry. @returns {Promise<{ url: string, close(): void }>} */
export async function startRegistry() {
  const place = mkdtempSync(join(tmpdir(), 'abi-guard-registry-'))
  const tarballs = new Map(PACKAGES.map((name) => [name, pack(place, name)]))
  const server = createServer((request, response) => {
    const [name, isTarball] = request.url.slice(1).split('/-/')
    const bytes = tarballs.get(name)
    if (!bytes) return response.writeHead(404).end('{}')
    if (isTarball) return response.end(bytes)
    const hash = (algorithm, form) => createHash(algorithm).update(bytes).digest(form)
    const about = {
      name,
      version: '1.0.0',
      scripts: { install: 'node build.js' },
      hasInstallScript: true,
      dist: {
        tarball: `http://${request.headers.host}/${name}/-/${name}-1.0.0.tgz`,
        integrity: `sha512-${hash('sha512', 'base64')}`,
        shasum: hash('sha1', 'hex'),
      },
    }
    const then = '2020-01-01T00:00:00.000Z'
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': about },
        time: { created: then, modified: then, '1.0.0': then },
      }),
    )
  })
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle))
  const close = () => {
    server.close()
    server.closeAllConnections?.()
    rmSync(place, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${server.address().port}`, close }
}

/**
 * Installs both packages in a new project, with a home of its own.
 * @param {string} url the registry
 * @param {string} manager one of managers.json
 * @param {{ args?: string[], shim?: boolean, manifest?: object, files?: object, later?: string,
 *   also?: string[] }} how `shim`: the PATH has a shell script in place of the manager; `later`: the version of the
 *   manager that is on the PATH after the installation; `also`: other managers on the PATH
 */
export async function installedFrom(url, manager, how = {}) {
  const { args = [], shim, manifest, files, later, also = [] } = how
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-cure-')))
  const at = (name) => join(place, name)
  const program = manager.replace(/\d+$/, '')
  for (const name of ['bin', 'home', 'app']) mkdirSync(at(name))
  // npm 12 and pnpm 12 need this release, which the tests of repairs install.
  const others = program === 'npm' ? {} : { npm: 'npm11' }
  for (const name of also) others[name] = name
  let env
  const putOnPath = async (name, which, isShim) => {
    const start = await starting(which, { node: NODE })
    const file = join(place, 'bin', name)
    const words = [start.program, ...start.args]
    rmSync(file, { force: true })
    if (isShim) write(at('bin'), { [name]: `#!/bin/sh\nexec ${words.join(' ')} "$@"\n` })
    else symlinkSync(words.at(-1), file)
    if (isShim) chmodSync(file, 0o755)
    env = start.env
  }
  for (const [name, which] of Object.entries({ ...others, [program]: manager }))
    await putOnPath(name, which, shim && which === manager)
  const own = {
    ...env,
    HOME: at('home'),
    PATH: [at('bin'), dirname(executable(NODE)), env.PATH].join(delimiter),
    npm_config_registry: url,
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    PNPM_HOME: at('home/pnpm'),
    XDG_CACHE_HOME: at('home/cache'),
    XDG_DATA_HOME: at('home/data'),
    XDG_STATE_HOME: at('home/state'),
  }
  const yarn4 = {
    'yarn.lock': '',
    '.yarnrc.yml': 'nodeLinker: node-modules\nenableImmutableInstalls: false\n',
  }
  write(at('app'), {
    '.npmrc': `registry=${url}\n`,
    'package.json': {
      name: 'app',
      version: '1.0.0',
      private: true,
      dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])),
      ...manifest,
    },
    ...(manager === 'yarn4' && yarn4),
    ...files,
  })
  const app = at('app')
  /** Types a line, without a terminal. */
  const type = (line) =>
    new Promise((resolve) => {
      const child = execFile(
        'sh',
        ['-c', line],
        { cwd: app, env: own, timeout: 120_000 },
        (error, stdout, stderr) =>
          resolve({ code: error ? error.code : 0, stdout, output: `${stdout}${stderr}` }),
      )
      child.stdin.end()
    })
  const project = {
    app,
    cli,
    env: own,
    type,
    guard: (words) => type(`node ${cli} ${words}`),
    /** `by`: the command that runs a script, of Node.js or of another runtime. */
    scan: async (by = 'node') => JSON.parse((await type(`${by} ${cli} scan --format json`)).stdout),
    loads: async (name, by = 'node') => {
      write(at('app'), { 'load.cjs': `require('${name}')` })
      return (await type(`${by} load.cjs`)).code === 0
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  }
  // pnpm 11 and newer fail if scripts were left out.
  project.installed = await type([program, 'install', ...args].join(' '))
  if (later) await putOnPath(program, later)
  return project
}
