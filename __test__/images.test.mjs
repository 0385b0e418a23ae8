// Reports of images with published packages, compared with real loads in the unpacked images.
// `npm run images` does it with more packages and systems.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { checkArtifact } from '../index.js'
import { compareIn } from './images/run.mjs'
import { systemOf } from './images/systems.mjs'
import { groupOf } from './trace/groups.mjs'
import { install } from './trace/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

const enter = ['-r', '-m', 'sh', '-c', 'mount --rbind /proc /proc']
const isPossible = isLinuxX64 && spawnSync('unshare', enter).status === 0
const skip = (!isPossible && 'needs Linux on x64 with user namespaces') || fullLane

describe('images with published packages', { skip }, () => {
  for (const name of ['debian 13', 'alpine'])
    test(`${name}: real loads agree`, async () => {
      await install(['small'], { log() {} })
      const system = await systemOf(name)
      const { cells, same } = await compareIn(system, groupOf('small'), () => true, checkArtifact)
      const others = cells.filter(({ verdict }) => verdict !== 'ok')
      assert.deepEqual(
        others.map(({ about, reason }) => [about.name, reason]),
        [],
      )
      assert.ok(cells.length > 20)
      assert.notEqual(same, false, 'a scan inside of the image says something else')
    })
})
