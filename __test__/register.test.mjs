// abi-guard/register and assertNodeModules in real processes of every installed Node.js, Bun and
// Deno.
import assert from 'node:assert/strict'
import { rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { assertNodeModules, AbiError } from '../index.js'
import { compiler } from './fixtures/compile.mjs'
import { write } from './layouts/installed.mjs'
import { fullLane, isFast } from '../scripts/support/lane.mjs'
import { executableOf } from '../scripts/support/matrix/others-install.mjs'
import { app, checkout, node, run, supportedNodes, ways } from './support/apps.mjs'
import { installedProject, isServed } from './support/packed.mjs'

const require = createRequire(import.meta.url)
const skip = !compiler() && 'needs gcc'

let nodes
before(async () => {
  if (!skip) nodes = await supportedNodes()
})

describe('an app with abi-guard/register', { skip, concurrency: 2 }, () => {
  test('starts without output in every Node.js if all packages load, and loads its addons', async () => {
    const folder = await app(['fine'], "require('native-fine'); console.log('ran')")
    for (const { version, execPath } of nodes) {
      const { code, stdout, stderr } = await run(
        execPath,
        ['-r', 'abi-guard/register', 'main.js'],
        {
          cwd: folder,
        },
      )
      assert.deepEqual(
        { version, code, stdout, stderr },
        { version, code: 0, stdout: 'ran\n', stderr: '' },
      )
    }
  })

  test('ends before its first line in every Node.js, with the report', async () => {
    const folder = await app(['fine', 'throws'], "console.log('ran')")
    for (const { version, execPath } of nodes) {
      const { code, stdout, stderr } = await run(
        execPath,
        ['-r', 'abi-guard/register', 'main.js'],
        {
          cwd: folder,
        },
      )
      assert.deepEqual({ version, code, stdout }, { version, code: 1, stdout: '' })
      assert.match(
        stderr,
        new RegExp(`^AbiError: 1 of 2 native packages can't be loaded by Node\\.js ${version} `),
        'nothing comes before it',
      )
      assert.match(stderr, /built for Node\.js 12 \(ABI 72\)/)
      assert.doesNotMatch(stderr, /register\.js|generated\.js|throw failure|code:/)
      assert.match(stderr, /ABI_GUARD=warn starts the app anyway/)
    }
  })

  test('is guarded with --import if Node.js has it', async () => {
    const folder = await app(['throws'], "console.log('ran')")
    const having = nodes.filter(({ version }) => !/^(16|18\.([0-9]|1[0-7])\.)/.test(version))
    assert.ok(having.length > (isFast ? 0 : 1))
    for (const { execPath } of having) {
      const { code, stderr } = await run(execPath, ways['--import']('main.js'), { cwd: folder })
      assert.equal(code, 1)
      assert.match(stderr, /AbiError: 1 of 1 native package can't/)
    }
  })

  test('is guarded by its first line, in CommonJS and in ESM, and can catch the error', async () => {
    const files = {
      'first.cjs':
        "try { require('abi-guard/register') } catch (error) { console.log(error.code, error.report.packages.length) }",
      'first.mjs': "import 'abi-guard/register'\nconsole.log('ran')",
      'caught.mjs': "await import('abi-guard/register').catch(({ code }) => console.log(code))",
    }
    const folder = await app(['throws'], '', { files })
    assert.equal((await node(['first.cjs'], { cwd: folder })).stdout, 'ERR_ABI_INCOMPATIBLE 1\n')
    assert.equal((await node(['caught.mjs'], { cwd: folder })).stdout, 'ERR_ABI_INCOMPATIBLE\n')
    const { code, stdout } = await node(['first.mjs'], { cwd: folder })
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
  })

  test('is found by the real path of its main script, in every current folder', async () => {
    const folder = await app(['throws'], "console.log('ran')", {
      files: {
        'dist/esm/package.json': { type: 'module' },
        'dist/esm/main.js': "console.log('ran')",
      },
    })
    const elsewhere = await app([], '')
    symlinkSync(join(folder, 'main.js'), join(elsewhere, 'link.js'))
    const guard = join(checkout, 'register.js')
    for (const main of [
      join(folder, 'main.js'),
      join(folder, 'main'),
      join(folder, 'dist', 'esm', 'main.js'),
      join(elsewhere, 'link.js'),
    ]) {
      const { code, stderr } = await node(['-r', guard, main], { cwd: '/' })
      assert.equal(code, 1, main)
      assert.match(stderr, /native-throws/)
    }
    assert.equal((await node(['-r', guard, join(elsewhere, 'main.js')], { cwd: folder })).code, 0)
    // Without a script, and with a script in node_modules, the project is that of the current
    // folder.
    assert.equal((await node(['-r', guard, '-e', '0'], { cwd: folder })).code, 1)
    write(folder, { 'node_modules/tool/cli.js': '' })
    assert.equal((await node(['-r', guard, 'node_modules/tool/cli.js'], { cwd: folder })).code, 1)
  })

  test('obeys ABI_GUARD, and package.json if that variable isn’t set', async () => {
    const folder = await app(['throws'], "console.log('ran')")
    const start = (env) => node(ways['-r']('main.js'), { cwd: folder, env })
    const off = await start({ ABI_GUARD: 'off' })
    assert.deepEqual(off, { code: 0, stdout: 'ran\n', stderr: '' })
    assert.deepEqual(await start({ ABI_GUARD: '0' }), off)
    const warned = await start({ ABI_GUARD: 'warn' })
    assert.equal(warned.stdout, 'ran\n')
    assert.match(warned.stderr, /^abi-guard: 1 of 1 native package can't be loaded/)
    assert.match(
      (await start({ ABI_GUARD: 'loud' })).stderr,
      /^abi-guard: ABI_GUARD is "loud", which is not a mode: use off, /,
    )
    assert.equal((await start({ ABI_GUARD: 'error' })).code, 1)
    for (const [settings, code] of [
      [{ mode: 'off' }, 0],
      [{ mode: 'warn' }, 0],
      [{ mode: 'error' }, 1],
      [{ mode: 'nonsense' }, 1],
      [{ ignore: ['native-*'] }, 0],
      // This process would load the packages, so the target in package.json doesn't apply.
      [{ target: 'node@12/linux-x64' }, 1],
    ]) {
      write(folder, {
        'package.json': {
          name: 'app',
          dependencies: { 'native-throws': '1' },
          'abi-guard': settings,
        },
      })
      assert.equal((await start({})).code, code, JSON.stringify(settings))
      assert.equal((await start({ ABI_GUARD: 'error' })).code, settings.ignore ? 0 : 1)
    }
  })

  test('is strict if a setting says so', async () => {
    const folder = await app([], "console.log('ran')", {
      files: {
        'node_modules/riddle/package.json': { name: 'riddle', version: '1.0.0' },
        'node_modules/riddle/index.js': 'module.exports = require(process.env.WHICH)',
      },
      manifest: { dependencies: { riddle: '1' } },
    })
    for (const name of ['one', 'two']) write(folder, { [`node_modules/riddle/${name}.node`]: 'x' })
    assert.equal((await node(ways['-r']('main.js'), { cwd: folder })).code, 0)
    assert.equal(
      (await node(ways['-r']('main.js'), { cwd: folder, env: { ABI_GUARD: 'strict' } })).code,
      1,
    )
  })

  test('ignores packages that are for development only, unless package.json includes them', async () => {
    const manifest = { dependencies: {}, devDependencies: { 'native-throws': '1.0.0' } }
    const folder = await app(['throws'], "console.log('ran')", { manifest })
    assert.equal((await node(ways['-r']('main.js'), { cwd: folder })).code, 0)
    write(folder, {
      'package.json': { name: 'app', ...manifest, 'abi-guard': { production: false } },
    })
    assert.equal((await node(ways['-r']('main.js'), { cwd: folder })).code, 1)
  })

  test('does not stop package managers, so that users can install a fix', async () => {
    const folder = await app(['throws'], "console.log('ran')")
    const env = { NODE_OPTIONS: `-r ${join(checkout, 'register.js')}` }
    const npm = await run('npm', ['--version'], { cwd: folder, env })
    assert.equal(npm.code, 0, npm.stderr)
    const cli = await node([join(checkout, 'cli.js'), '--version'], { cwd: folder, env })
    assert.equal(cli.code, 0, cli.stderr)
    const lifecycle = {
      ...env,
      npm_lifecycle_event: 'postinstall',
      npm_config_user_agent: 'npm/11',
    }
    assert.equal((await node(['main.js'], { cwd: folder, env: lifecycle })).code, 0)
    assert.equal((await node(['main.js'], { cwd: folder, env })).code, 1)
  })
})

describe('a guard that can’t work', { skip, concurrency: 2 }, () => {
  test('does not stop the app, and warns once that its binary is missing', {
    skip: (!isServed && 'no platform package') || fullLane,
  }, async () => {
    const { folder, remove } = await installedProject({
      files: { 'main.js': "console.log('ran')" },
    })
    rmSync(join(folder, 'node_modules', '@abi-guard'), { recursive: true })
    const { code, stdout, stderr } = await node(['-r', 'abi-guard/register', 'main.js'], {
      cwd: folder,
    })
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'ran\n' })
    assert.match(stderr, /^abi-guard: .*binding-\S+, is not installed\..*\n$/)
    const { stderr: required } = await node(['-e', "require('abi-guard')"], { cwd: folder })
    assert.match(required, /ERR_ABI_GUARD_BINARY_MISSING/)
    remove()
  })

  test('stops its scan after a time limit', () => {
    const native = require('../lib/native.js')
    const { request } = require('../lib/request.js')
    const scan = () => native.Job.scan('/usr', request({}, {}))
    assert.equal(JSON.parse(scan().runWithin(1)).error?.code, 'ABORT_ERR')
    assert.equal(
      JSON.parse(native.Job.scan(checkout, request({}, {})).runWithin(60_000)).value.directory,
      checkout,
    )
  })

  test('does not stop the app if the app’s folder was deleted', async () => {
    const gone = await app([], '')
    const main = join(await app(['fine'], "require('native-fine'); console.log('ran')"), 'main.js')
    const script = `process.chdir(${JSON.stringify(gone)}); fs.rmSync(${JSON.stringify(gone)}, { recursive: true })
      require(${JSON.stringify(join(checkout, 'register.js'))}); require(${JSON.stringify(main)})`
    const { code, stdout } = await node(['-e', script])
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'ran\n' })
  })

  test('does not stop the app, and names the missing flag', async () => {
    const folder = await app([], "console.log('ran')")
    for (const { version, execPath } of nodes) {
      const how = { cwd: folder }
      const noAddons = await run(execPath, ['--no-addons', ...ways['-r']('main.js')], how)
      assert.equal(noAddons.stdout, 'ran\n', version)
      assert.match(
        noAddons.stderr,
        /^abi-guard: nothing can be checked: Node\.js was started with --no-addons/,
      )
      const [major, minor] = version.split('.').map(Number)
      if (major < 22) continue
      const permission = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13)
      const flags = [permission ? '--permission' : '--experimental-permission', '--allow-fs-read=*']
      const refused = await run(execPath, [...flags, ...ways['-r']('main.js')], how)
      assert.equal(refused.stdout, 'ran\n', version)
      assert.match(
        refused.stderr,
        /abi-guard: nothing can be checked: with --permission .*add --allow-addons/,
      )
      const allowed = await run(
        execPath,
        [...flags, '--allow-addons', ...ways['-r']('main.js')],
        how,
      )
      assert.equal(allowed.stdout, 'ran\n', version)
      assert.doesNotMatch(allowed.stderr, /abi-guard/)
    }
  })
})

describe('Bun and Deno', { skip: skip || fullLane }, () => {
  test('check the app when it starts', async () => {
    const main = "import 'abi-guard/register'\nconsole.log('ran')"
    const folder = await app(['throws'], '', { files: { 'main.mjs': main } })
    const fine = await app(['fine'], '', { files: { 'main.mjs': main } })
    for (const name of ['bun', 'deno']) {
      const { execPath, flags = [] } = await executableOf(name)
      const args = (folder) =>
        name === 'bun' ? ['run', 'main.mjs'] : [...flags, join(folder, 'main.mjs')]
      const bad = await run(execPath, args(folder), { cwd: folder })
      assert.equal(bad.code, 1, `${name}: ${bad.stdout}${bad.stderr}`)
      assert.match(bad.stderr, /1 of 1 native package can't be loaded by (Bun|Deno)/)
      const good = await run(execPath, args(fine), { cwd: fine })
      assert.equal(good.stdout, 'ran\n', `${name}: ${good.stderr}`)
    }
  })
})

describe('the report is printed once', { skip: skip || fullLane }, () => {
  for (const name of ['node', 'bun', 'deno'])
    test(`in ${name}, with the way to start the app anyway`, async () => {
      const folder = await app(['throws'], '', {
        files: {
          'import.mjs': "import 'abi-guard/register'",
          'require.cjs': "require('abi-guard/register')",
          'caught.cjs':
            "try { require('abi-guard/register') } catch (error) { console.error(error) }",
          'assert.mjs': "import { assertNodeModules } from 'abi-guard'\nassertNodeModules()",
        },
      })
      const { execPath, flags = [] } =
        name === 'node' ? process : { flags: [], ...(await executableOf(name)) }
      for (const file of ['import.mjs', 'require.cjs', 'caught.cjs', 'assert.mjs']) {
        const { code, stdout, stderr } = await run(execPath, [...flags, join(folder, file)], {
          cwd: folder,
          env: { NO_COLOR: '1' },
        })
        assert.deepEqual({ code, stdout }, { code: file === 'caught.cjs' ? 0 : 1, stdout: '' })
        assert.equal(stderr.split('native-throws 1.0.0').length - 1, 1, `${file}: ${stderr}`)
        if (file !== 'assert.mjs') assert.match(stderr, /ABI_GUARD=warn starts the app anyway/)
      }
    })
})

describe('assertNodeModules', { skip }, () => {
  test('throws an AbiError that has the report', async () => {
    const folder = await app(['fine', 'throws'], '')
    assert.throws(
      () => assertNodeModules(folder),
      (error) => {
        assert.ok(error instanceof AbiError && error instanceof Error)
        assert.equal(error.name, 'AbiError')
        assert.equal(error.code, 'ERR_ABI_INCOMPATIBLE')
        assert.equal(error.report.packages.find(({ ok }) => !ok).name, 'native-throws')
        assert.match(error.message, /^1 of 2 native packages can't be loaded by Node\.js/)
        assert.deepEqual(Object.keys(error), ['code'])
        assert.match(error.stack.split(`${error.message}\n`)[1], /^ {4}at .*register\.test\.mjs/)
        return true
      },
    )
  })

  test('returns the report if all packages load, and has the options of a scan', async () => {
    const folder = await app(['fine', 'throws'], '')
    assert.equal(assertNodeModules(folder, { ignore: ['native-throws'] }).packages.length, 1)
    assert.equal(assertNodeModules(folder, { target: 'node@12/linux-x64' }).ok, true)
    assert.throws(() => assertNodeModules(join(folder, 'no-such')), { code: 'ENOENT' })
    assert.throws(() => assertNodeModules(3), { code: 'ERR_INVALID_ARG_TYPE' })
    assert.throws(() => assertNodeModules(folder, null), { code: 'ERR_INVALID_ARG_TYPE' })
    assert.throws(() => assertNodeModules(folder, { production: undefined, target: null }), {
      name: 'AbiError',
    })
  })

  test('also works in worker threads', async () => {
    const { assertNodeModules: later } = await import('../promises.js')
    const folder = await app(['throws'], '')
    await assert.rejects(later(folder), { name: 'AbiError', code: 'ERR_ABI_INCOMPATIBLE' })
    assert.equal((await later(folder, { ignore: ['*'] })).ok, true)
    await assert.rejects(later(3), { code: 'ERR_INVALID_ARG_TYPE' })
  })

  test('obeys ABI_GUARD', async () => {
    const folder = await app(['throws'], "console.log(require('abi-guard').assertNodeModules().ok)")
    const start = (mode) => node(['main.js'], { cwd: folder, env: { ABI_GUARD: mode } })
    assert.deepEqual(await start('off'), { code: 0, stdout: 'false\n', stderr: '' })
    assert.match((await start('warn')).stderr, /^abi-guard: 1 of 1/)
    assert.equal((await start('error')).code, 1)
  })
})
