'use strict'
// abi-guard/jest: in setupFilesAfterEnv, or required by a test.

const matchers = require('./lib/runners/matchers.js')
const { serializer } = require('./lib/runners/reports.js')

const expect = expectOfJest()
expect.extend(matchers)
// Not there in an `expect` that is used without Jest.
expect.addSnapshotSerializer?.(serializer)

/**
 * Jest gives '@jest/globals' to every module that requires it, installed or not, also where it
 * injects no globals.
 */
function expectOfJest() {
  try {
    const { expect } = require('@jest/globals')
    if (expect) return expect
  } catch {
    // Not in Jest, or before it has set up its globals.
  }
  if (typeof globalThis.expect?.extend === 'function') return globalThis.expect
  const message =
    'abi-guard/jest found no "expect": name it in setupFilesAfterEnv of Jest (not in ' +
    'setupFiles), or require it in a test'
  throw Object.assign(new Error(message), { code: 'ERR_ABI_GUARD_NO_EXPECT' })
}
