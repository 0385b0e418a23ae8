// The size of the addon as it is published.
import { execFileSync } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../../scripts/support/cache.mjs'
import { addonOf } from '../release.mjs'
import { atMost } from '../table.mjs'

export function size(guard, table) {
  table.group('Size')
  const target = atMost(3.5)
  table.value({ what: 'the addon, stripped', value: strippedSize(guard) / 1e6, unit: 'MB', target })
}

/** In bytes. A release build is stripped already, a debug build isn't. */
function strippedSize(guard) {
  const scratch = temporaryFolder()
  try {
    const file = join(scratch, 'stripped.node')
    execFileSync('strip', ['-o', file, addonOf(guard)])
    return statSync(file).size
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
