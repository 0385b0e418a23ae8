// Addons that load and abort later: cleanup hooks in node::ObjectWrap. The small addons have the
// same symbols as real ones; `npm run object-wrap` compares real ones with real processes.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { checkAbi, scanNodeModules } from '../index.js'
import { fullLane } from '../scripts/support/lane.mjs'
import { installed } from '../scripts/support/matrix/install.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compile, compiler } from './fixtures/compile.mjs'
import { app, run, trying, ways } from './support/apps.mjs'
import { copyOf, project } from './support/project.mjs'

const skip = (!isLinuxX64 || !compiler()) && 'needs linux-x64 and gcc'

const HOOKS = { CTX: true, OBJECT_WRAP_HOOK: true, REMOVES_HOOKS: true }
const addon = (abi, switches = HOOKS) => compile('wrap', { CTOR: abi, CTX: true, ...switches })

/** The problems that concern the hooks. */
const said = (file, target) => {
  const { outcome, ok, complete, problems } = checkAbi(file, { target })
  assert.equal(outcome, 'loads', target)
  const codes = ['object-wrap-hooks', 'depends-on-release', 'undetermined']
  const found = problems.filter(({ code, what }) => codes.includes(code) && what !== 'linking')
  return { ok, complete, found }
}

describe('an addon with cleanup hooks in node::ObjectWrap', { skip }, () => {
  let of24, of26
  before(async () => {
    of24 = await addon(137)
    of26 = await addon(147)
  })

  test('has an error in the releases that abort, although it loads', () => {
    for (const [file, target, node, fixedIn] of [
      [of24, 'node@24.0.0', '24.0.0', '24.22.0'],
      [of24, 'node@24.21.0', '24.21.0', '24.22.0'],
      [of26, 'node@26.0.0', '26.0.0', '26.4.0'],
      [of26, 'node@26.3.1', '26.3.1', '26.4.0'],
      [of24, 'nw@0.104.1', '24.9.0', '24.22.0'],
    ]) {
      const { ok, found } = said(file, target)
      assert.equal(ok, false, target)
      const [{ code, severity, message, ...facts }] = found
      assert.deepEqual({ code, severity }, { code: 'object-wrap-hooks', severity: 'error' })
      assert.deepEqual(facts, { node, fixedIn })
      assert.ok(message.includes(`Node.js ${fixedIn.replace(/\.0$/, '')} or newer`), message)
    }
  })

  test('is an error in an optional package, too: nothing catches an abort', (t) => {
    const folder = project(t, {
      'package.json': { name: 'mine', optionalDependencies: { wrap: '1.0.0' } },
      'node_modules/wrap/package.json': { name: 'wrap', version: '1.0.0', main: 'wrap.node' },
      'node_modules/wrap/wrap.node': copyOf(of24),
    })
    const judged = (target) => {
      const { ok, packages } = scanNodeModules(folder, { target })
      const [{ optional, active }] = packages
      return [ok, optional, active.problems[0].code]
    }
    assert.deepEqual(judged('node@24.21.0'), [false, true, 'object-wrap-hooks'])
    // An exception is caught.
    assert.deepEqual(judged('node@22.20.0'), [true, true, 'abi-mismatch'])
  })

  test('has no problem in the releases that live', () => {
    for (const [file, target] of [
      [of24, 'node@24.22.1'],
      [of24, 'node@24.22.3'],
      [of26, 'node@26.4.0'],
      [of26, 'node@26.12.1'],
      [of26, 'nw@0.114.1'],
    ]) {
      const { ok, found } = said(file, target)
      assert.deepEqual({ target, ok, found }, { target, ok: true, found: [] })
    }
  })

  test('depends on the release if only a part of its version is named', () => {
    for (const [file, target, other] of [
      [of24, 'node@24', '24.0.0'],
      [of26, 'node@26', '26.0.0'],
    ]) {
      const { ok, found } = said(file, target)
      assert.equal(ok, true, target)
      const [{ code, otherwiseIn, message }] = found
      assert.deepEqual({ code, otherwiseIn }, { code: 'depends-on-release', otherwiseIn: [other] })
      assert.match(message, /aborts after loading/)
    }
    assert.equal(said(of24, 'node@24.21').ok, false, 'the whole line 24.21 aborts')
  })

  test('is judged in Electron by the Node.js that it contains', async () => {
    const [of146, of150] = [await addon(146), await addon(150)]
    const { ok, found } = said(of146, 'electron@42.8.1')
    assert.deepEqual([ok, found[0].code, found[0].node], [false, 'object-wrap-hooks', '24.18.1'])
    assert.match(found[0].message, /a release of Electron with Node\.js 24\.22 or newer/)
    // The table doesn't know the Node.js in this release.
    const unknown = said(of150, 'electron@45.5.0')
    assert.deepEqual([unknown.ok, unknown.complete, unknown.found[0].what], [true, false, 'target'])
  })

  test('is not taken for an addon with other symbols', async () => {
    for (const switches of [{ REMOVES_HOOKS: true }, { OBJECT_WRAP_HOOK: true }, {}]) {
      const { ok, found } = said(await addon(137, switches), 'node@24.21.0')
      assert.deepEqual({ switches, ok, found }, { switches, ok: true, found: [] })
    }
  })
})

describe('the guard, with an addon that aborts later', { skip: skip || fullLane }, () => {
  let execPath
  before(async () => {
    execPath = await installed('24.21.0')
  })

  test('stops the app when it starts', async () => {
    const cwd = await app(['aborts'], "console.log('ran')")
    const { code, stdout, stderr } = await run(execPath, ways['-r']('main.js'), { cwd })
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' })
    assert.match(stderr, /^AbiError: 1 of 1 native package will abort in Node\.js 24\.21\.0 /)
    assert.match(stderr, /cleanup hooks in\s+node::ObjectWrap/)
    assert.match(stderr, /For native-aborts, use Node\.js 24\.22\.0 or newer/)
  })

  test('lets a later load pass, because the load itself works', async () => {
    const manifest = { 'abi-guard': { ignore: ['*'] } }
    const cwd = await app(['aborts'], trying('native-aborts'), { manifest })
    const { code, stdout, stderr } = await run(execPath, ways['-r']('main.js'), { cwd })
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'loaded\n', stderr: '' })
  })
})
