// abi-guard/promises: the same answers as the functions that wait, with a signal and progress.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkAbi, checkPackage, scanNodeModules } from '../index.js'
import * as promises from '../promises.js'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const bufferutil = join(root, 'node_modules', 'bufferutil')
const prebuild = join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node')
const target = 'node@20.20.2/linux-x64-glibc2.36'

describe('a promise', () => {
  test('is fulfilled with the report that the waiting function gives', async () => {
    assert.deepEqual(await promises.checkAbi(prebuild, { target }), checkAbi(prebuild, { target }))
    const options = { from: root, target }
    assert.deepEqual(
      await promises.checkPackage('bufferutil', options),
      checkPackage('bufferutil', options),
    )
    const [there, here] = [
      await promises.scanNodeModules(root, { target }),
      scanNodeModules(root, { target }),
    ]
    assert.deepEqual(there.packages, here.packages)
  })

  test('is rejected with the same errors, never thrown at the caller', async () => {
    await assert.rejects(promises.checkAbi(join(root, 'absent.node')), {
      code: 'ENOENT',
      path: join(root, 'absent.node'),
    })
    await assert.rejects(promises.checkAbi(1), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
    await assert.rejects(promises.checkPackage('no-such-package'), {
      code: 'ERR_PACKAGE_NOT_FOUND',
    })
    await assert.rejects(promises.scanNodeModules('.', { signal: 'stop' }), {
      code: 'ERR_INVALID_ARG_TYPE',
    })
    await assert.rejects(promises.scanNodeModules('.', { signal: null }), {
      code: 'ERR_INVALID_ARG_TYPE',
    })
    await assert.rejects(promises.scanNodeModules('.', { onProgress: 1 }), {
      code: 'ERR_INVALID_ARG_TYPE',
    })
    await assert.rejects(promises.scanNodeModules('.', null), { code: 'ERR_INVALID_ARG_TYPE' })
  })

  test('is rejected at once when the signal was aborted before', async () => {
    const reason = new Error('not today')
    for (const work of [
      promises.scanNodeModules(root, { signal: AbortSignal.abort(reason) }),
      promises.checkAbi(prebuild, { signal: AbortSignal.abort(reason) }),
      promises.checkPackage('bufferutil', { from: root, signal: AbortSignal.abort(reason) }),
    ]) {
      await assert.rejects(work, reason)
    }
  })

  test('is rejected when the signal is aborted while the scan runs', async () => {
    const controller = new AbortController()
    const work = promises.scanNodeModules(root, { signal: controller.signal })
    controller.abort()
    await assert.rejects(work, { name: 'AbortError' })
    const reason = new Error('enough')
    const other = new AbortController()
    const scan = promises.scanNodeModules(root, { signal: other.signal })
    setImmediate(() => other.abort(reason))
    await assert.rejects(scan, reason)
  })

  test('leaves the signal alone', async () => {
    const { signal } = new AbortController()
    const handler = () => {}
    signal.onabort = handler
    await promises.scanNodeModules(root, { signal })
    assert.equal(signal.onabort, handler)
  })

  test('tells how far the scan is, in numbers that only grow, and the end', async () => {
    const seen = []
    const report = await promises.scanNodeModules(root, {
      onProgress: (progress) => seen.push(progress),
    })
    assert.ok(seen.length > 0)
    for (const [index, { directories, packages }] of seen.entries()) {
      const before = seen[index - 1] ?? { directories: 0, packages: 0 }
      assert.ok(directories >= before.directories && packages >= before.packages)
    }
    const last = seen[seen.length - 1]
    assert.deepEqual(last, {
      directories: report.stats.directories,
      packages: report.packages.length,
    })
  })
})
