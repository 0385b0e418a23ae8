// process.dlopen with the wrapper of abi-guard/register: real loads in every installed Node.js.
import assert from 'node:assert/strict'
import { copyFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { compiler } from './fixtures/compile.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { write } from './layouts/installed.mjs'
import { addonOf } from './support/addons.mjs'
import { app, node, run, supportedNodes, trying, ways } from './support/apps.mjs'

const skip = !compiler() && 'needs gcc'

let nodes
before(async () => {
  if (!skip) nodes = await supportedNodes()
})

describe('process.dlopen, guarded', { skip, concurrency: 2 }, () => {
  /** The packages are not dependencies of the project, so only their loads are checked. */
  const ignored = { manifest: { 'abi-guard': { ignore: ['*'] } } }
  const parsed = ({ stdout }) => JSON.parse(stdout)

  test('adds the explanation to the loader’s error, in every Node.js', async () => {
    const folder = await app(['throws'], trying('native-throws'), ignored)
    for (const { execPath } of nodes) {
      const bare = parsed(await run(execPath, ['main.js'], { cwd: folder }))
      const error = parsed(await run(execPath, ways['-r']('main.js'), { cwd: folder }))
      assert.equal(error.name, 'AbiError')
      assert.equal(error.code, bare.code)
      assert.equal(error.cause.message, bare.message)
      assert.ok(error.message.startsWith(`${bare.message}\n\n`))
      assert.match(error.message, /built for Node\.js 12 \(ABI 72\)/)
      assert.doesNotMatch(error.stack, /start\.generated\.js/)
    }
  })

  test('throws an error instead of a load that would end the process', async () => {
    const folder = await app(['dies'], trying('native-dies'), ignored)
    let deaths = 0
    for (const { version, execPath } of nodes) {
      const bare = await run(execPath, ['main.js'], { cwd: folder })
      const { code, stdout } = await run(execPath, ways['-r']('main.js'), { cwd: folder })
      assert.equal(code, 0, version)
      if (typeof bare.code === 'number' && bare.code < 128) continue
      deaths += 1
      const error = JSON.parse(stdout)
      assert.equal(error.code, 'ERR_ABI_INCOMPATIBLE', version)
      assert.match(error.message, /would end this process/)
      assert.equal(error.cause, undefined)
    }
    assert.ok(deaths > 0, 'bare Node.js dies of it')
  })

  test('prevents no load with ABI_GUARD=warn, but warns before a crash', async () => {
    const folder = await app(['dies'], trying('native-dies'), ignored)
    const { code, stderr } = await node(ways['-r']('main.js'), {
      cwd: folder,
      env: { ABI_GUARD: 'warn' },
    })
    assert.notEqual(code, 0)
    assert.match(stderr, /^abi-guard: .*will end this process/)
  })

  test('gives the fix of a file’s package for every path of the file', async () => {
    const folder = await app(['dies'], trying('./link/build/Release/addon.node'), ignored)
    symlinkSync('node_modules/native-dies', join(folder, 'link'), 'dir')
    const { execPath } = nodes.find(({ version }) => version.startsWith('20.'))
    for (const flags of [[], ['--preserve-symlinks']]) {
      const error = parsed(
        await run(execPath, [...flags, ...ways['-r']('main.js')], { cwd: folder }),
      )
      assert.match(error.message, /would end this process[^✖]+✖ native-dies 1\.0\.0\n/)
    }
  })

  test('doesn’t change any other error', async () => {
    const main = `
      const refuse = () => { throw Object.assign(new Error('mine'), { code: 'MINE' }) }
      const own = process.dlopen
      process.dlopen = refuse
      require('abi-guard/register')
      ${trying('native-fine')}
      try { process.dlopen({ exports: {} }) } catch (error) { console.log(error.code) }
      try { process.dlopen({ exports: {} }, 'no-such.node') } catch (error) { console.log(error.message) }`
    const folder = await app(['fine'], main, ignored)
    const [first, second, third] = (await node(['main.js'], { cwd: folder })).stdout.split('\n')
    assert.deepEqual(JSON.parse(first).code, 'MINE')
    assert.equal(second, 'MINE')
    assert.equal(third, 'mine')
  })

  test('lets packages try several files as without the wrapper', async () => {
    const main = `
      const { dirname, join } = require('path')
      const files = ['missing.node', 'throws.node', 'fine.node'].map((name) => join(__dirname, name))
      const codes = files.map((file) => { try { process.dlopen({ exports: {} }, file); return 'loads' } catch (error) {
        return [error.code, /not find|no such file/i.test(error.message), error instanceof Error] } })
      console.log(JSON.stringify(codes))`
    const folder = await app([], main)
    for (const kind of ['throws', 'fine'])
      copyFileSync(await addonOf(kind), join(folder, `${kind}.node`))
    write(folder, { 'package.json': { name: 'app', 'abi-guard': { ignore: ['*'] } } })
    for (const { execPath } of nodes) {
      const bare = await run(execPath, ['main.js'], { cwd: folder })
      assert.deepEqual(await run(execPath, ways['-r']('main.js'), { cwd: folder }), bare)
    }
  })

  test('works in worker threads, and scans only once', async () => {
    const main = `
      const { Worker, isMainThread } = require('worker_threads')
      if (isMainThread) new Worker(__filename)
      else { ${trying('native-throws')} }`
    const folder = await app(['throws'], main, ignored)
    for (const { execPath } of nodes) {
      const error = parsed(await run(execPath, ways['-r']('main.js'), { cwd: folder }))
      assert.match(error.message, /built for Node\.js 12/)
    }
    write(folder, { 'package.json': { name: 'app', dependencies: { 'native-throws': '1' } } })
    const { stderr } = await node(ways['-r']('main.js'), {
      cwd: folder,
      env: { ABI_GUARD: 'warn' },
    })
    assert.equal(stderr.match(/can't be loaded by/g).length, 1)
  })

  test('works with tools that wrap process.dlopen before and after, and can be removed', async () => {
    const main = `
      const log = []
      const native = process.dlopen
      process.dlopen = function (...args) { log.push('before'); return native.apply(this, args) }
      const before = process.dlopen
      const { unregister } = require('abi-guard/register')
      const guarded = process.dlopen
      log.length = 0 // abi-guard's own binary
      process.dlopen = function (...args) { log.push('after'); return guarded.apply(this, args) }
      require('native-fine')
      console.log(log.join(), guarded === before, guarded.length === native.length, guarded.name)
      const load = () => { try { require('native-throws') } catch (error) { return error.name } }
      console.log(load())
      unregister()
      console.log(load())
      process.dlopen = guarded
      console.log(load())
      process.dlopen = before
      console.log(load())
      require.cache = {}
      `
    const folder = await app(['fine', 'throws'], main, ignored)
    const { stdout, stderr } = await node(['main.js'], { cwd: folder })
    assert.equal(stdout, 'after,before false true dlopen\nAbiError\nError\nError\nError\n', stderr)
    write(folder, {
      'main.js': `const { unregister } = require('abi-guard/register'); const native = process.dlopen
        unregister(); console.log(native === process.dlopen, process.dlopen.toString().includes('native code'))`,
    })
    assert.match((await node(['main.js'], { cwd: folder })).stdout, /^false/)
  })

  // The Node.js that runs the tests may be too old to import addons.
  test('guards addons that are imported', { skip: fullLane }, async () => {
    const newest = nodes[nodes.length - 1]
    const folder = await app(['throws'], '', {
      ...ignored,
      files: {
        'main.mjs':
          "import('./node_modules/native-throws/build/Release/addon.node').catch((error) => console.log(error.name))",
      },
    })
    const args = ['--import', 'abi-guard/register', '--experimental-addon-modules', 'main.mjs']
    assert.equal((await run(newest.execPath, args, { cwd: folder })).stdout, 'AbiError\n')
  })
})
