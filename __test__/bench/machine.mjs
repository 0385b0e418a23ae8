// The line about the machine at the end of a report: times without it mean nothing.
import { statSync } from 'node:fs'
import { cpus, loadavg, release } from 'node:os'
import { addonOf } from './release.mjs'

/** In November 2026 the addon's debug build has 50 MB, and its release build less than 7 MB. */
const LARGEST_RELEASE = 20e6

/** True if the addon is as large as only a debug build is. */
const isDebugBuild = (folder) => statSync(addonOf(folder)).size > LARGEST_RELEASE

/** Before the bench adds its own load: with other programs on the machine, times vary. */
const [loadBefore] = loadavg()

/** `folder` is the measured package. */
export function describeMachine(folder) {
  const cores = cpus()
  return [
    cores[0].model,
    `${cores.length} cores`,
    `Linux ${release()}`,
    `Node.js ${process.versions.node}`,
    `${isDebugBuild(folder) ? 'debug' : 'release'} build of abi-guard`,
    `load average at the start ${loadBefore.toFixed(1)}`,
  ].join(', ')
}
