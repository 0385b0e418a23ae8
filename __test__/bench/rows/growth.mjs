// The time per folder of a first scan, in generated trees of different sizes. A scan that does
// something for each pair of packages would show here.
import { runChild } from '../processes.mjs'
import { grouped, within } from '../table.mjs'
import { foldersOf, generatedTree } from '../trees.mjs'

const SMALLEST = 1000
const LARGER = [10_000, 100_000]

export async function growth(guard, table) {
  table.group('First scan of generated trees, per folder')
  const smallest = await generatedTree(SMALLEST)
  for (const count of LARGER) {
    const tree = await generatedTree(count)
    table.row({
      what: `${grouped(count)} packages`,
      measure: () => timePerFolder(guard, tree, count),
      beside: `${grouped(SMALLEST)} packages`,
      other: () => timePerFolder(guard, smallest, SMALLEST),
      unit: 'µs',
      target: within(0.8, 1.2),
    })
  }
}

/** In microseconds. Throws if the scan missed folders. */
function timePerFolder(guard, tree, packages) {
  const { milliseconds, ok, stats } = runChild('scan.cjs', [guard, tree])
  if (!ok || stats.directories !== foldersOf(packages))
    throw new Error(`the scan of ${tree} saw ${stats.directories} folders; ok: ${ok}`)
  return (milliseconds * 1000) / stats.directories
}
