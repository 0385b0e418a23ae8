// The guard's check of the large tree with its index, beside the same check without one.
import { writeIndex } from '../guarded.mjs'
import { runChild } from '../processes.mjs'
import { atMost } from '../table.mjs'
import { largeTree } from '../trees.mjs'

export async function index(guard, table) {
  const folder = await largeTree()
  table.group("The guard's check of the same tree, in a fresh Node.js")
  await writeIndex(guard, folder)
  const check = (env) => runChild('guard.cjs', [guard, folder], env).milliseconds
  table.row({
    what: 'with the index of an earlier start',
    measure: () => check(),
    beside: 'ABI_GUARD_INDEX=off',
    other: () => check({ ABI_GUARD_INDEX: 'off' }),
    target: atMost(0.12),
  })
}
