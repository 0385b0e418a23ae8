// abi-guard/promises: the same results as the synchronous functions, with a signal and progress.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  auditPackage,
  checkAbi,
  checkPackage,
  doctor,
  explainError,
  listRuntimes,
  matrix,
  scanNodeModules,
} from '../index.js'
import * as promises from '../promises.js'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const bufferutil = join(root, 'node_modules', 'bufferutil')
const prebuild = join(bufferutil, 'prebuilds', 'linux-x64', 'bufferutil.node')
const target = 'node@20.20.2/linux-x64-glibc2.36'

describe('a promise', () => {
  test('is fulfilled with the report of the synchronous function', async () => {
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
    assert.deepEqual(await promises.auditPackage(bufferutil), auditPackage(bufferutil))
    assert.deepEqual(await promises.doctor(root, { target }), doctor(root, { target }))
    const targets = [target, { runtime: 'electron', version: '31' }]
    assert.deepEqual(await promises.matrix(root, { targets }), matrix(root, { targets }))
    const error = new Error('x', { cause: new Error("Cannot find module './x.node'") })
    for (const thrown of [error, "version `GLIBC_2.38' not found (required by /a/b.node)", 1]) {
      const from = root
      assert.deepEqual(
        await promises.explainError(thrown, { from }),
        explainError(thrown, { from }),
      )
    }
    assert.equal(await promises.explainError('nothing that is known'), null)
  })

  test('is for the project of the app if no folder is given', async () => {
    assert.equal((await promises.doctor()).directory, root)
    assert.equal((await promises.matrix(undefined, { targets: ['node@22'] })).directory, root)
    assert.equal(doctor().directory, root)
    const { directory, targets } = matrix()
    assert.equal(directory, root)
    assert.equal(targets[0].execPath, process.execPath)
  })

  test('is rejected with the same errors, which are never thrown synchronously', async () => {
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
      promises.assertNodeModules(root, { signal: AbortSignal.abort(reason) }),
      promises.auditPackage(root, { signal: AbortSignal.abort(reason) }),
      promises.explainError('x', { signal: AbortSignal.abort(reason) }),
      promises.doctor(root, { signal: AbortSignal.abort(reason) }),
      promises.matrix(root, { signal: AbortSignal.abort(reason) }),
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

  test('is rejected soon when the signal is aborted during long work', async () => {
    const log = "version `GLIBC_2.38' not found (required by /a/b.node)\n".repeat(600_000)
    const targets = listRuntimes().map(({ runtime, last }) => `${runtime}@${last}`)
    const works = {
      matrix: (signal) => promises.matrix(root, { targets, signal }),
      doctor: (signal) => promises.doctor(root, { signal }),
      auditPackage: (signal) => promises.auditPackage(root, { signal }),
      explainError: (signal) => promises.explainError(log, { signal }),
    }
    for (const [name, start] of Object.entries(works)) {
      const controller = new AbortController()
      const reason = new Error(`no more ${name}`)
      const work = start(controller.signal)
      const began = performance.now()
      setImmediate(() => controller.abort(reason))
      await assert.rejects(work, reason)
      const took = performance.now() - began
      assert.ok(took < 1000, `${name} took ${Math.round(took)} ms`)
    }
  })

  test('doesn’t change the signal', async () => {
    const { signal } = new AbortController()
    const handler = () => {}
    signal.onabort = handler
    await promises.scanNodeModules(root, { signal })
    assert.equal(signal.onabort, handler)
  })

  test('reports the progress of the scan in numbers that only grow, and the end', async () => {
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

  test('reports the progress of several scans as one', async () => {
    for (const work of [promises.matrix, promises.doctor]) {
      const seen = []
      await work(root, { onProgress: (progress) => seen.push(progress) })
      const once = scanNodeModules(root)
      const { directories, packages } = seen.at(-1)
      assert.ok(
        directories >= once.stats.directories && packages >= once.packages.length,
        work.name,
      )
    }
    await assert.rejects(promises.auditPackage(root, { onProgress() {} }), {
      code: 'ERR_INVALID_ARG_VALUE',
    })
  })
})
