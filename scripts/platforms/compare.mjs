// Compares the results of a platform's test run with the expected ones.

/** Describes the first difference of two values; undefined if there is none. */
export function firstDifference(expected, actual, path) {
  if (Object.is(expected, actual)) return undefined
  const both = [expected, actual].every((value) => value !== null && typeof value === 'object')
  if (!both || Array.isArray(expected) !== Array.isArray(actual))
    return `${path || 'it'} is ${shown(actual, expected)}, not ${shown(expected, actual)}`
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const difference = firstDifference(expected[key], actual[key], path ? `${path}.${key}` : key)
    if (difference) return difference
  }
  return undefined
}

const LONGEST = 160

/** The expected results of spellings.cjs, for every name of the folder. */
const wantedOfName = {
  scan: [['native', 'loads']],
  package: 'loads',
  file: 'loads',
  passed: true,
  stays: true,
}

/** A value for a message. Of a long text, it is the part around the first difference. */
function shown(value, other) {
  const text = JSON.stringify(value) ?? 'absent'
  if (text.length <= LONGEST) return text
  const beside = JSON.stringify(other) ?? ''
  let at = 0
  while (at < text.length && text[at] === beside[at]) at++
  const start = Math.max(0, at - LONGEST / 2)
  return `…${text.slice(start, start + LONGEST)}…`
}

/**
 * Describes the first difference in the results of a process: its facts, and its verdicts about
 * addons that it then really loaded.
 * @param {{ facts: object, resolved: object, names: object[], loads: object[] }} own the result of
 *   exercise.cjs
 * @param {{ runtime?: string, version: string, libc: string | null, libcVersion: string | null }}
 *   is the facts of the runtime
 * @param {import('./table.mjs').Platform} one
 * @returns {string | undefined} the first difference, in words
 */
export function wrongIn({ facts, resolved, names, loads }, is, one) {
  const wanted = {
    runtime: is.runtime ?? 'node',
    version: is.version,
    abi: facts.abi,
    nodeApi: facts.nodeApi,
    platform: one.os,
    arch: one.cpu,
    libc: is.libc,
    libcVersion: is.libcVersion,
  }
  const said = Object.fromEntries(Object.keys(wanted).map((key) => [key, resolved[key]]))
  const difference = firstDifference(wanted, said, 'resolveRuntime()')
  if (difference) return difference
  for (const { how, found, missing } of names) {
    if (missing) continue
    const other = firstDifference(wantedOfName, found, '')
    if (other) return `a project's folder ${how}: ${other}`
  }
  for (const load of loads) {
    const wrong = wrongLoad(load, one, is)
    if (wrong) return `${load.name}: ${wrong}`
  }
  for (const outcome of ['loads', 'throws'])
    if (!loads.some(({ real }) => real?.outcome === outcome))
      return `no addon ${outcome}, so nothing was compared`
  return undefined
}

/**
 * Error texts that are known to be predicted wrongly, although the outcome is correct. Each of
 * these should be removed.
 */
const pending = {
  // A loader that was copied out of its system searches for libc.so in other folders of this system
  // than predicted.
  'glibc 2.31': /musl\.node$/,
  // glibc for hard floats doesn't accept a file for soft floats at all. This comes before the
  // search for its libraries.
  'linux-arm-gnueabihf': /^@napi-rs\/nice-android-arm-eabi@/,
}

function wrongLoad({ name, outcome, loaderMessage, real }, one, is) {
  if (!real) return undefined
  if (real.outcome !== outcome)
    return `it ${real.outcome} ("${real.message}"), and it was said that it ${outcome}`
  // On Windows, the texts depend on the language and the release.
  const isPending = [one.name, `${is.libc} ${is.libcVersion}`].some((key) =>
    pending[key]?.test(name),
  )
  const isWord = loaderMessage !== null && one.os !== 'win32' && !isPending
  if (isWord && loaderMessage !== real.message)
    return `it throws "${real.message}", and "${loaderMessage}" was predicted`
  return undefined
}
