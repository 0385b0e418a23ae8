// The test files, and those of which `npm test` skips a part. It imports only modules of Node.js,
// because scripts/t.mjs also needs it for a test of Rust, for which nothing is installed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, '__test__')
const lane = join(root, 'scripts', 'support', 'lane.mjs')

/** Every test file, as a path below the checkout. */
export const testFiles = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => join('__test__', name))

/** The exports of scripts/support/lane.mjs that differ between the fast and the full lane. */
export const differing = ['fullLane', 'isFast', 'runtimes']

/**
 * The test files that do more in the full lane than in the fast one: they, or a file of the test
 * folder that they import, use these exports. All other files run completely in the fast lane.
 */
export const filesWithMore = testFiles.filter((file) => asks(join(root, file)))

function asks(file, seen = new Set()) {
  if (seen.has(file)) return false
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  return importsOf(file, text).some((path) =>
    path === lane
      ? differing.some((name) => new RegExp(`\\b${name}\\b`).test(text))
      : !relative(folder, path).startsWith('..') && asks(path, seen),
  )
}

const managers = join(folder, 'layouts', 'managers.mjs')

/**
 * The test files that run package managers, which share one home folder. Not every manager's cache
 * stands two processes that fill it at once, so these files never run beside each other.
 */
export const filesWithManagers = testFiles.filter((file) => reaches(join(root, file), managers))

function reaches(file, target, seen = new Set()) {
  if (file === target) return true
  if (seen.has(file)) return false
  seen.add(file)
  const paths = importsOf(file, readFileSync(file, 'utf8'))
  const own = paths.filter((path) => !relative(folder, path).startsWith('..'))
  return own.some((path) => reaches(path, target, seen))
}

/**
 * The files that a module imports by a relative path, including dynamic imports. For a path with
 * `${…}`, these are all files that it may mean.
 */
function importsOf(file, text) {
  const paths = [...text.matchAll(/\b(?:from|import)\s*\(?\s*(['"`])(\.[^'"`]*)\1/g)]
  return paths.flatMap(([, , path]) => {
    const [before, after] = path.split(/\$\{.*\}/)
    const found = resolve(dirname(file), before)
    if (after === undefined) return existsSync(found) ? [found] : []
    const around = before.endsWith('/') ? found : dirname(found)
    const names = existsSync(around) ? readdirSync(around) : []
    return names.filter((name) => name.endsWith(after)).map((name) => join(around, name))
  })
}

/** The rooms of the Rust crate: its top-level modules. */
export const rooms = readdirSync(join(root, 'src'))
  .map((name) => name.replace(/\.rs$/, ''))
  .filter((name) => name !== 'lib')

/** The name that needs the fewest changes of letters to become `word`. */
export function nearest(word, names) {
  return names
    .map((name) => ({ name, changes: changes(word, name) }))
    .toSorted((a, b) => a.changes - b.changes)[0].name
}

/**
 * The number of letters to add, remove or replace that turn one word into the other (Levenshtein).
 */
function changes(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1]
    for (const [index, other] of [...b].entries())
      next.push(
        Math.min(next[index] + 1, row[index + 1] + 1, row[index] + (letter === other ? 0 : 1)),
      )
    row = next
  }
  return row.at(-1)
}
