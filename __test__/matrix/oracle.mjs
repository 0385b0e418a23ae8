// npm run oracle [-- --group small|full --nodes small|full|edges|old|all --files linux-x64|all --by
// version|execPath --only TEXT --fresh --real]
// Compares abi-guard's verdict on every addon of the corpus for every Node.js of the matrix with
// the result in that Node.js. --by version passes "node@version" instead of the executable, so that
// abi-guard can't read the exported functions; --only selects files whose package or path contains
// TEXT; --fresh ignores earlier real loads; --real shows only the results of the runtimes.
import { openSync, readSync, closeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { inCache, readJson, shortHash, writeWhole } from '../../scripts/support/cache.mjs'
import { contentHash } from '../support/content.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { listFiles } from '../../scripts/support/corpus/index.mjs'
import { ownDeath, ownError, rules } from './evidence.mjs'
import { listNodes } from '../../scripts/support/matrix/index.mjs'
import { Memory } from './load.mjs'
import { report, reportReal } from './report.mjs'

const { values: options } = parseArgs({
  options: {
    group: { type: 'string', default: 'full' },
    nodes: { type: 'string', default: 'full' },
    files: { type: 'string', default: 'linux-x64' },
    by: { type: 'string', default: 'execPath' },
    only: { type: 'string', default: '' },
    fresh: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
  },
})

/**
 * True if a file is for linux-x64 by its name or by its header. Names may be wrong, and both kinds
 * must be judged.
 */
function forThisMachine({ file, statedPlatform, statedArch }) {
  if (statedPlatform === 'linux' && statedArch === 'x64') return true
  const header = Buffer.alloc(20)
  const descriptor = openSync(file, 'r')
  readSync(descriptor, header, 0, 20, 0)
  closeSync(descriptor)
  return (
    header.toString('latin1', 0, 4) === '\x7fELF' &&
    header[4] === 2 &&
    header.readUInt16LE(18) === 62
  )
}

async function loadAll(files, nodes) {
  const pairs = []
  for (const node of nodes) {
    const memory = new Memory(node.version, options)
    const start = Date.now()
    const found = await pool(files, 4, async (about) => {
      const real = await memory.load(node.execPath, about.file, {
        place: about.root,
        relative: `${about.package} ${about.relative}`,
      })
      return { about, node, real }
    })
    memory.save()
    pairs.push(...found)
    const seconds = Math.round((Date.now() - start) / 1000)
    if (seconds > 2)
      console.error(`  Node.js ${node.version}: ${found.length} real loads in ${seconds} s`)
  }
  return pairs
}

/**
 * Adds `own`, the evidence that the loader had finished, if there is any. Evidence of earlier runs
 * is cached.
 */
async function addEvidence(pairs) {
  const file = inCache('evidence.json')
  const known = options.fresh ? {} : readJson(file, {})
  const deaths = pairs.filter(
    ({ real, predicted }) => real.outcome === 'crashes' && predicted?.outcome !== 'crashes',
  )
  let fresh = 0
  await pool(deaths, 2, async (pair) => {
    const { about, node, real } = pair
    const key = shortHash(
      [
        contentHash(about.file),
        about.relative,
        node.version,
        real.signal,
        real.exitCode,
        rules,
      ].join(' '),
    )
    if (!Object.hasOwn(known, key)) {
      known[key] =
        (await ownDeath(node.execPath, about.file, real))?.replaceAll(about.file, '<file>') ?? null
      if (++fresh % 20 === 0) writeWhole(file, JSON.stringify(known))
    }
    pair.own = known[key]
  })
  if (fresh > 0) writeWhole(file, JSON.stringify(known))
  for (const pair of pairs) pair.own ??= ownError(pair.real)
}

async function predict(pairs) {
  const { default: abiGuard } = await import('../../index.js')
  for (const pair of pairs) {
    const target =
      options.by === 'execPath' ? { execPath: pair.node.execPath } : `node@${pair.node.version}`
    try {
      pair.predicted = abiGuard.checkAbi(pair.about.file, { target })
    } catch (error) {
      // An exception instead of a report is a mistake of abi-guard, and counts as a disagreement.
      pair.predicted = {
        outcome: `exception ${error.code ?? error.message}`,
        loaderMessage: null,
        problems: [],
      }
    }
  }
}

const nodes = listNodes(options.nodes)
const files = listFiles(options.group)
  .filter((about) => `${about.package}@${about.version} ${about.relative}`.includes(options.only))
  .filter((about) => options.files === 'all' || forThisMachine(about))
console.error(`oracle: ${files.length} files × ${nodes.length} Node.js executables`)
const pairs = await loadAll(files, nodes)
if (!options.real) await predict(pairs)
await addEvidence(pairs)
const { text, json, ok } = (options.real ? reportReal : report)(pairs)
const output = inCache(options.real ? 'oracle-real.json' : 'oracle.json')
writeWhole(output, JSON.stringify(json, null, 1))
console.log(text)
console.log(`\nEvery pair: ${output}`)
process.exitCode = ok ? 0 : 1
