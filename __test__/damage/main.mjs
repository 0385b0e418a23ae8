// npm run damage [-- COUNT --seed N --libc glibc|musl --show KIND --only TEXT --json FILE]
// Makes COUNT copies (60 by default) of each addon, and damages one field of the headers or tables
// in each copy. Then it loads every copy in a separate process, and compares the result with
// abi-guard's verdict. --show misses|undetermined|all lists pairs; --only selects addons whose path
// contains TEXT.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import abiGuard from '../../index.js'
import { listFiles } from '../../scripts/support/corpus/index.mjs'
import { install } from '../../scripts/support/corpus/install.mjs'
import { compile } from '../fixtures/compile.mjs'
import { hosts } from '../../scripts/support/matrix/libcs-install.mjs'
import { load } from '../matrix/load.mjs'
import { describe, ending, failures, figures, saying, trial } from './trial.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    libc: { type: 'string', default: 'glibc' },
    show: { type: 'string', default: 'misses' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
})
const count = Number(positionals[0] ?? 60)

const runtimes = {
  glibc: () => ({ execPath: process.execPath, named: `node@${process.versions.node}` }),
  async musl() {
    const [{ execPath, prefix, version }] = await hosts(['musl'])
    return {
      execPath,
      prefix,
      named: { platform: 'linux', arch: 'x64', libc: 'musl', version, runtime: 'node' },
    }
  },
}

/**
 * Valid addons that this runtime loads: one of each package in the corpus, and small compiled ones.
 */
async function addons(host) {
  await install('small', { log: console.error })
  const own = [
    await compile('by_symbol', { NAPISYM: true, GETV: 8 }),
    await compile(
      'by_constructor',
      { CTOR: process.versions.modules, CTX: true },
      { flags: ['-Wl,-z,now'] },
    ),
  ]
  const found = []
  const seen = new Set()
  for (const about of listFiles('small')) {
    const { package: name, file } = about
    if (seen.has(name)) continue
    const { binary } = abiGuard.checkAbi(file)
    if (
      binary?.format !== 'elf' ||
      binary.platform !== 'linux' ||
      binary.arch !== 'x64' ||
      binary.size > 4e6
    )
      continue
    const real = await load(host.execPath, file, { prefix: host.prefix ?? [] })
    if (ending(real) !== 'loads') continue
    seen.add(name)
    found.push(file)
  }
  return [...own, ...found].filter((file) => file.includes(options.only))
}

const host = await runtimes[options.libc]()
const files = await addons(host)
console.error(`damage: ${files.length} addons × ${count}, seed ${options.seed}, ${options.libc}`)
const pairs = await trial({ abiGuard, addons: files, host, seed: Number(options.seed), count })

const isMiss = ({ real, said }) => ending(real) === 'dies' && saying(said) === 'loads'
const shown = {
  misses: isMiss,
  undetermined: ({ real, said }) => ending(real) === 'dies' && saying(said) === 'undetermined',
  all: () => true,
}
for (const pair of pairs.filter(shown[options.show] ?? (() => false))) console.log(describe(pair))
let ok = true
for (const [key, title] of [
  ['said', 'with the executable at hand'],
  ['byName', 'for a target that is only named'],
]) {
  console.log(`\n${title}:`)
  console.table(figures(pairs, key))
  const found = failures(pairs, key)
  for (const line of found) console.log(`FAILED ${line}`)
  ok &&= found.length === 0
}
if (options.json) writeFileSync(options.json, JSON.stringify(pairs, null, 1))
process.exitCode = ok ? 0 : 1
