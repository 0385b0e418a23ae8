// Damages copies of real addons, loads them, and compares the results with abi-guard's verdicts.
// Lists every pair that differs.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { temporaryFolder } from '../../scripts/support/cache.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { load } from '../matrix/load.mjs'
import { damaged } from './change.mjs'

/**
 * @typedef {{ name: string, addon: string, area: string, real: object, said: object, byName: object
 *   }} Pair `said`: the verdict with the runtime's executable; `byName`: the verdict for a target
 *   that is only named
 */

/**
 * Loads and judges `count` damaged copies of each addon.
 * @param {{ abiGuard: object, addons: string[], host: object, seed: number, count: number }} how
 *   `host`: `execPath`, `prefix`, and `named`, the name of the same runtime as a target
 * @returns {Promise<Pair[]>}
 */
export async function trial({ abiGuard, addons, host, seed, count }) {
  const folder = temporaryFolder()
  try {
    const jobs = addons.flatMap((addon, number) => {
      const made = damaged(readFileSync(addon), seed * 1000 + number, count)
      return [...made].map(({ bytes, ...one }, index) => {
        const file = join(folder, `${number}`, `${index}.node`)
        mkdirSync(join(folder, `${number}`), { recursive: true })
        writeFileSync(file, bytes)
        return { ...one, addon: basename(addon), file }
      })
    })
    return await pool(jobs, 3, async ({ file, ...one }) => {
      const real = await load(host.execPath, file, { prefix: host.prefix ?? [] })
      const start = performance.now()
      const said = abiGuard.checkAbi(file, { target: { execPath: host.execPath } })
      const took = performance.now() - start
      const byName = abiGuard.checkAbi(file, { target: host.named })
      return { ...one, file, real, said, byName, took }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The result of a real load: `loads`, `throws`, `dies`, `dies at exit`, or `hangs`. */
export function ending({ outcome, timedOut, atExit }) {
  if (timedOut) return 'hangs'
  if (outcome === 'crashes') return 'dies'
  return outcome === 'loads' && atExit ? 'dies at exit' : outcome
}

/**
 * abi-guard's verdict: `crashes`, `throws`, `loads`, or `undetermined` if the report isn't
 * complete.
 */
export function saying({ outcome, complete }) {
  return outcome === 'unknown' || (outcome === 'loads' && !complete) ? 'undetermined' : outcome
}

/** The number of pairs for each combination of result and verdict. */
export function figures(pairs, key = 'said') {
  const table = {}
  for (const pair of pairs) {
    const row = (table[ending(pair.real)] ??= {})
    const said = saying(pair[key])
    row[said] = (row[said] ?? 0) + 1
  }
  return table
}

/**
 * Checks the figures.
 * @returns {string[]} the requirements that aren't met
 */
export function failures(pairs, key = 'said') {
  const deaths = pairs.filter(({ real }) => ending(real) === 'dies')
  const count = (list, ...sayings) =>
    list.filter((pair) => sayings.includes(saying(pair[key]))).length
  const found = []
  const passed = count(deaths, 'loads')
  if (passed > deaths.length * 0.02)
    found.push(`${passed} of ${deaths.length} deaths pass as sound`)
  const stopped = count(deaths, 'crashes', 'throws')
  if (stopped < deaths.length * 0.6)
    found.push(`only ${stopped} of ${deaths.length} deaths are predicted`)
  for (const pair of pairs) {
    const [real, said] = [ending(pair.real), saying(pair[key])]
    if (real === 'loads' && (said === 'crashes' || said === 'throws'))
      found.push(`false alarm: ${describe(pair, key)}`)
    if (real === 'throws' && (said === 'loads' || said === 'crashes'))
      found.push(`an Error isn't predicted: ${describe(pair, key)}`)
    const text = pair[key].loaderMessage
    if (real === 'throws' && said === 'throws' && text !== null && text !== pair.real.message)
      found.push(`another text: ${describe(pair, key)}`)
  }
  return found
}

/** A pair as one line. */
export function describe(pair, key = 'said') {
  const { addon, name, real, file } = pair
  const said = pair[key]
  const bare = (text) => text?.replaceAll(file, '<file>')
  const what = [ending(real), real.signal, bare(real.message), real.atExit]
    .filter(Boolean)
    .join(' ')
  const why = said.problems.map((problem) => `${problem.code}: ${problem.message}`).join('; ')
  const text = said.loaderMessage ? ` "${bare(said.loaderMessage)}"` : ''
  return `${addon} ${name}: really ${what}; said ${saying(said)}${text} ${bare(why)}`
}
