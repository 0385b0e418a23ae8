// npm run fuzz [-- minutes] [--seed n]: damages files of every kind that abi-guard reads, for this
// time (by default one minute), and reports panics and readings that were slow or took much memory.
// With `--inputs n`, it reads a fixed number of inputs instead, which are the same in every run.
// With `--crafted`, it reads the inputs that were created by hand to be expensive.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './setup.mjs'

const crate = join(root, '__test__', 'fuzz')
const words = process.argv.slice(2)
const option = (name, usual) => (words.includes(name) ? words[words.indexOf(name) + 1] : usual)

/** The folder is hidden, so that a scan of this checkout doesn't find its packages. */
const seeds = join(crate, '.seeds')

/** The number of inputs of one call, which is large compared with the time of its start. */
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
 * These files are written and read thousands of times per second, so they are kept in memory if the
 * system has a folder for that.
 */
const env = existsSync('/dev/shm') ? { ...process.env, TMPDIR: '/dev/shm' } : process.env

/** Runs two processes at the same time. Each has half of the inputs and its own seed number. */
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
