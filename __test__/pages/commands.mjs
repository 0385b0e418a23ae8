// What the commands of a page do on a healthy and on a broken project, with the running Node.js.
import assert from 'node:assert/strict'
import { copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { compile } from '../fixtures/compile.mjs'
import { write } from '../layouts/installed.mjs'
import { manifestOf, writePackage } from '../support/addons.mjs'
import { packed, readAddons, set, tags, written } from '../support/publishers.mjs'
import { both, guarded } from '../shapes/roots.suite.mjs'
import { appWithCommand, judging, typeAll } from './type.mjs'

/** Two apps, in which each of these scripts prints `ran`. */
async function appsWith(...names) {
  const apps = await both()
  for (const folder of Object.values(apps))
    for (const name of names) write(folder, { [name]: "console.log('ran')" })
  return apps
}

const asGuarded = ({ code, out, err }) => ({ code, stdout: out, stderr: err })

/** The project of the README's reports: one of its three packages is for Node.js 18. */
async function profilerProject() {
  const folder = await appWithCommand(['fine'], {
    manifest: { dependencies: { 'native-fine': '1', other: '1', profiler: '1' } },
  })
  await writePackage(join(folder, 'node_modules/other'), 'fine', { name: 'other' })
  const home = join(folder, 'node_modules/profiler')
  write(home, {
    'package.json': manifestOf('throws', { name: 'profiler', version: '1.2.3' }),
    'index.js': "module.exports = require('./build/Release/profiler.node')\n",
    'binding.gyp': '{}',
  })
  mkdirSync(join(home, 'build/Release'), { recursive: true })
  const addon = await compile('addon_profiler', { CTOR: 108, CTX: true })
  copyFileSync(addon, join(home, 'build/Release/profiler.node'))
  write(folder, { 'package-lock.json': { lockfileVersion: 3, packages: {} } })
  return folder
}

/** The output that a block shows, for the running Node.js. */
const shownIn = ({ text }) =>
  text
    .split('\n')
    .slice(1)
    .join('\n')
    .replaceAll('20.20.2', process.versions.node)
    .replaceAll('linux-x64', `${process.platform}-${process.arch}`)
    .replaceAll('(ABI 115)', `(ABI ${process.versions.modules})`)

/** A package with platform packages, as folders and as archives. */
async function publisher() {
  await readAddons()
  const cwd = await appWithCommand(['fine'])
  for (const name of ['main.js', 'package.json']) rmSync(join(cwd, name))
  const folder = written({ after: (remove) => after(remove) }, set())
  cpSync(folder, cwd, { recursive: true })
  for (const name of ['packed', 'all']) mkdirSync(join(cwd, name))
  for (const tag of tags) {
    const archive = packed(join(folder, 'npm', tag))
    for (const name of ['packed', 'all']) writeFileSync(join(cwd, name, `q-${tag}.tgz`), archive)
  }
  rmSync(join(folder, 'npm'), { recursive: true })
  for (const name of ['q-1.2.3.tgz', 'all/q.tgz']) writeFileSync(join(cwd, name), packed(folder))
  return cwd
}

const words = (text) => text.replace(/\s+/g, ' ').trim()

export const runs = {
  'README.md#abi-guard': async (typing, block) => {
    const { code, out } = await typing.type(0, { cwd: await profilerProject() })
    assert.equal(code, 1)
    assert.equal(words(out), words(shownIn(block)))
  },

  'README.md#three-ways-in': async ({ type }) => {
    const apps = await appsWith('server.js')
    await guarded(apps, async (cwd) => asGuarded(await type(0, { cwd })))
  },

  'README.md#the-command': async ({ commands, type }) => {
    const cwd = await appWithCommand(['fine'])
    const typeOne = async (text, index) => {
      const optional = [...text.matchAll(/ \[[^\]]+\]/g)].map(([found]) => [found, ''])
      const replace = Object.fromEntries(optional)
      if (text.includes('<')) replace['<file or package>…'] = 'native-fine'
      const { code, out, err } = await type(index, { cwd, replace, input: 'hello' })
      assert.equal(code, text.includes('explain') ? 1 : 0, text + out + err)
      assert.equal(err, '')
      assert.notEqual(out, '')
    }
    await Promise.all(commands.map(typeOne))
  },

  'README.md#the-command/2': async (typing, block) => {
    const { code, out } = await typing.type(0, { cwd: await profilerProject() })
    assert.equal(code, 1)
    const [shown] = shownIn(block).split('\nContinue?')
    assert.ok(words(out).startsWith(words(shown)), out)
  },

  'docs/docker.md#docker': async (typing) =>
    judging(typing, [/Node\.js 22\..*-musl\)/, /Node\.js 22\..*linux-arm64/, /Node\.js 22\./], {
      cwd: await appWithCommand(['fine']),
    }),

  'docs/electron.md#electron': async (typing) => {
    const cwd = await appWithCommand(['fine'], {
      manifest: { 'abi-guard': { target: 'electron@31' } },
    })
    await writePackage(join(cwd, 'node_modules/better-sqlite3'), 'throws')
    const packaged = join(cwd, 'dist/linux-unpacked/resources/app')
    write(packaged, { 'package.json': { name: 'app' } })
    await writePackage(join(packaged, 'node_modules/native-fine'), 'fine')
    const electron = /Electron 31\./
    await judging(typing, [electron, /Electron 31\..*win32-x64/, electron, electron], { cwd })
  },

  'docs/targets.md#targets': async (typing) =>
    judging(
      typing,
      [
        /Node\.js 22\./,
        /Electron \d+\..*win32-x64/,
        /Node\.js \d+\..*-musl\)/,
        /Node\.js 22\./,
        /Node\.js 22\..*linux-arm64/,
      ],
      { cwd: await appWithCommand(['fine']) },
    ),

  'docs/raspberry-pi-and-musl.md#raspberry-pi-and-systems-with-musl': async (typing) =>
    judging(typing, [/\(linux-arm64\)/, /\(linux-arm\)/, /\(linux-arm64-musl\)/, /-musl\)/], {
      cwd: await appWithCommand(['fine']),
    }),

  'docs/raspberry-pi-and-musl.md#raspberry-pi': async (typing) => {
    const [bits, arch] = await typeAll(typing)
    assert.match(bits.out, /^(32|64)\n$/)
    assert.equal(arch.out, `${process.arch}\n`)
  },

  'docs/monorepos.md#monorepos': async ({ type }) => {
    const cwd = await workspaces()
    const found = []
    for (const index of [0, 1, 2]) {
      const { code, out } = await type(index, { cwd })
      found.push([code, out.split(' native package')[0]])
    }
    assert.deepEqual(found, [
      [1, '1 of 3'],
      [0, '2'],
      [0, '1'],
    ])
  },

  'docs/shipping.md#the-check': async (typing) => {
    const cwd = await appWithCommand(['throws'])
    write(join(cwd, 'ship'), { 'package.json': { dependencies: { 'native-fine': '1' } } })
    await writePackage(join(cwd, 'ship/node_modules/native-fine'), 'fine')
    await judging(typing, [/1 native package.* Node\.js 22\..*-musl\)/], { cwd })
  },

  'docs/publishing.md#with-platform-packages': async ({ type }) => {
    const cwd = await publisher()
    for (const index of [0, 1, 2, 3]) {
      const { code, out, err } = await type(index, { cwd })
      assert.deepEqual([code, err], [0, ''])
      assert.match(out, /^q 1\.2\.3: no \.node files of its own, 5 \.node files in 5 platform pack/)
    }
  },

  'docs/publishing.md#limits-and-required-systems': async ({ type }) => {
    const cwd = await publisher()
    const limited = await type(0, { cwd })
    // The addons declare Node-API 10.
    assert.equal(limited.code, 1)
    assert.match(limited.out, /needs Node-API 10, newer than the allowed 9/)
    const required = await type(1, { cwd })
    assert.deepEqual([required.code, required.err], [0, ''])
  },

  'docs/startup.md#when-an-app-starts': async ({ type }) => {
    const apps = await appsWith('app.js')
    for (const [index, how] of [{}, {}, { replace: { '…': 'node app.js' } }].entries())
      await guarded(apps, async (cwd) => asGuarded(await type(index, { cwd, ...how })))
  },

  'docs/shapes.md#in-another-folder': async ({ type }) => {
    const apps = await appsWith('server.js')
    for (const index of [0, 1, 2])
      await guarded(apps, async (folder) =>
        asGuarded(await type(index, { cwd: '/', replace: { '/srv/app': folder } })),
      )
  },

  'docs/shapes.md#aws-lambda': async ({ type }) => {
    const apps = await appsWith('index.js')
    // The page sets the variable for a whole function; launchers.suite.mjs runs that.
    const replace = { '"-r abi-guard/register"': '"-r abi-guard/register" node index.js' }
    await guarded(apps, async (cwd) => asGuarded(await type(0, { cwd, replace })))
  },

  'docs/shapes.md#which-project-is-checked': async ({ type }, block) => {
    const { healthy } = await appsWith('server.js')
    const { code, err } = await type(0, { cwd: healthy })
    assert.equal(code, 0)
    const plain = (text) => text.replace(/\d[\d.]*/g, '0').trim()
    const shown = block.text.split('\n')[1].replace('/srv/app', healthy)
    const system = `${process.platform}-${process.arch}`
    assert.equal(plain(err), plain(shown.replace('linux-x64', system)))
  },
}

/** Workspaces: the app needs one addon through a package, and one only to be developed. */
async function workspaces() {
  const cwd = await appWithCommand([], { manifest: { workspaces: ['apps/*', 'packages/*'] } })
  write(cwd, {
    'apps/api/package.json': {
      name: 'api',
      version: '1.0.0',
      dependencies: { image: '1.0.0' },
      devDependencies: { tool: '1.0.0' },
    },
    'packages/image/package.json': { name: 'image', version: '1.0.0', dependencies: { a: '1' } },
    'packages/old/package.json': { name: 'old', version: '1.0.0', dependencies: { b: '1' } },
  })
  await writePackage(join(cwd, 'node_modules/a'), 'fine', { name: 'a' })
  await writePackage(join(cwd, 'node_modules/b'), 'throws', { name: 'b' })
  await writePackage(join(cwd, 'node_modules/tool'), 'fine', { name: 'tool' })
  for (const name of ['apps/api', 'packages/image', 'packages/old'])
    symlinkSync(`../${name}`, join(cwd, 'node_modules', name.split('/')[1]))
  return cwd
}
