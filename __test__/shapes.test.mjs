// The guard in the shapes in which apps run: launchers and bundlers. No shape may be unguarded
// without a word, and no healthy app may see a word. The outputs of tracers and bundlers are checked
// without the guard.
import { describe } from 'node:test'
import { byHand, fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compiler } from './fixtures/compile.mjs'
import { bundled } from './shapes/bundled.suite.mjs'
import { bundlers } from './shapes/bundlers.suite.mjs'
import { launched } from './shapes/launchers.suite.mjs'
import { next } from './shapes/next.suite.mjs'
import { roots } from './shapes/roots.suite.mjs'
import { traced } from './shapes/traced.suite.mjs'

const skip = !compiler() && 'needs gcc'

describe('without a download', { skip }, roots)
describe('bundlers', { skip: skip || fullLane }, bundlers)
describe('bundled outputs', { skip: (!isLinuxX64 && 'needs Linux on x64') || fullLane }, bundled)
describe('launchers', { skip: skip || fullLane }, launched)
describe('Next.js', { skip: skip || byHand }, next)
describe('traced outputs', { skip: (!isLinuxX64 && 'needs Linux on x64') || fullLane }, traced)
