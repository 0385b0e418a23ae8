// Compares the files that real packages open with what abi-guard calls their active file, in this
// Node.js as it is, and with faked values of other systems. This is the small group of trace/; `npm
// run trace` runs all groups.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import abiGuard from '../index.js'
import { install as installNodes } from '../scripts/support/matrix/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { groupOf, packagesOf } from './trace/groups.mjs'
import { install } from './trace/install.mjs'
import { named } from './trace/judge.mjs'
import { compare, fakedColumns, realColumn } from './trace/compare.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

// The faked values replace what Linux programs read.

describe('traced loads', {
  skip: (!isLinuxX64 && 'needs linux-x64') || fullLane,
  concurrency: 2,
}, () => {
  before(async () => {
    await installNodes('small', { log() {} })
    await install(['small'], { log() {} })
  })

  const columns = [realColumn(process.versions.node, process.execPath), ...fakedColumns()]
  for (const about of packagesOf(groupOf('small')))
    for (const column of columns)
      test(`${about.name}, ${column.title}`, async (t) => {
        const { real, said, verdict, reason } = await compare(about, column, abiGuard.checkPackage)
        if (verdict === 'not run') return t.skip(reason)
        assert.equal(said.exception, undefined)
        assert.equal(named(about, said.file), named(about, real.file))
      })
})
