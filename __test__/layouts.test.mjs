// Projects as package managers install them, complete and broken. The first run downloads the
// managers and the packages; `npm run layouts` tests more of them.
import { test } from 'node:test'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'

if (isLinuxX64 && !fullLane) {
  for (const suite of [
    'same',
    'broken',
    'unbuilt',
    'aliases',
    'workspaces',
    'places',
    'manifests',
    'pnp',
    'asar',
    'many',
  ])
    await import(`./layouts/${suite}.suite.mjs`)
} else {
  test('projects of package managers', {
    skip: fullLane || 'the packages that are expected are those for linux-x64',
  })
}
