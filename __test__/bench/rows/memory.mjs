// The memory that a scan of the large tree needs.
import { runChild } from '../processes.mjs'
import { atMost } from '../table.mjs'
import { largeTree } from '../trees.mjs'

export async function memory(guard, table) {
  const folder = await largeTree()
  table.group('Peak memory of a process; the result is the difference')
  table.row({
    what: 'loads abi-guard and scans the large tree',
    measure: () => runChild('memory.cjs', [guard, folder]).megabytes,
    beside: 'loads abi-guard',
    other: () => runChild('memory.cjs', [guard]).megabytes,
    unit: 'MB',
    as: 'difference',
    target: atMost(20),
  })
}
