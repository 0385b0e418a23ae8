// Which project the guard checks, by the shape of what starts the app. None of these needs a
// download.
import assert from 'node:assert/strict'
import { cpSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { write } from '../layouts/installed.mjs'
import { app, checkout, node, run, supportedNodes } from '../support/apps.mjs'

const { platformName } = createRequire(import.meta.url)('../../lib/platform.js')
const binary = `abi-guard.${platformName()}.node`

/** The files of an app whose first line is the guard, and of the same app without it. */
export const files = {
  'first.js': "require('abi-guard/register'); console.log('ran')",
  'first.mjs': "import 'abi-guard/register'\nconsole.log('ran')",
  'assert.js': "require('abi-guard').assertNodeModules(); console.log('ran')",
  'assert.mjs':
    "import { assertNodeModules } from 'abi-guard'\nassertNodeModules(); console.log('ran')",
  'later.mjs':
    "import { assertNodeModules } from 'abi-guard/promises'\nawait assertNodeModules(); console.log('ran')",
}

/** An app with a broken package, and one in which all packages load. */
export const both = async () => ({
  broken: await app(['throws'], "console.log('ran')", { files }),
  healthy: await app(['fine'], "console.log('ran')", { files }),
})

/** Runs both apps: the broken one is stopped with the report, the healthy one says nothing. */
export async function guarded(apps, start) {
  const broken = await start(apps.broken)
  assert.notEqual(broken.code, 0, broken.stdout)
  assert.match(broken.stderr, /AbiError\]?: .*1 of 1 native package can't be loaded/)
  assert.match(broken.stderr, /native-throws/)
  const healthy = await start(apps.healthy)
  assert.deepEqual(healthy, { code: 0, stdout: 'ran\n', stderr: '' })
}

/** A launcher in a project of its own, and as a globally installed tool. */
export function launchers() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'abi-guard-launcher-')))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const [cjs, esm] = ['require(process.argv[2])', 'await import(process.argv[2])']
  write(folder, {
    'own/package.json': { name: 'launcher' },
    'own/node_modules/sdk/package.json': { name: 'sdk' },
    'own/run.js': cjs,
    'own/run.mjs': esm,
    'lib/node_modules/tool/run.js': cjs,
    'lib/node_modules/tool/run.mjs': esm,
    'home/package.json': { name: 'home' },
  })
  return folder
}

const guard = join(checkout, 'register.js')

export function roots() {
  describe('the project of the app', { concurrency: 2 }, () => {
    test('is that of the main script, in the root folder', async () => {
      const apps = await both()
      for (const name of Object.keys(files))
        await guarded(apps, (folder) => node([join(folder, name)], { cwd: '/' }))
      await guarded(apps, (folder) => node(['-r', guard, join(folder, 'main.js')], { cwd: '/' }))
    })

    test('is that of the requiring file, if a launcher is the main script', async () => {
      const apps = await both()
      const home = launchers()
      for (const launcher of ['own', 'lib/node_modules/tool'])
        for (const name of ['first.js', 'assert.js', 'assert.mjs', 'later.mjs']) {
          const run = join(home, launcher, name.endsWith('.js') ? 'run.js' : 'run.mjs')
          await guarded(apps, (folder) => node([run, join(folder, name)], { cwd: '/' }))
        }
    })

    test('has the guard in its node_modules, if a module of it imports the guard', async () => {
      const apps = await both()
      const home = launchers()
      for (const folder of Object.values(apps)) install(folder)
      for (const launcher of ['own', 'lib/node_modules/tool'])
        await guarded(apps, (folder) =>
          node([join(home, launcher, 'run.mjs'), join(folder, 'first.mjs')], { cwd: '/' }),
        )
      // An absolute path names the project, too.
      const installed = (folder) => join(folder, 'node_modules', 'abi-guard', 'register.js')
      const tool = join(home, 'lib/node_modules/tool/run.js')
      await guarded(apps, (folder) =>
        node(['-r', installed(folder), tool, join(folder, 'main.js')], { cwd: '/' }),
      )
    })

    test('may lack its package.json', async () => {
      const apps = await both()
      for (const folder of Object.values(apps)) rmSync(join(folder, 'package.json'))
      await guarded(apps, (folder) => node([join(folder, 'first.js')], { cwd: '/' }))
      await guarded(apps, (folder) => node([join(folder, 'first.mjs')], { cwd: '/' }))
    })

    test('is the folder that AWS Lambda and Azure Functions name', async () => {
      const apps = await both()
      const home = launchers()
      const worker = join(home, 'azure/workers/node/dist/src/nodejsWorker.js')
      const ric = join(home, 'lib/node_modules/aws-lambda-ric/bin/index.js')
      const run = 'require(process.argv[2])'
      write(home, {
        'azure/package.json': { name: 'worker' },
        'azure/workers/node/dist/src/nodejsWorker.js': run,
        'lib/node_modules/aws-lambda-ric/bin/index.js': run,
      })
      for (const [main, variable] of [
        [worker, 'AzureWebJobsScriptRoot'],
        [ric, 'LAMBDA_TASK_ROOT'],
      ])
        await guarded(apps, (folder) =>
          node(['-r', guard, main, join(folder, 'main.js')], {
            cwd: '/',
            env: { [variable]: folder },
          }),
        )
      // A child of the app has the same variables and its own main script.
      const child = await app([], "console.log('ran')")
      const env = { AzureWebJobsScriptRoot: apps.broken, LAMBDA_TASK_ROOT: apps.broken }
      const { code } = await node(['-r', guard, join(child, 'main.js')], { cwd: '/', env })
      assert.equal(code, 0)
    })

    test('is not a build folder whose package.json has only a type', async () => {
      const apps = await both()
      for (const folder of Object.values(apps))
        write(folder, {
          '.next/package.json': { type: 'commonjs' },
          '.next/node_modules/x/package.json': { name: 'x' },
          '.next/server/a.js': files['first.js'],
        })
      await guarded(apps, (folder) => node([join(folder, '.next/server/a.js')], { cwd: '/' }))
    })

    test('is not the current folder of a stranger, and one line says so', async () => {
      const { broken } = await both()
      const home = launchers()
      const elsewhere = join(home, 'lib/node_modules/abi-guard')
      copyGuard(elsewhere)
      const preloaded = ['-r', join(elsewhere, 'register.js')]
      // The package.json is the one of the current folder, but the guard isn't installed in it.
      rmSync(join(broken, 'node_modules', 'abi-guard'))
      for (const args of [
        ['-e', "console.log('ran')", 'package.json'],
        [join(home, 'lib/node_modules/tool/run.js'), join(broken, 'main.js')],
      ]) {
        const { code, stdout, stderr } = await node([...preloaded, ...args], { cwd: broken })
        assert.deepEqual({ code, stdout }, { code: 0, stdout: 'ran\n' })
        assert.match(
          stderr,
          /^abi-guard: no project was found[^\n]*: each addon is checked[^\n]*\n$/,
        )
      }
    })
  })

  describe('the start', () => {
    test('loads three files, and no module of Node.js but fs and path', async () => {
      const main = `
        const files = Object.keys(require.cache).filter((file) => file !== __filename)
        console.log(JSON.stringify({ files, modules: process.moduleLoadList }))`
      const files = {
        'main.js': main,
        'main.mjs': "import 'abi-guard/register'\nimport './main.js'",
        'bare.mjs': "import 'bare/register'\nimport './main.js'",
        'node_modules/bare/package.json': { exports: { './register': './register.js' } },
        'node_modules/bare/register.js': "require('node:fs'), require('node:path')",
      }
      const folder = await app(['fine'], main, { files })
      const found = async (execPath, ...args) => {
        const { stdout, stderr } = await run(execPath, args, { cwd: folder })
        assert.equal(stderr, '')
        return JSON.parse(stdout)
      }
      const expected = ['register.js', 'lib/start.generated.js', binary]
      for (const { version, execPath } of await supportedNodes()) {
        const guarded = await found(execPath, '-r', 'abi-guard/register', 'main.js')
        const bare = await found(execPath, '-r', 'bare/register', 'main.js')
        const imported = await found(execPath, 'main.mjs')
        const ours = expected.map((name) => join(checkout, name)).sort()
        assert.deepEqual(guarded.files.sort(), ours, version)
        const own = imported.files.filter((file) => file.startsWith(checkout))
        assert.deepEqual(own.sort(), ours, version)
        const known = (await found(execPath, 'bare.mjs')).modules
        const more = (list, others) => list.filter((name) => !others.includes(name))
        assert.deepEqual(more(guarded.modules, bare.modules), [], version)
        assert.deepEqual(more(imported.modules, known), [], version)
      }
    })

    test('needs only these three files if all packages load', async () => {
      const main = "require('abi-guard/register'); require('native-fine'); console.log('ran')"
      const folder = await app(['fine'], main)
      const home = join(folder, 'node_modules', 'abi-guard')
      rmSync(home)
      for (const name of ['package.json', 'register.js', 'lib/start.generated.js', binary])
        cpSync(join(checkout, name), join(home, name))
      const ran = { code: 0, stdout: 'ran\n', stderr: '' }
      assert.deepEqual(await node(['main.js'], { cwd: folder }), ran)
    })

    test('says with NODE_DEBUG what is guarded', async () => {
      const { broken, healthy } = await both()
      const env = { NODE_DEBUG: 'http,ABI-GUARD' }
      const { stderr } = await node(['first.js'], { cwd: healthy, env })
      assert.match(
        stderr,
        /^abi-guard: guards \S+: node \S+ \(\w+-\w+\), native packages: 1, \d+ ms\n$/,
      )
      const off = await node(['first.js'], { cwd: broken, env: { ...env, ABI_GUARD: 'off' } })
      assert.equal(off.stderr, 'abi-guard: ABI_GUARD is off: nothing is guarded\n')
      const other = await node(['first.js'], { cwd: healthy, env: { NODE_DEBUG: 'abi-guards' } })
      assert.equal(other.stderr, '')
    })

    test('never fails because of a missing file of abi-guard', async () => {
      const main = `
        require('abi-guard/register')
        try { require('native-throws') } catch (error) { console.log(error.name, error.code) }`
      const folder = await app(['throws'], main, { manifest: { 'abi-guard': { ignore: ['*'] } } })
      rmSync(join(folder, 'node_modules', 'abi-guard'))
      const home = join(folder, 'node_modules', 'abi-guard')
      copyGuard(home)
      // Only a broken app needs these. The app then gets the loader's own error.
      for (const name of ['abi-error', 'report-text', 'owner', 'tell', 'escape', 'unusable'])
        rmSync(join(home, 'lib', `${name}.js`))
      assert.deepEqual(await node(['main.js'], { cwd: folder }), {
        code: 0,
        stdout: 'Error ERR_DLOPEN_FAILED\n',
        stderr: '',
      })
      rmSync(join(home, 'lib', 'start.generated.js'))
      const { code, stdout, stderr } = await node(['main.js'], { cwd: folder })
      assert.deepEqual({ code, stdout }, { code: 0, stdout: 'Error ERR_DLOPEN_FAILED\n' })
      assert.match(stderr, /^abi-guard: nothing is guarded: Cannot find module/)
    })
  })
}

/** Replaces the link to abi-guard by its files. */
export function install(folder) {
  const home = join(folder, 'node_modules', 'abi-guard')
  rmSync(home)
  copyGuard(home)
}

/** The published files of abi-guard, with the binary of the checkout. */
function copyGuard(home) {
  mkdirSync(home, { recursive: true })
  for (const name of ['lib', 'index.js', 'promises.js', 'register.js', 'package.json'])
    cpSync(join(checkout, name), join(home, name), { recursive: true })
  const binary = `abi-guard.${platformName()}.node`
  try {
    linkSync(join(checkout, binary), join(home, binary))
  } catch {
    // Another disk.
    cpSync(join(checkout, binary), join(home, binary))
  }
}
