// npm run images [-- name… --group GROUP --system SYSTEM --json FILE]
// Checks images of containers and compares the reports with real loads: each image is a
// distribution with its Node.js, an app with real packages, and layers that remove, replace and
// move some of them. It is checked without being unpacked; then it is unpacked, and each package is
// required in it, with the image's root as `/` (arm64: in an emulator).
import { parseArgs } from 'node:util'
import { writeWhole } from '../../scripts/support/cache.mjs'
import { groupOf } from '../trace/groups.mjs'
import { install } from '../trace/install.mjs'
import { compareIn } from './run.mjs'
import { names, systemOf } from './systems.mjs'

/** How the answer of a comparison with a scan inside of an image is printed. */
const comparisons = { true: 'says the same', false: 'DIFFERS', null: 'is not possible' }

const shown = ({ about, real, row, verdict, reason }) =>
  [
    `${verdict} ${about.name}@${about.version}:`,
    `opens ${real.file ?? 'nothing'} (${real.outcome ?? real.thrown?.message.split('\n')[0] ?? real.ended})`,
    `report ${row?.active?.file ?? 'nothing'} (${row?.active?.outcome ?? (row?.ok ? 'ok' : 'not ok')})`,
    ...(reason ? [reason] : []),
  ].join('; ')

async function main() {
  const { values: options, positionals: words } = parseArgs({
    allowPositionals: true,
    options: {
      group: { type: 'string', multiple: true, default: ['small', 'current', 'more', 'extra'] },
      system: { type: 'string', multiple: true, default: names },
      json: { type: 'string' },
    },
  })
  const { default: abiGuard } = await import('../../index.js')
  const isWanted = ({ name }) => words.length === 0 || words.some((word) => name.includes(word))
  await install(options.group, { log: console.error })
  const all = []
  let isSame = true
  for (const name of options.system) {
    const system = await systemOf(name)
    for (const group of options.group.map(groupOf)) {
      const { cells, changes, seconds, same, sameSaved } = await compareIn(
        system,
        group,
        isWanted,
        abiGuard.checkArtifact,
      )
      const of = (verdict) => cells.filter((cell) => cell.verdict === verdict)
      const failed = of('ok').filter(({ real }) => real.outcome !== 'loads').length
      console.log(
        `${name}, ${group.name}: ${of('ok').length} ok (${failed} of these don't load), ` +
          `${of('differs').length} differ, ${of('not run').length} not run; checked in ` +
          `${seconds.toFixed(1)} s; removed ${changes.removed}, replaced ${changes.replaced}, ` +
          `moved ${changes.moved}; a scan inside ${comparisons[same]}; ` +
          `the image by docker save ${comparisons[sameSaved]}`,
      )
      for (const cell of [...of('differs'), ...of('not run')]) console.log(`  ${shown(cell)}`)
      isSame &&= same !== false && sameSaved
      all.push(...cells.map((cell) => ({ system: name, group: group.name, ...cell })))
    }
  }
  if (options.json) writeWhole(options.json, JSON.stringify(all, null, 1))
  const of = (verdict) => all.filter((cell) => cell.verdict === verdict).length
  console.log(
    `${all.length} loads: ${of('ok')} ok, ${of('differs')} differ, ${of('not run')} not run`,
  )
  process.exitCode = of('ok') > 0 && of('differs') === 0 && isSame ? 0 : 1
}

await main()
