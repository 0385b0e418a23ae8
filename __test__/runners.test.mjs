// abi-guard/jest, abi-guard/vitest and abi-guard/global-setup in real test runners, installed as
// users install them.
import { after, before, describe } from 'node:test'
import { compiler } from './fixtures/compile.mjs'
import { install as installMatrix } from '../scripts/support/matrix/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { examples } from './runners/examples.suite.mjs'
import { matchers } from './runners/matchers.suite.mjs'
import { runnersProject } from './runners/project.mjs'
import { setup } from './runners/setup.suite.mjs'
import { types } from './runners/types.suite.mjs'
import { isServed } from './support/packed.mjs'

const skip = ((!isServed || !compiler()) && 'needs gcc, and a platform that is served') || fullLane

describe('test runners', { skip, concurrency: 2 }, () => {
  const projects = {}
  before(async () => {
    await installMatrix('small', { log() {} })
    projects.first = await runnersProject('jest')
    projects.second = await runnersProject('vitest')
  })
  after(() => {
    for (const project of Object.values(projects)) project.remove()
  })

  matchers(() => projects)
  setup(() => projects)
  types(() => projects)
  examples(() => projects)
})
