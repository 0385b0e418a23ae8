// What the commands of a page do with real package managers and runtimes, which are downloaded.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { write } from '../layouts/installed.mjs'
import { starting } from '../layouts/managers.mjs'
import { installed } from '../../scripts/support/matrix/install.mjs'
import { both, guarded } from '../shapes/roots.suite.mjs'
import { archiveOf } from '../support/addons.mjs'
import { installedProject, ownRegistry } from '../support/packed.mjs'
import { shippedFiles } from './shipped.mjs'
import { appWithCommand, judging, linkCommand, typeAll } from './type.mjs'

/** A folder that is removed after the test. */
function place(t) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-page-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The environment in which `npm`, `pnpm`, `yarn`, `bun` or `deno` is the pinned one. */
async function having(manager, folder) {
  const bin = join(folder, '.tools')
  mkdirSync(bin, { recursive: true })
  const start = await starting(manager)
  const [runtime, file] = [start.program, ...start.args]
  const program = manager.replace(/\d+$/, '')
  if (!file) symlinkSync(runtime, join(bin, program))
  else {
    const line = `#!/bin/sh\nexec '${runtime}' '${file}' "$@"\n`
    write(folder, { [`.tools/${program}`]: line })
    execFileSync('chmod', ['+x', join(bin, program)])
  }
  return { env: { ...start.env, PATH: [bin, start.env.PATH].join(delimiter) }, bin }
}

/** What the apps of these pages need: a package with a file for each system. */
const NEEDS = { '@parcel/watcher': '2.5.1' }

/** A project whose lockfile npm has created. */
async function locked(t) {
  const cwd = place(t)
  const { env } = await having('npm11', cwd)
  write(cwd, {
    'package.json': { name: 'app', version: '1.0.0', private: true, dependencies: NEEDS },
    'index.js': "require('@parcel/watcher')\n",
  })
  execFileSync('npm', ['install', '--ignore-scripts', '--silent'], { cwd, env })
  linkCommand(cwd)
  return { cwd, env }
}

const filesIn = (archive) => execFileSync('unzip', ['-Z1', archive], { encoding: 'utf8' })

/** A repository with an app that needs an addon through a package of the repository. */
async function repository(t, manager, range) {
  const cwd = place(t)
  const { env } = await having(manager, cwd)
  write(cwd, {
    'package.json': { name: 'repo', private: true, workspaces: ['apps/*', 'packages/*'] },
    'apps/api/package.json': {
      name: 'api',
      version: '1.0.0',
      dependencies: { image: range },
      devDependencies: { '@node-rs/crc32': '1.10.6' },
    },
    'packages/image/package.json': { name: 'image', version: '1.0.0', dependencies: NEEDS },
  })
  return { cwd, env }
}

const WORKSPACES = 'packages:\n  - apps/*\n  - packages/*\n'

export const runs = {
  'README.md#install': async (typing, _, t) => {
    const cwd = place(t)
    write(cwd, { 'package.json': { name: 'app', private: true } })
    const env = {
      npm_config_registry: await ownRegistry(),
      npm_config_cache: join(cwd, '.cache'),
    }
    await typeAll(typing, { cwd, env })
    assert.ok(existsSync(join(cwd, 'node_modules/.bin/abi-guard')))
    assert.match(readFileSync(join(cwd, 'package.json'), 'utf8'), /"abi-guard": "\^0/)
  },

  'docs/serverless.md#install-check-pack': async (typing, _, t) => {
    const { cwd, env } = await locked(t)
    const results = await typeAll(typing, { cwd, env })
    const fine = /^\d native packages? checked for Node\.js 22\..*\(linux-arm64\)/
    assert.match(results.at(-1).out, fine)
    const files = filesIn(join(cwd, 'function.zip'))
    assert.match(files, /^node_modules\/@parcel\/watcher-linux-arm64-glibc\/watcher\.node$/m)
    assert.match(files, /^index\.js$/m)
    assert.doesNotMatch(files, /x64/)
  },

  'docs/serverless.md#layers': async (typing, _, t) => {
    const { cwd, env } = await locked(t)
    await typeAll(typing, { cwd, env })
    const file = /^nodejs\/node_modules\/@parcel\/watcher-linux-arm64-glibc\/watcher\.node$/m
    assert.match(filesIn(join(cwd, 'layer.zip')), file)
  },

  'docs/vscode.md#vs-code-extensions': async (typing, _, t) => {
    const { cwd, env } = await locked(t)
    await typing.type(0, { cwd, env })
    linkCommand(cwd)
    const { code, out } = await typing.type(1, { cwd, env })
    assert.equal(code, 0, out)
    assert.match(out, /checked for Electron 39\..*\(win32-x64\)/)
  },

  'docs/vscode.md#vs-code-extensions/3': async (typing, _, t) => {
    const { cwd, env } = await locked(t)
    const install = ['ci', '--ignore-scripts', '--os=win32', '--cpu=x64', '--silent']
    const ship = join(cwd, 'extension')
    mkdirSync(ship)
    for (const name of ['package.json', 'package-lock.json', 'index.js'])
      write(ship, { [name]: readFileSync(join(cwd, name), 'utf8') })
    execFileSync('npm', install, { cwd: ship, env })
    const identity = '<Identity Id="a" TargetPlatform="win32-x64"/>'
    write(cwd, { 'extension.vsixmanifest': `<PackageManifest><Metadata>${identity}` })
    execFileSync('zip', ['-qr', 'extension.vsix', 'extension', 'extension.vsixmanifest'], { cwd })
    linkCommand(cwd)
    const [{ code, out }] = await typeAll(typing, { cwd, env })
    assert.equal(code, 0, out)
    assert.match(out, /checked for Electron \d+\..*\(win32-x64\)/)
  },

  'docs/artifacts.md#checking-what-ships': async (typing) => {
    const cwd = await appWithCommand(['fine'])
    const files = await shippedFiles()
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(cwd, name), bytes)
    const runtimes = [
      /Node\.js \d+\./,
      /Node\.js 22\./,
      /Electron \d+\./,
      /Node\.js 22\./,
      /Electron 30\./,
    ]
    await judging(typing, runtimes, { cwd })
  },

  'docs/monorepos.md#what-ships': async (typing, _, t) => {
    const { cwd, env } = await repository(t, 'npm11', '1.0.0')
    execFileSync('npm', ['install', '--ignore-scripts', '--silent'], { cwd, env })
    await typing.type(0, { cwd, env })
    linkCommand(cwd)
    const { code, out } = await typing.type(1, { cwd, env })
    assert.equal(code, 0, out)
    assert.match(out, /^1 native package checked .*-musl/)
  },

  'docs/monorepos.md#what-ships/2': async (typing, _, t) => {
    for (const manager of ['pnpm10', 'pnpm11', 'pnpm12']) {
      const { cwd, env } = await repository(t, manager, 'workspace:*')
      const inject = manager === 'pnpm12' ? '' : 'injectWorkspacePackages: true\n'
      write(cwd, { 'pnpm-workspace.yaml': WORKSPACES + inject })
      execFileSync('pnpm', ['install', '--ignore-scripts'], { cwd, env, stdio: 'ignore' })
      linkCommand(cwd)
      const [, { out }] = await typeAll(typing, { cwd, env })
      assert.match(out, /^1 native package checked .*-musl/m, manager)
    }
  },

  'docs/monorepos.md#what-ships/3': async (typing, _, t) => {
    const { cwd, env } = await repository(t, 'yarn4', '1.0.0')
    write(cwd, { 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: node-modules\n' })
    const install = ['install', '--no-immutable', '--mode=skip-build']
    execFileSync('yarn', install, { cwd, env, stdio: 'ignore' })
    await typing.type(0, { cwd, env })
    linkCommand(cwd)
    const { code, out } = await typing.type(1, { cwd, env })
    assert.equal(code, 0, out)
    assert.match(out, /^1 native package checked/)
  },

  'docs/bun-deno.md#the-guard': async ({ type }, _, t) => {
    for (const [index, runtime] of ['bun', 'deno'].entries()) {
      const { env } = await having(runtime, place(t))
      const apps = await both()
      for (const folder of Object.values(apps)) write(folder, { 'server.js': "console.log('ran')" })
      for (const folder of Object.values(apps)) dependOn(folder)
      await guarded(apps, async (cwd) => {
        const { code, out, err } = await type(index, { cwd, env: { ...env, NO_COLOR: '1' } })
        return { code, stdout: out, stderr: err }
      })
    }
  },

  'docs/bun-deno.md#the-command': async ({ type }, _, t) => {
    const cwd = await appWithCommand(['fine'])
    dependOn(cwd)
    const bun = await having('bun', place(t))
    symlinkSync('bun', join(bun.bin, 'bunx'))
    const deno = await having('deno', place(t))
    const runtimes = [/Node\.js/, /Bun 1\./, /Deno 2\./, /Bun 1\./, /Deno 2\..*\(linux-arm64\)/]
    for (const [index, runtime] of runtimes.entries()) {
      const env = { ...(index < 2 ? bun : deno).env, NO_COLOR: '1' }
      const { code, out, err } = await type(index, { cwd, env })
      assert.ok(code === 0 || index > 2, err)
      assert.match(out, runtime)
    }
  },

  'docs/testing.md#configuration': async ({ type }) => {
    const path = [dirname(await installed('24.21.0'))]
    const apps = await both()
    const results = {}
    for (const [kind, cwd] of Object.entries(apps)) {
      write(cwd, { 'a.test.js': "require('node:test').test('a', () => {})" })
      results[kind] = await type(0, { cwd, path })
    }
    assert.equal(results.healthy.code, 0, results.healthy.out)
    assert.notEqual(results.broken.code, 0)
    const { out, err } = results.broken
    assert.match(out + err, /1 of 1 native package can't be loaded/)
  },

  'docs/postinstall.md#the-hook-blocks-my-install-what-now': async ({ type }, _, t) => {
    const { folder, remove } = await installedProject({
      manifest: {
        scripts: { postinstall: 'abi-guard' },
        dependencies: { 'native-throws': `file:${await archiveOf('throws')}` },
      },
      env: { ABI_GUARD: 'off' },
    })
    t.after(remove)
    const { env } = await having('npm11', place(t))
    const [warn, off] = [await type(0, { cwd: folder, env }), await type(1, { cwd: folder, env })]
    assert.deepEqual([warn.code, off.code], [0, 0])
    assert.match(warn.out + warn.err, /1 of 1 native package can't be loaded/)
    assert.doesNotMatch(off.out + off.err, /native/)
    // The other ways of the page, in place of the hook.
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    for (const [hook, settings] of [
      ['abi-guard --warn'],
      ['abi-guard', { mode: 'warn' }],
      ['abi-guard', { ignore: ['native-throws'] }],
      ['abi-guard --ignore native-throws'],
    ]) {
      const changed = { ...manifest, scripts: { postinstall: hook }, 'abi-guard': settings }
      write(folder, { 'package.json': changed })
      execFileSync('npm', ['install', '--silent'], { cwd: folder, env })
    }
    write(folder, { 'package.json': manifest })
    const install = () => execFileSync('npm', ['install'], { cwd: folder, env, stdio: 'pipe' })
    assert.throws(install, /1 of 1 native package can't be loaded/)
    assert.ok(existsSync(join(folder, 'node_modules/.bin/abi-guard')), 'the report’s fix can run')
  },

  'docs/startup.md#remove-abi-guard': async (typing, _, t) => {
    const { folder, remove } = await installedProject()
    t.after(remove)
    const { env } = await having('npm11', place(t))
    await typeAll(typing, { cwd: folder, env })
    assert.ok(!existsSync(join(folder, 'node_modules/abi-guard')))
    const scope = join(folder, 'node_modules/@abi-guard')
    assert.deepEqual(existsSync(scope) ? readdirSync(scope) : [], [])
    assert.doesNotMatch(readFileSync(join(folder, 'package.json'), 'utf8'), /abi-guard/)
  },
}

/**
 * Installs a repository whose root and whose app have a hook.
 * @returns {Promise<string>} the names of the hooks, in the order in which they ran
 */
export async function orderOfHooks(t, manager) {
  const range = manager.startsWith('pnpm') ? 'workspace:*' : '1.0.0'
  const { cwd, env } = await repository(t, manager, range)
  const hook = (name) => `node -e "fs.appendFileSync('${join(cwd, 'order')}', '${name} ')"`
  for (const [file, name] of [
    ['package.json', 'root'],
    ['apps/api/package.json', 'app'],
  ]) {
    const { dependencies, ...manifest } = JSON.parse(readFileSync(join(cwd, file), 'utf8'))
    write(cwd, { [file]: { ...manifest, scripts: { postinstall: hook(name) } } })
  }
  rmSync(join(cwd, 'packages'), { recursive: true })
  if (manager.startsWith('pnpm')) write(cwd, { 'pnpm-workspace.yaml': WORKSPACES })
  if (manager === 'yarn4')
    write(cwd, { 'yarn.lock': '', '.yarnrc.yml': 'enableImmutableInstalls: false\n' })
  const program = manager.replace(/\d+$/, '')
  execFileSync(program, ['install'], { cwd, env, stdio: 'pipe' })
  return readFileSync(join(cwd, 'order'), 'utf8').trim()
}

/** Deno finds `npm:abi-guard` in node_modules if package.json names it. */
function dependOn(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  manifest.dependencies = { ...manifest.dependencies, 'abi-guard': '0.1.0' }
  write(folder, { 'package.json': manifest })
}
