// npm run bench:linking: checks that look up every library and function, compared with tools that
// do the same for one file: `ldd -r` runs the real loader, LIEF parses the file for Python. All use
// the same 200 addons of the corpus.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listFiles } from '../../scripts/support/corpus/index.mjs'
import { install } from '../../scripts/support/corpus/install.mjs'
import { inCache, once, shortHash, temporaryFolder } from '../../scripts/support/cache.mjs'
import { hasPip, unpackWheel } from '../../scripts/support/wheels.mjs'
import { releasePackage } from './release.mjs'

const COUNT = 200
const LIEF = {
  package: 'lief==0.16.6',
  platform: 'manylinux_2_28_x86_64',
  sha256: '5ccbc90ebdda7e417ccac268eb3976bfb0078786fa63a634e57e8c3b3efca179',
}

const folder = releasePackage()
const guard = (await import(join(folder, 'index.js'))).default
await install('full', { log: console.error })
const isForThis = ({ file }) => {
  const { binary } = guard.checkAbi(file)
  return binary?.platform === 'linux' && binary.arch === process.arch && binary.libc === 'glibc'
}
const files = listFiles('full')
  .filter(isForThis)
  .slice(0, COUNT)
  .map(({ file }) => file)

/**
 * The median of the milliseconds that a call of `run` takes. The first call isn't counted, because
 * it fills the disk cache.
 */
function times(run, runs = 5) {
  const list = []
  for (let index = 0; index <= runs; index++) {
    const start = performance.now()
    run()
    if (index > 0) list.push(performance.now() - start)
  }
  return list.sort((a, b) => a - b)[list.length >> 1]
}

/** The script runs in a separate Node.js process, so that no result is cached. */
const script = `const guard = require(${JSON.stringify(folder)}); const files = ${JSON.stringify(files)}
  const start = process.hrtime.bigint(); let complete = 0
  for (const file of files) if (guard.checkAbi(file).complete) complete++
  console.log(JSON.stringify([Number(process.hrtime.bigint() - start) / 1e6, complete]))`
const cold = Array.from({ length: 5 }, () =>
  JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })),
)
const [coldTime, complete] = cold.sort(([a], [b]) => a - b)[2]
const warm = times(() => {
  for (const file of files) guard.checkAbi(file)
})
const ldd = times(() => {
  for (const file of files) spawnSync('ldd', ['-r', file], { stdio: 'ignore' })
}, 2)

/**
 * The median of the milliseconds that LIEF needs to read the needed libraries and the imports of
 * all files. The start of Python isn't counted.
 */
async function lief() {
  const home = inCache('bench', `lief-${shortHash(JSON.stringify(LIEF)).slice(0, 8)}`)
  if (!existsSync(home)) {
    const work = temporaryFolder()
    try {
      await once(home, (place) => unpackWheel(LIEF, work, place))
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  }
  const scratch = temporaryFolder()
  const list = join(scratch, 'files.txt')
  writeFileSync(list, files.join('\n'))
  const code = `import sys, time, lief
files = open(sys.argv[1]).read().split('\\n')
start = time.perf_counter()
for file in files:
    binary = lief.parse(file)
    [str(name) for name in binary.libraries]
    [symbol.name for symbol in binary.imported_symbols]
print((time.perf_counter() - start) * 1000)`
  const env = { ...process.env, PYTHONPATH: home }
  const found = Array.from({ length: 3 }, () =>
    Number(execFileSync('python3', ['-c', code, list], { env, encoding: 'utf8' })),
  )
  rmSync(scratch, { recursive: true, force: true })
  return found.sort((a, b) => a - b)[1]
}

const line = (name, value) => console.log(`  ${name.padEnd(60)} ${value.toFixed(1).padStart(9)} ms`)
console.log(
  `${files.length} addons for linux-${process.arch}, ${complete} of them judged with nothing left open`,
)
line('checkAbi, in a fresh Node', coldTime)
line('checkAbi, again', warm)
line('ldd -r, one process each', ldd)
console.log(`  ldd -r / checkAbi in a fresh Node: ${(ldd / coldTime).toFixed(1)} x`)
if (hasPip()) {
  const time = await lief()
  line('LIEF, libraries and imports only', time)
  console.log(`  LIEF / checkAbi in a fresh Node: ${(time / coldTime).toFixed(1)} x`)
}
