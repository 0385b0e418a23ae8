// npm run bench: the time for a scan of a large real project compared with `find`, and for a check
// of a 100 MB addon compared with `nm -D` and `readelf`. Medians of several runs, with a warm disk
// cache. A report, not a test: slow results don't fail.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listFiles } from '../../scripts/support/corpus/index.mjs'
import { install as installCorpus } from '../../scripts/support/corpus/install.mjs'
import { inCache, once, shortHash } from '../../scripts/support/cache.mjs'
import { releasePackage } from './release.mjs'

const RUNS = 9

/** A project with tens of thousands of files. It is installed once. */
async function largeProject() {
  const manifest = fileURLToPath(new URL('project/package.json', import.meta.url))
  return once(inCache('bench', shortHash(readFileSync(manifest))), (folder) => {
    mkdirSync(folder)
    copyFileSync(manifest, join(folder, 'package.json'))
    const args = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--legacy-peer-deps',
      '--loglevel=error',
    ]
    execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  })
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1]
}

/** The wall time of a whole process, in milliseconds. */
function timeProcess(command, args, env = {}) {
  const times = []
  for (let run = 0; run <= RUNS; run++) {
    const start = process.hrtime.bigint()
    spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, ...env } })
    if (run > 0) times.push(Number(process.hrtime.bigint() - start) / 1e6)
  }
  return median(times)
}

/**
 * Runs a script in a separate Node.js process in which `guard` is the package, and returns the JSON
 * that the script prints.
 */
function inNode(folder, script) {
  const text = `const guard = require(${JSON.stringify(folder)}); ${script}`
  return JSON.parse(execFileSync(process.execPath, ['-e', text], { encoding: 'utf8' }))
}

/** The wall time of a call in a running Node.js, in milliseconds. */
function timeCall(folder, call) {
  return inNode(
    folder,
    `const times = []
     for (let run = 0; run <= ${RUNS}; run++) {
       const start = process.hrtime.bigint(); ${call}
       if (run > 0) times.push(Number(process.hrtime.bigint() - start) / 1e6)
     }
     times.sort((a, b) => a - b); console.log(times[times.length >> 1])`,
  )
}

/**
 * The peak memory, in MB, of a Node.js process that only loads the package (`base`), and the
 * additional memory if it makes a call once (`above`).
 */
function memory(folder, call) {
  const peak = `console.log(process.resourceUsage().maxRSS / 1024)`
  const base = median(Array.from({ length: 5 }, () => inNode(folder, peak)))
  const after = median(Array.from({ length: 5 }, () => inNode(folder, `${call}; ${peak}`)))
  return { base, above: after - base }
}

const line = (name, value, unit = 'ms') =>
  console.log(`  ${name.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit}`)

const folder = releasePackage()
const project = await largeProject()
const walk = `const fs = require('fs'), path = require('path')
  const walk = (folder) => { for (const entry of fs.readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) walk(path.join(folder, entry.name)) }`
const stats = inNode(
  folder,
  `console.log(JSON.stringify(guard.scanNodeModules(${JSON.stringify(project)}).stats))`,
)
const files =
  execFileSync('find', [project, '-type', 'f'], { encoding: 'utf8', maxBuffer: 1 << 30 }).split(
    '\n',
  ).length - 1
console.log(
  `Scan of a project: ${stats.directories} folders, ${files} files, ${stats.files} addons, ${stats.checked} of them active`,
)
const scan = timeCall(folder, `guard.scanNodeModules(${JSON.stringify(project)})`)
const find = timeProcess('find', [project, '-name', '*.node'])
line('scanNodeModules, in a running Node', scan)
line("find -name '*.node', whole process", find)
line(
  'fs.readdirSync walk, in a running Node',
  timeCall(folder, `${walk}; walk(${JSON.stringify(project)})`),
)
line(
  'abi-guard scan, whole process',
  timeProcess(process.execPath, [join(folder, 'cli.js'), 'scan', project]),
)
line('node -e 0, whole process', timeProcess(process.execPath, ['-e', '0']))
line('scan / find', scan / find, 'x')

// Compares the start of an app with the guard with the start of the same app without it.
{
  const guard = join(folder, 'register.js')
  const app = join(project, 'abi-guard-bench.js')
  writeFileSync(app, '')
  const { packages } = inNode(
    folder,
    `console.log(JSON.stringify({ packages: guard.scanNodeModules(${JSON.stringify(project)}).packages.length }))`,
  )
  const installed =
    Object.keys(JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')).packages)
      .length - 1
  console.log(`\nStart of an app with ${installed} packages, ${packages} of them native`)
  const alone = timeProcess(process.execPath, [app])
  const guarded = timeProcess(process.execPath, ['-r', guard, app], { ABI_GUARD: 'warn' })
  line('node app.js', alone)
  line('node -r abi-guard/register app.js', guarded)
  line('the guard adds', guarded - alone)
}

await installCorpus('bench')
const [{ file: large } = {}] = listFiles('bench')
if (large && existsSync(large)) {
  const path = JSON.stringify(large)
  console.log(`\nCheck of one addon: ${large.split(/[\\/]/).pop()}`)
  const check = timeCall(folder, `guard.checkAbi(${path})`)
  const nm = timeProcess('nm', ['-D', large])
  line('checkAbi, in a running Node', check)
  line('nm -D, whole process', nm)
  line(
    'readelf -dsW --dyn-syms, whole process',
    timeProcess('readelf', ['-dW', '--dyn-syms', large]),
  )
  line('checkAbi / nm -D', check / nm, 'x')
  const { base, above } = memory(folder, `guard.checkAbi(${path})`)
  line('peak memory of a Node that loads abi-guard', base, 'MB')
  line('the check adds', above, 'MB')
}
console.log(
  `\n${readdirSync(folder).filter((name) => name.endsWith('.node'))[0]}, Node.js ${process.versions.node}`,
)
