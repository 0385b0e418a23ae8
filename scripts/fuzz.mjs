// npm run fuzz [-- minutes] [--seed n]: damages files of every kind that abi-guard reads, for so
// long (one minute unless told), and says what was slow, large or a panic. `--inputs n` makes it a
// fixed number of inputs instead: the same ones in every run. `--crafted` instead reads the inputs
// that were made by hand to cost much.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './setup.mjs'

const crate = join(root, '__test__', 'fuzz')
const words = process.argv.slice(2)
const option = (name, usual) => (words.includes(name) ? words[words.indexOf(name) + 1] : usual)

/** Hidden, so that a scan of this checkout does not take them for packages of its own. */
const seeds = join(crate, '.seeds')

/** Inputs of one call: enough that starting it costs nothing. */
const INPUTS = 50_000

const build = spawnSync('cargo', ['build', '--release', '--quiet'], {
  cwd: crate,
  stdio: 'inherit',
})
if (build.status !== 0) process.exit(build.status ?? 1)

const program = join(crate, 'target', 'release', 'abi-guard-fuzz')
if (words.includes('--crafted')) {
  const { status } = spawnSync(program, ['crafted'], { stdio: 'inherit' })
  process.exit(status ?? 1)
}
const findings = mkdtempSync(join(tmpdir(), 'abi-guard-findings-'))

/**
 * Files that are written and read thousands of times a second belong into memory, where the system
 * has such a folder.
 */
const env = existsSync('/dev/shm') ? { ...process.env, TMPDIR: '/dev/shm' } : process.env

/** Two at once, each with half of the inputs and a seed number of its own. */
async function run(inputs, seed) {
  const halves = [inputs - Math.floor(inputs / 2), Math.floor(inputs / 2)]
  const ends = halves.map((half, at) => {
    const args = ['steady', seeds, '--inputs', String(half), '--seed', String(2 * seed + at)]
    const child = spawn(program, [...args, '--findings', findings], { stdio: 'inherit', env })
    return new Promise((resolve) => child.on('close', (code) => resolve(code === 0)))
  })
  return (await Promise.all(ends)).every(Boolean)
}

const first = Number(option('--seed', 1))
const inputs = option('--inputs')
let isFine = true
if (inputs !== undefined) {
  isFine = await run(Number(inputs), first)
} else {
  const minutes = Number(words.find((word) => /^[\d.]+$/.test(word)) ?? 1)
  const end = Date.now() + minutes * 60_000
  let seed = first
  for (; Date.now() < end; seed++) isFine = (await run(INPUTS, seed)) && isFine
  console.log(`${(seed - first) * INPUTS} inputs, seeds ${first} to ${seed - 1}`)
}
if (readdirSync(findings).length > 0) console.log(`findings are kept in ${findings}`)
process.exitCode = isFine ? 0 : 1
