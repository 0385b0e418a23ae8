// npm run oracle:others: compares the verdicts for Bun and Deno with real loads of the corpus'
// files for linux-x64.
import abiGuard from '../../index.js'
import { listFiles } from '../../scripts/support/corpus/index.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { load } from './load.mjs'
import { executable, runtimes } from '../../scripts/support/matrix/others-install.mjs'
import { report } from './report.mjs'

const isForThis = ({ file }) => {
  const { binary } = abiGuard.checkAbi(file)
  return binary?.format === 'elf' && binary.platform === 'linux' && binary.arch === 'x64'
}

const files = listFiles(process.argv[2] ?? 'small').filter(isForThis)
const pairs = []
for (const runtime of runtimes) {
  const execPath = await executable(runtime)
  await pool(files, 2, async (about) => {
    const real = await load(execPath, about.file, { flags: runtime.flags })
    const predicted = abiGuard.checkAbi(about.file, { target: { execPath } })
    pairs.push({ about, node: { version: runtime.package, execPath }, real, predicted })
  })
}
const { text, ok } = report(pairs)
console.log(text.replace('| Node.js |', '| runtime |'))
process.exitCode = ok ? 0 : 1
