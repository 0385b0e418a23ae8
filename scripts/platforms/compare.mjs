// What a platform's run gave, held against what is expected.

/** Where two values first differ, in words; nothing when they don't. */
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

/** What spellings.cjs has to find, however the folder is called. */
const wantedOfName = {
  scan: [['native', 'loads']],
  package: 'loads',
  file: 'loads',
  passed: true,
  stays: true,
}

/** A value for a line: of long texts the part where they differ. */
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
 * What is wrong with what a process said of itself, and of addons that it then really loaded.
 * @param {{ facts: object, resolved: object, names: object[], loads: object[] }} own of
 *   exercise.cjs
 * @param {{ runtime?: string, version: string, libc: string | null, libcVersion: string | null }}
 *   is what the runtime is
 * @param {import('./table.mjs').Platform} one
 * @returns {string | undefined} the first thing, in words
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

/** Texts that are known to be predicted wrongly, though the outcome is right; each is to go away. */
const pending = {
  // A loader that was taken out of its system looks for libc.so in other folders of this one than
  // is predicted.
  'glibc 2.31': /musl\.node$/,
  // glibc for hard floats takes a file for soft ones for none at all, before it looks for the
  // libraries which that needs.
  'linux-arm-gnueabihf': /^@napi-rs\/nice-android-arm-eabi@/,
}

function wrongLoad({ name, outcome, loaderMessage, real }, one, is) {
  if (!real) return undefined
  if (real.outcome !== outcome)
    return `it ${real.outcome} ("${real.message}"), and it was said that it ${outcome}`
  // Windows' texts are those of its language and release.
  const isPending = [one.name, `${is.libc} ${is.libcVersion}`].some((key) =>
    pending[key]?.test(name),
  )
  const isWord = loaderMessage !== null && one.os !== 'win32' && !isPending
  if (isWord && loaderMessage !== real.message)
    return `it throws "${real.message}", and "${loaderMessage}" was predicted`
  return undefined
}
