// node __test__/guard-index/steps.mjs [--steps=N] [--seed=N]
// Changes projects at random. After each change, the guard with its index must say the same as the
// guard without one. Prints how often the index was used, because a test in which it never is
// would prove nothing.
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compile } from '../fixtures/compile.mjs'
import { Asker } from './asker.mjs'
import { Tree } from './tree.mjs'

const script = fileURLToPath(new URL('ask.cjs', import.meta.url))
const home = fileURLToPath(new URL('../..', import.meta.url))

/** Numbers from 0 to 1, the same for each seed (mulberry32). */
export function randomOf(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export async function addons() {
  const [good, bad, lib] = await Promise.all([
    compile('good', { NAPISYM: true }),
    compile('bad', { CTOR: 93, NO_EXPORTS: true }),
    compile('needing', { NAPISYM: true }, { library: { NO_EXPORTS: true } }),
  ])
  return { good, bad, lib, library: lib.replace(/needing\.node$/, 'libneeding.so') }
}

const start = (env) =>
  spawn(process.execPath, [script, home], { env, stdio: ['pipe', 'pipe', 'inherit'] })

/**
 * @returns {Promise<{ steps: number, known: number, differences: string[] }>} `known`: the answers
 *   that came from an index
 */
export async function run(steps, seed) {
  const random = randomOf(seed)
  const files = await addons()
  const result = { steps: 0, known: 0, changed: 0, differences: [] }
  for (const layout of ['npm', 'pnpm', 'yarn']) {
    const asker = new Asker(start)
    const tree = new Tree(layout, random, files)
    const history = []
    let before
    try {
      for (let step = 0; step < steps / 3; step++) {
        history.push(tree.change())
        if (random() < 0.2) history.push(tree.change())
        const first = await asker.ask(tree, true)
        const without = await asker.ask(tree, false)
        // What has just changed isn't put into an index.
        if (random() < 0.6) await sleep(25)
        const second = await asker.ask(tree, true)
        const third = await asker.ask(tree, true)
        for (const one of [first, second, third]) {
          result.known += one.isKnown
          if (one.text !== without.text)
            result.differences.push(difference(layout, history, one, without))
        }
        result.changed += without.text !== before
        before = without.text
        result.steps++
      }
    } finally {
      asker.stop()
      tree.remove()
    }
  }
  return result
}

function difference(layout, history, one, without) {
  const at = [...one.text].findIndex((character, index) => character !== without.text[index])
  const around = ({ text }) => text.slice(Math.max(0, at - 200), at + 200)
  const last = history.slice(-12).join('\n  ')
  const source = one.isKnown ? 'index' : 'scan'
  return `${layout}, ${source}:\n  ${last}\n- ${around(one)}\n+ ${around(without)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const value = (name, usual) =>
    Number(process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1] ?? usual)
  const seed = value('seed', 1)
  const start = process.hrtime.bigint()
  const { steps, known, changed, differences } = await run(value('steps', 10_000), seed)
  const seconds = Number((process.hrtime.bigint() - start) / 1_000_000n) / 1000
  for (const one of differences.slice(0, 3)) console.log(`${one}\n`)
  console.log(
    `seed ${seed}: ${steps} steps, of which ${changed} changed the report; ${known} of ` +
      `${3 * steps} answers from the index; ${differences.length} differences; ${seconds.toFixed(0)} s`,
  )
  process.exitCode = differences.length === 0 ? 0 : 1
}
