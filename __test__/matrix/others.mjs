// npm run oracle:others: the verdicts for Bun and Deno against what real ones do with the corpus' files for linux-x64.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import abiGuard from '../../index.js'
import { listFiles } from '../corpus/index.mjs'
import { inCache, once, temporaryFolder } from '../support/cache.mjs'
import { pool } from '../support/pool.mjs'
import { download, unpack } from '../support/registry.mjs'
import { load } from './load.mjs'
import { report } from './report.mjs'

const runtimes = JSON.parse(readFileSync(new URL('./others.json', import.meta.url), 'utf8'))

/** The path of a runtime's executable, downloaded once. */
async function executable({ package: spec, file, integrity }) {
  const home = inCache('matrix', spec.replaceAll('/', '+'))
  const work = temporaryFolder()
  try {
    await once(home, async (folder) => {
      const [{ tarball }] = await download([{ package: spec, integrity }], work)
      await unpack(tarball, folder, file)
    })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return join(home, file)
}

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
