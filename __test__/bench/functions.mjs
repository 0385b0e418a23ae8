// npm run bench:functions [-- --save]: counts the instructions of single functions with callgrind,
// and compares them with those of the commit that saved them last. Unlike times, they are the same
// on a busy machine, so that a small loss shows. --save writes instructions.json anew.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compile } from '../fixtures/compile.mjs'
import { temporaryFolder, writeWhole } from '../../scripts/support/cache.mjs'

const require = createRequire(import.meta.url)
const { hostFacts } = require('../../lib/request.js')
const root = fileURLToPath(new URL('../..', import.meta.url))
const saved = new URL('instructions.json', import.meta.url)
/** A difference that is worth a word, in percent. */
const NOTABLE = 2

function build() {
  const features = ['--no-default-features', '--features', 'counting']
  const args = ['build', '--quiet', '--profile', 'counting', ...features, '--example', 'functions']
  execFileSync('cargo', args, { cwd: root, stdio: 'inherit' })
  return join(root, 'target/counting/examples/functions')
}

/** A project of 200 packages, every tenth of them native. */
function projectOf(addon) {
  const folder = temporaryFolder()
  const write = (name, content) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const names = Array.from({ length: 200 }, (_, index) => `package-${index}`)
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']))
  write('package.json', JSON.stringify({ name: 'app', dependencies }))
  for (const [index, name] of names.entries()) {
    const package_ = join('node_modules', name)
    write(join(package_, 'package.json'), JSON.stringify({ name, version: '1.0.0' }))
    write(join(package_, 'lib/deep/index.js'), '')
    if (index % 10 !== 0) continue
    write(join(package_, 'index.js'), "module.exports = require('./build/Release/x.node')\n")
    write(join(package_, 'build/Release/x.node'), addon)
  }
  return folder
}

/** The instructions of a whole process; its threads count as well. */
function instructions(program, subject, times, path) {
  const call = [program, subject, String(times), JSON.stringify(hostFacts()), path]
  const args = ['--tool=callgrind', '--callgrind-out-file=/dev/null', ...call]
  const { status, stderr, error } = spawnSync('valgrind', args, { encoding: 'utf8' })
  if (error) throw error
  const [, counted] = /Collected : (\d+)/.exec(stderr) ?? []
  if (status !== 0 || !counted) throw new Error(`${subject} ${path}: ${stderr.trim()}`)
  return Number(counted)
}

/** Those of one call: the difference between three calls and one. */
function perCall(program, subject, path) {
  const [one, three] = [1, 3].map((times) => instructions(program, subject, times, path))
  return Math.round((three - one) / 2)
}

if (spawnSync('valgrind', ['--version']).error) {
  console.log('not measured: there is no valgrind')
  process.exit(0)
}
const [nodeApi, v8] = await Promise.all([
  compile('good', { NAPISYM: true }),
  compile('v8', { CTOR: 115 }),
])
const program = build()
const project = projectOf(readFileSync(nodeApi))
try {
  // What has just changed isn't put into an index.
  await sleep(50)
  // By valgrind, too: the index is that of one executable and one LD_PRELOAD.
  instructions(program, 'prepare', 0, project)
  const before = existsSync(saved) ? JSON.parse(readFileSync(saved, 'utf8')) : {}
  const now = {}
  for (const [name, subject, path] of [
    ['checkAbi, a Node-API addon', 'check', nodeApi],
    ['checkAbi, an addon with V8', 'check', v8],
    ['scan of 200 packages, 20 of them native', 'scan', project],
    ['a start with the index of that project', 'known', project],
  ]) {
    now[name] = perCall(program, subject, path)
    const change = before[name] ? (now[name] / before[name] - 1) * 100 : 0
    const word = Math.abs(change) < NOTABLE ? '' : change > 0 ? 'more' : 'less'
    const counted = now[name].toLocaleString('en-US').padStart(14)
    console.log(`${name.padEnd(44)}${counted}  ${change.toFixed(1).padStart(6)} %  ${word}`)
  }
  if (process.argv.includes('--save'))
    writeWhole(fileURLToPath(saved), `${JSON.stringify(now, null, 2)}\n`)
} finally {
  rmSync(project, { recursive: true, force: true })
}
