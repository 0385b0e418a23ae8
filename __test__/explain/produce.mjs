// npm run explain [-- WORD…]: produces errors in real runtimes, packages, bundlers and package
// managers, and explains them. With words, it produces only those whose names have one of the
// words.
import { install } from '../../scripts/support/matrix/install.mjs'
import { addons } from './addons.mjs'
import { differences, fail, mayMount } from './real.mjs'
import { differencesOf, trees } from './trees.mjs'

const words = process.argv.slice(2)
const wanted = ({ name }) => words.length === 0 || words.some((word) => name.includes(word))

for (const group of ['small', 'full', 'old']) await install(group, { log() {} })
const mounts = mayMount()
const counts = { ok: 0, wrong: 0, skipped: 0 }

async function report(name, look) {
  const wrong = await look().catch((error) => [String(error.stack)])
  counts[wrong.length > 0 ? 'wrong' : 'ok'] += 1
  console.log(`${wrong.length > 0 ? 'WRONG' : 'ok   '} ${name}`)
  for (const line of wrong) console.log(`      ${line}`)
}

for (const production of addons.filter(wanted)) {
  if (production.noexec && !mounts) {
    counts.skipped += 1
    console.log(`-     ${production.name}: only root may mount a file system`)
  } else {
    await report(production.name, async () => differences(production, await fail(production)))
  }
}
for (const production of trees.filter(wanted))
  await report(production.name, () => differencesOf(production))
console.log(`\n${counts.ok} as expected, ${counts.wrong} wrong, ${counts.skipped} skipped`)
process.exitCode = counts.wrong > 0 ? 1 : 0
