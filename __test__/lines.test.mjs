// Lines have at most 100 columns. The formatters wrap code, but not comments and strings.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const LONGEST = 100

/** A URL or a regular expression, which can't be wrapped. */
const isWhole = (line) => /https?:/.test(line) || /^\s*\/.*\/[a-z]*,?$/.test(line)

// Error texts in tests are unchanged copies, and generated files have no formatter.
const isOurs = (file) =>
  /\.rs$/.test(file) ||
  (/\.(c|m)?[jt]s$/.test(file) && !/^__test__|^binding\.d\.ts|\.generated\./.test(file))

test('no line has more than 100 columns', (t) => {
  let files
  try {
    files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
  } catch {
    return t.skip('not a checkout')
  }
  const long = files.filter(isOurs).flatMap((file) =>
    readFileSync(`${root}${file}`, 'utf8')
      .split('\n')
      .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
      .filter(({ line }) => [...line].length > LONGEST && !isWhole(line)),
  )
  assert.deepEqual(long, [])
})
