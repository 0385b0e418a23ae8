// npm run t -- cli verdict: runs the test files and the rooms of src/ with these names, in the fast
// lane (--full: in the full lane). A room needs neither `npm install` nor the addon. Other options
// are passed to node:test, for instance --test-name-pattern.
import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest, rooms, testFiles } from './lanes.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = new Map(testFiles.map((file) => [basename(file, '.test.mjs'), file]))

/**
 * Converts other forms that users type to `cli`: `cli.test.mjs`, `__test__/cli.test.mjs`,
 * `src/verdict`.
 */
const nameOf = (word) => word.replace(/^.*\//, '').replace(/(\.test)?\.mjs$|\.rs$/, '')

const given = process.argv.slice(2)
const words = given.filter((word) => !word.startsWith('-')).map(nameOf)
const options = given.filter((word) => word.startsWith('-') && word !== '--full')
const isFull = given.includes('--full')

/** The room of a word; `remedy::explain` is in `remedy`. */
const roomOf = (word) => rooms.find((room) => room === word.split('::')[0])

const unknown = words.filter((word) => !files.has(word) && !roomOf(word))
if (words.length === 0 || unknown.length > 0) {
  for (const word of unknown) {
    const name = nearest(word, [...files.keys(), ...rooms])
    console.error(`No test file and no room is called "${word}"; did you mean "${name}"?`)
  }
  console.error(`Test files: ${[...files.keys()].join(', ')}`)
  console.error(`Rooms of src/: ${rooms.join(', ')}`)
  process.exit(2)
}

const wantedRooms = words.filter(roomOf)
const wantedFiles = words.filter((word) => files.has(word)).map((word) => files.get(word))
const codes = []
if (wantedRooms.length > 0)
  codes.push(run('cargo', ['test', '--lib', '--', ...wantedRooms.map((room) => `${room}::`)]))
if (wantedFiles.length > 0) {
  const { setupOrExit } = await import('./setup.mjs')
  setupOrExit()
  // Tests of the guard run the generated file.
  codes.push(run(process.execPath, ['scripts/bundle.mjs']))
  const env = { ...process.env }
  if (!isFull) env.ABI_GUARD_TEST = 'fast'
  else if (env.ABI_GUARD_TEST === 'fast') delete env.ABI_GUARD_TEST
  codes.push(
    run(process.execPath, ['--test', '--test-reporter=spec', ...options, ...wantedFiles], env),
  )
}
process.exitCode = codes.find((code) => code !== 0) ?? 0

/** Runs a program in the checkout with the same output; returns its exit code. */
function run(program, args, env = process.env) {
  const { status, error } = spawnSync(program, args, { cwd: root, env, stdio: 'inherit' })
  if (error) console.error(`${program} can't be started: ${error.message}`)
  return status ?? 1
}
