// The hooks for packagers of Electron apps, called with the contexts that electron-builder 26 and
// Electron Forge 7 document, on folders as they create them.
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { AbiError } from '../index.js'
import { afterPack } from '../electron-builder.js'
import AbiGuardPlugin, { postPackage } from '../forge.js'
import { project, withBindings } from './support/project.mjs'
import { addons, readAddons } from './support/publishers.mjs'

before(readAddons)

/** A packaged app with one addon, in the folder `resources` of the packaged app. */
const appWith = (t, system, resources = 'resources') => {
  const files = {
    'package.json': { name: 'app', version: '1.0.0', main: 'main.js', dependencies: { a: '1' } },
    'main.js': "require('a')\n",
    ...withBindings('a', addons[system]),
  }
  const paths = Object.entries(files).map(([name, body]) => [`${resources}/app/${name}`, body])
  return project(t, Object.fromEntries(paths))
}

/** Asserts that a hook fails with the report of one broken package. */
const fails = (promise, pattern) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof AbiError)
    assert.equal(error.code, 'ERR_ABI_INCOMPATIBLE')
    assert.match(error.message, pattern)
    assert.equal(error.report.ok, false)
    return true
  })

describe('afterPack of electron-builder', () => {
  /** The numbers of electron-builder's enum `Arch`. */
  const Arch = { ia32: 0, x64: 1, armv7l: 2, arm64: 3, universal: 4 }
  const context = (appOutDir, electronPlatformName, arch, { version = '38.1.0', name } = {}) => ({
    outDir: join(appOutDir, '..'),
    appOutDir,
    electronPlatformName,
    arch: Arch[arch],
    targets: [],
    packager: {
      getResourcesDir: (folder) =>
        ['darwin', 'mas'].includes(electronPlatformName)
          ? join(folder, 'App.app', 'Contents', 'Resources')
          : join(folder, 'resources'),
      info: { framework: { name: name ?? 'electron', version } },
    },
  })

  test('accepts an app whose addons load', async (t) => {
    await afterPack(context(appWith(t, 'linux-x64-glibc'), 'linux', 'x64'))
    await afterPack(context(appWith(t, 'linux-arm64-glibc'), 'linux', 'arm64'))
    await afterPack(context(appWith(t, 'win32-x64'), 'win32', 'x64'))
    for (const platform of ['darwin', 'mas']) {
      const folder = appWith(t, 'darwin-arm64', 'App.app/Contents/Resources')
      await afterPack(context(folder, platform, 'arm64'))
    }
  })

  test('fails for an addon of another platform or processor', async (t) => {
    await fails(afterPack(context(appWith(t, 'linux-x64-glibc'), 'linux', 'arm64')), /linux-arm64/)
    await fails(afterPack(context(appWith(t, 'linux-x64-glibc'), 'linux', 'armv7l')), /linux-arm /)
    await fails(
      afterPack(context(appWith(t, 'linux-x64-glibc'), 'win32', 'x64')),
      /Electron 38\.1\.0/,
    )
  })

  test('checks a universal app for both processors', async (t) => {
    const folder = appWith(t, 'darwin-arm64', 'App.app/Contents/Resources')
    await fails(afterPack(context(folder, 'darwin', 'universal')), /darwin-x64/)
  })

  test('judges for the Electron that is packaged', async (t) => {
    const folder = appWith(t, 'linux-x64-glibc')
    await afterPack(context(folder, 'linux', 'x64', { version: '38.1.0' }))
    // Electron 30 has Node-API 9, and the addon declares 10.
    await fails(
      afterPack(context(folder, 'linux', 'x64', { version: '30.0.0' })),
      /Electron 30\.0\.0/,
    )
  })

  test('ignores apps without Electron', async (t) => {
    const folder = appWith(t, 'linux-x64-glibc')
    await afterPack(context(folder, 'win32', 'x64', { name: 'proton' }))
  })
})

describe('the plugin of Electron Forge', () => {
  const result = (platform, arch, ...outputPaths) => ({ platform, arch, outputPaths })
  /** The project of an app whose own Electron has this version. */
  const projectWith = (t, version) =>
    project(t, {
      'package.json': { name: 'app', version: '1.0.0' },
      'node_modules/electron/package.json': { name: 'electron', version },
    })

  test('has the form that Forge expects', () => {
    const plugin = new AbiGuardPlugin({})
    assert.equal(plugin.__isElectronForgePlugin, true)
    assert.equal(plugin.name, 'abi-guard')
    assert.deepEqual(Object.keys(plugin.getHooks()), ['postPackage'])
    assert.equal(AbiGuardPlugin.AbiGuardPlugin, AbiGuardPlugin)
  })

  test('fails if the addons of a packaged app do not load', async (t) => {
    const plugin = new AbiGuardPlugin()
    plugin.init(projectWith(t, '38.1.0'), {})
    const { postPackage: hook } = plugin.getHooks()
    const [x64, arm64] = [appWith(t, 'linux-x64-glibc'), appWith(t, 'linux-arm64-glibc')]
    await hook({}, result('linux', 'x64', x64))
    await hook({}, result('linux', 'arm64', arm64))
    await fails(hook({}, result('linux', 'arm64', arm64, x64)), /linux-arm64/)
    const mac = appWith(t, 'darwin-arm64', 'App.app/Contents/Resources')
    await hook({}, result('darwin', 'arm64', mac))
    await fails(hook({}, result('darwin', 'universal', mac)), /darwin-x64/)
    assert.equal(await plugin.startLogic(), false)
  })

  test('is also a hook', async (t) => {
    const before = process.cwd()
    process.chdir(projectWith(t, '38.1.0'))
    try {
      await postPackage({}, result('linux', 'x64', appWith(t, 'linux-x64-glibc')))
      await fails(
        postPackage({}, result('win32', 'x64', appWith(t, 'linux-x64-glibc'))),
        /win32-x64/,
      )
    } finally {
      process.chdir(before)
    }
  })

  test('judges for the packaged Electron if the project has none', async (t) => {
    const plugin = new AbiGuardPlugin()
    plugin.init(project(t, { 'package.json': {} }), {})
    const folder = appWith(t, 'linux-arm64-glibc')
    mkdirSync(join(folder, 'locales'))
    writeFileSync(join(folder, 'version'), '38.1.0')
    const { postPackage: hook } = plugin.getHooks()
    await fails(hook({}, result('linux', 'x64', folder)), /./)
  })
})
