'use strict'
// abi-guard/jest: listed in setupFilesAfterEnv, or required by a test.

const { sayWhy } = require('./lib/runners/asymmetric.js')
const matchers = require('./lib/runners/matchers.js')
const { serializer } = require('./lib/runners/reports.js')

const expect = expectOfJest()
expect.extend(matchers)
sayWhy(expect, Object.keys(matchers))
// An `expect` that is used without Jest lacks this method.
expect.addSnapshotSerializer?.(serializer)

/**
 * Jest provides '@jest/globals' to every module that requires it, even if the package isn't
 * installed and even if Jest injects no globals.
 */
function expectOfJest() {
  try {
    const { expect } = require('@jest/globals')
    if (expect) return expect
  } catch {
    // This isn't Jest, or Jest has no globals yet.
  }
  if (typeof globalThis.expect?.extend === 'function') return globalThis.expect
  const message =
    'abi-guard/jest found no "expect": list it in setupFilesAfterEnv of Jest (not in ' +
    'setupFiles), or require it in a test'
  throw Object.assign(new Error(message), { code: 'ERR_ABI_GUARD_NO_EXPECT' })
}
