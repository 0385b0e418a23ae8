// Compares the report of an image with the loads in it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from '../trace/judge.mjs'

/**
 * The rows of a report, with the paths that the image itself uses.
 * @param {object} report one of checkArtifact
 * @param {string} place what comes before those paths
 */
export const rowsOf = (report, place) =>
  JSON.parse(JSON.stringify(report.packages).replaceAll(place, ''))

/** What a row says about loading. A target that isn't this system changes words and fixes. */
export const verdict = ({ path, ok, complete, active, problems }) => ({
  path,
  ok,
  complete,
  active: active && {
    file: active.file,
    outcome: active.outcome,
    message: active.loaderMessage,
    codes: active.problems.map(({ code, severity }) => `${severity} ${code}`),
  },
  codes: problems.map(({ code, severity }) => `${severity} ${code}`),
})

/** Loads that say nothing about the file. */
const notCounted = {
  'rocksdb, debian 13': 'its own code ends the process with the libstdc++ of Debian 12 and newer',
  'aws-crt, alpine, arm64': 'it starts ldd, and the emulator can start no program',
}

/**
 * @returns {{ verdict: 'ok' | 'differs' | 'not run', reason: string | null, row: object | null }}
 */
export function compare(about, system, real, rows) {
  const excuse = notCounted[`${about.name}, ${system}`]
  if (excuse) return { verdict: 'not run', reason: excuse, row: null }
  // A platform package has a row of its own.
  const row =
    rows.find(({ active }) => active && active.file === real.file) ??
    rows.find(({ path }) => path === about.real) ??
    null
  const said = { file: row?.active?.file ?? null, sure: true }
  const judged = judge(about, real, said)
  if (judged.verdict !== 'ok') return { ...judged, row }
  return { ...judged, ...differing(about, real, row, rows), row }
}

/** What differs although the file is the same. */
function differing(about, real, row, rows) {
  const differs = (reason) => ({ verdict: 'differs', reason })
  if (real.file === null) {
    const isFine = real.thrown === null
    if (row === null ? isFine : row.ok === isFine || row.optional) return {}
    // The row of a dependency may say it: a platform package, or one that it requires.
    const isSaid = rows.some(({ ok, problems, requiredBy }) => {
      const fails = !ok || problems.length > 0
      return fails && requiredBy.some((chain) => chain.at(-1) === about.name)
    })
    if (!isFine && (isSaid || isForOthers(about))) return {}
    return differs(isFine ? 'it works' : 'it fails')
  }
  const { outcome, ok } = row.active
  // musl doesn't check the processor: what follows isn't known, but it fails.
  const isUnknown = outcome === 'unknown' && !ok && real.outcome !== 'loads'
  if (real.outcome !== outcome && !isUnknown)
    return differs(`${real.outcome}, reported: ${outcome}`)
  const said = row.active.loaderMessage ?? null
  const message = real.loads.find(({ failed }) => failed === real.file)?.message ?? null
  if (real.outcome === 'throws' && said !== null && said !== message)
    return differs(`text: ${message}; reported: ${said}`)
  return {}
}

/** An app may require a package that is for another system on that system only. */
const isForOthers = ({ directory }) => {
  const { os } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  return os !== undefined && ![os].flat().includes('linux')
}
