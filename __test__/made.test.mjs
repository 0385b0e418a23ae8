// Projects as real tools make them: generators, packagers, bundlers. The verdicts are compared with
// what Node.js loads.
import { test } from 'node:test'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

if (isLinuxX64 && !fullLane) {
  for (const suite of ['prisma', 'apps', 'fallback']) await import(`./made/${suite}.suite.mjs`)
} else {
  test('projects that tools make', { skip: fullLane || 'the expected files are for linux-x64' })
}
