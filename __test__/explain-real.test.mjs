// Explains errors that the installed runtimes throw. `npm run explain` tests all runtimes, and also
// errors of packages and package managers.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addons } from './explain/addons.mjs'
import { differences, fail } from './explain/real.mjs'
import { compiler } from './fixtures/compile.mjs'
import { fullLane, runtimes } from '../scripts/support/lane.mjs'
import { install } from '../scripts/support/matrix/install.mjs'
import { listNodes } from '../scripts/support/matrix/index.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const skip = !(isLinuxX64 && compiler()) && 'needs linux-x64 and gcc'

describe('errors of real loads', { skip }, () => {
  for (const production of addons.filter(({ quick }) => quick)) {
    const { node } = production
    const isOther = node !== undefined && node !== 'this'
    test(production.name, { skip: isOther && fullLane }, async () => {
      await install(runtimes, { log() {} })
      const isThere =
        !node || node === 'this' || listNodes(runtimes).some(({ version }) => version === node)
      assert.ok(isThere, `${node} belongs to another group`)
      assert.deepEqual(differences(production, await fail(production)), [])
    })
  }
})
