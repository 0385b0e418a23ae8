// Long logs: `abi-guard explain` finds the error at their end, whatever is before it, with little
// time and memory.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fullLane } from '../scripts/support/lane.mjs'
import { logOf, shapes } from './explain/shapes.mjs'
import { cli, environment } from './support/command.mjs'
import { project } from './support/project.mjs'

const BYTES = 50 << 20
/** In microseconds, for a build with debug information. */
const MOST_WORK = 2e6
/** On a slow or busy computer: how much more work a log may be than one of ordinary lines. */
const MOST_TIMES = 4
/** Other programs make the same work longer, so the best of some attempts counts. */
const ATTEMPTS = 3
/** In KiB. Node.js itself needs 50 MB, and each copy of the log 50 MB more. */
const MOST_MEMORY = 400 << 10

/** What `abi-guard explain` prints for a log, and what the process used. */
function explained(folder, log) {
  const file = join(folder, 'ci.log')
  const hook = join(folder, 'usage.cjs')
  writeFileSync(file, log)
  writeFileSync(
    hook,
    'process.on("exit", () => process.stderr.write(JSON.stringify(process.resourceUsage())))',
  )
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', hook, cli, 'explain', '--format', 'json'],
    { cwd: folder, env: environment, encoding: 'utf8', stdio: [openSync(file), 'pipe', 'pipe'] },
  )
  return { status, explanations: JSON.parse(stdout), usage: JSON.parse(stderr) }
}

test('logs of 1 MB are explained, in whatever form they are', (t) => {
  const folder = project(t, { 'package.json': {} })
  for (const shape of ['binary noise', 'null bytes', 'lines of docker', 'parent folders']) {
    const { status, explanations } = explained(folder, logOf(shape, 1 << 20))
    assert.equal(status, 0, shape)
    assert.equal(explanations[0].code, 'abi-mismatch', shape)
  }
})

describe('a log of 50 MB takes less than two seconds of work', { skip: fullLane }, () => {
  const workOf = ({ userCPUTime, systemCPUTime }) => userCPUTime + systemCPUTime
  let most
  for (const shape of Object.keys(shapes)) {
    test(shape, (t) => {
      const folder = project(t, { 'package.json': {} })
      const log = logOf(shape, BYTES)
      let work = Number.POSITIVE_INFINITY
      for (let attempt = 0; attempt < ATTEMPTS && !(work < most); attempt++) {
        // Beside each other: a shared machine has been several times slower a minute later.
        if (most === undefined || attempt > 0) {
          const { usage } = explained(folder, logOf('ordinary lines', BYTES))
          most = Math.max(MOST_WORK, MOST_TIMES * workOf(usage))
        }
        const { explanations, usage } = explained(folder, log)
        // Some shapes are errors, too.
        assert.ok(explanations.some(({ code }) => code === 'abi-mismatch'))
        assert.ok(usage.maxRSS < MOST_MEMORY, `${usage.maxRSS >> 10} MiB`)
        work = Math.min(work, workOf(usage))
      }
      assert.ok(work < most, `${work / 1e3} ms of at most ${most / 1e3}`)
    })
  }
})
