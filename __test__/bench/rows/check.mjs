// Checks of single files, beside programs that look up the same libraries and functions: `ldd -r`
// runs the real loader, and LIEF parses the file for Python. A large addon is compared with nm.
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../../../scripts/support/cache.mjs'
import { listFiles } from '../../../scripts/support/corpus/index.mjs'
import { install } from '../../../scripts/support/corpus/install.mjs'
import { environment, runChild, timeProcess } from '../processes.mjs'
import { atLeast } from '../table.mjs'
import { lief, tryInstall } from '../tools.mjs'

const COUNT = 200
const require = createRequire(import.meta.url)
const script = fileURLToPath(new URL('../children/read-with-lief.py', import.meta.url))

export async function check(guard, table) {
  await install('full', { log: console.error })
  await install('bench', { log: console.error })
  const files = addonsForThis(guard)
  const scratch = temporaryFolder()
  const list = join(scratch, 'files.json')
  try {
    writeFileSync(list, JSON.stringify(files))
    const { complete } = runChild('check.cjs', [guard, list])
    table.group(`Check of ${files.length} addons, ${complete} of them judged completely`)
    const row = {
      what: 'checkAbi, in a fresh Node.js',
      measure: () => runChild('check.cjs', [guard, list]).milliseconds,
      as: 'timesFaster',
    }
    await besideLief(row, list, table)
    table.row({
      ...row,
      beside: 'ldd -r, one process each',
      other: () => timeLdd(files),
      target: atLeast(30),
    })
    largeAddon(guard, list, table)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The first addons of the corpus that the loader of this system accepts. */
function addonsForThis(guard) {
  const { checkAbi } = require(guard)
  const isForThis = ({ file }) => {
    const { binary } = checkAbi(file)
    return binary?.platform === 'linux' && binary.arch === process.arch && binary.libc === 'glibc'
  }
  const files = listFiles('full').filter(isForThis).slice(0, COUNT)
  if (files.length < COUNT) throw new Error(`the corpus has only ${files.length} such addons`)
  return files.map(({ file }) => file)
}

/** The status isn't asked: `ldd -r` fails for files that need a function of Node.js. */
function timeLdd(files) {
  const start = performance.now()
  for (const file of files) {
    const { error } = spawnSync('ldd', ['-r', file], { stdio: 'ignore', env: environment })
    if (error) throw error
  }
  return performance.now() - start
}

async function besideLief(row, list, table) {
  const beside = 'LIEF, libraries and imports'
  const { place, reason } = await tryInstall(lief)
  if (!place) return table.notMeasured({ ...row, beside }, reason)
  const env = { ...environment, PYTHONPATH: place }
  const other = () => Number(execFileSync('python3', [script, list], { env, encoding: 'utf8' }))
  return table.row({ ...row, beside, other, target: atLeast(12) })
}

function largeAddon(guard, list, table) {
  const [{ file }] = listFiles('bench')
  writeFileSync(list, JSON.stringify([file]))
  table.row({
    what: `checkAbi of an addon of ${Math.round(statSync(file).size / 1e6)} MB`,
    measure: () => runChild('check.cjs', [guard, list]).milliseconds,
    beside: 'nm -D, whole process',
    other: () => timeProcess('nm', ['-D', file]),
  })
}
