// npm run oracle:libcs [-- small|full|linking --libc musl|glibc --by execPath|libc --only TEXT
// --fresh --json FILE]
// Compares abi-guard's verdicts for other libcs than this computer's (musl, an older and a newer
// glibc) with the results of a Node.js on them. linking: the small addons of
// __test__/fixtures/linking/. --by libc passes the glibc version, so that abi-guard doesn't search
// around the executable. --only selects files whose package or path contains TEXT; --fresh ignores
// earlier real loads; --json writes all pairs to a file.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import abiGuard from '../../index.js'
import { build } from '../fixtures/linking/build.mjs'
import { environment, judge } from '../fixtures/linking/judge.mjs'
import { tables } from '../fixtures/linking/rows.mjs'
import { listFiles } from '../../scripts/support/corpus/index.mjs'
import { install } from '../../scripts/support/corpus/install.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { ownError } from './evidence.mjs'
import { hosts } from '../../scripts/support/matrix/libcs-install.mjs'
import { Memory, load } from './load.mjs'
import { report } from './report.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    libc: { type: 'string' },
    by: { type: 'string', default: 'execPath' },
    only: { type: 'string', default: '' },
    fresh: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const [group = 'small'] = positionals

/**
 * All files for linux-x64, and one file of each package for each other system and processor: a
 * loader may also get those.
 */
function chosen(files) {
  const seen = new Set()
  return files.filter(({ file, package: name }) => {
    const { binary } = abiGuard.checkAbi(file)
    const system = `${binary?.format} ${binary?.platform} ${binary?.arch}`
    if (system === 'elf linux x64') return true
    const key = `${name} ${system}`
    return !seen.has(key) && seen.add(key)
  })
}

/**
 * The rows of the linking tables in the form of files of the corpus, with their environment
 * variables.
 */
async function linking() {
  const rows = Object.entries(tables).flatMap(([version, list]) =>
    list.map((row) => ({ version, row })),
  )
  return pool(rows, 2, async ({ version, row }) => {
    const root = await build(row)
    const env = environment(row, root)
    return {
      file: join(root, 'x.node'),
      root,
      package: 'linking',
      version,
      relative: row.name,
      env,
    }
  })
}

/**
 * The result of a real load. The folders of this trial are removed from its texts, so that they are
 * those of such a system.
 */
async function really(host, memory, about) {
  const { file, root, env } = about
  const place = { place: root, relative: `${about.package} ${about.relative}` }
  const real = env
    ? await load(host.execPath, file, started(host, env))
    : await memory.load(host.execPath, file, { ...place, prefix: host.prefix })
  const bare = (text) => text?.replaceAll(host.root, '') ?? null
  return { ...real, message: bare(real.message), stderr: bare(real.stderr) }
}

/** glibc's loader ignores the variable if its folders are given as an option, so both are set. */
function started({ libc, prefix }, env) {
  if (libc !== 'glibc' || !env.LD_LIBRARY_PATH) return { env, prefix }
  return { env, prefix: [...prefix.slice(0, -1), `${env.LD_LIBRARY_PATH}:${prefix.at(-1)}`] }
}

function predict({ libc, libcVersion, execPath }, { file, env }) {
  const target =
    options.by === 'libc' && libc === 'glibc' ? { execPath, libc, libcVersion } : { execPath }
  return judge(file, env, { target }).catch((error) => ({
    outcome: `exception ${error.code ?? error.message}`,
    loaderMessage: null,
    problems: [],
  }))
}

const record = ({ about, node, real, predicted, own }) => ({
  file: `${about.package}@${about.version} ${about.relative}`,
  path: about.file,
  node: node.node,
  libc: node.libc,
  outcome: real.outcome,
  text: real.message,
  code: real.code,
  signal: real.signal,
  exitCode: real.exitCode,
  stderr: real.stderr || null,
  atExit: real.atExit,
  ownError: own,
  predicted: {
    outcome: predicted.outcome,
    text: predicted.loaderMessage,
    codes: predicted.problems.map(({ code, severity }) => `${severity} ${code}`),
  },
})

async function files() {
  if (group === 'linking') return linking()
  await install(group, { log: console.error })
  return chosen(listFiles(group))
}

const wanted = (await files()).filter((about) =>
  `${about.package}@${about.version} ${about.relative}`.includes(options.only),
)
const list = await hosts(options.libc ? [options.libc] : undefined)
console.error(
  `oracle:libcs: ${wanted.length} files × ${list.length} Node.js executables on other libcs`,
)
const pairs = []
for (const host of list) {
  const memory = new Memory(host.memory, options)
  const start = Date.now()
  const node = {
    version: host.name,
    execPath: host.execPath,
    node: host.version,
    libc: `${host.libc} ${host.libcVersion}`,
  }
  const found = await pool(wanted, 4, async (about) => {
    const real = await really(host, memory, about)
    return { about, node, real, predicted: await predict(host, about), own: ownError(real) }
  })
  memory.save()
  pairs.push(...found)
  const seconds = Math.round((Date.now() - start) / 1000)
  if (seconds > 2) console.error(`  ${host.name}: ${found.length} real loads in ${seconds} s`)
}
const { text, ok } = report(pairs)
console.log(text.replace('| Node.js |', '| libc, Node.js |'))
if (options.json) writeFileSync(options.json, JSON.stringify(pairs.map(record), null, 1))
process.exitCode = ok ? 0 : 1
