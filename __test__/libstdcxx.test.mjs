// libstdc++ of named targets: each addon of the small corpus for each system of systems.json.
// readelf says what the addon needs. Where this system is in the table, addons are loaded as well.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { checkAbi } from '../index.js'
import { listFiles } from '../scripts/support/corpus/index.mjs'
import { install } from '../scripts/support/corpus/install.mjs'
import { fullLane } from '../scripts/support/lane.mjs'
import { isLinuxX64 } from '../scripts/support/system.mjs'
import { compiler } from './fixtures/compile.mjs'
import { hasReadelf, versionsOf } from './support/facts.mjs'
import { project, published } from './support/project.mjs'

const table = new URL('../src/runtime/data/systems.json', import.meta.url)
const { releases } = JSON.parse(readFileSync(table, 'utf8'))
const systems = releases.filter(({ glibc }) => glibc)
const idOf = ({ name }) => name.toLowerCase().replaceAll(' ', '')
const isNewer = (a, b) => a.localeCompare(b, 'en', { numeric: true }) > 0
const TOO_OLD = ['glibc-too-old', 'libstdcxx-too-old']

/** The versions of libraries that a file needs. */
const needsOf = (file) => ({
  glibc: versionsOf('GLIBC')(file),
  libstdcxx: versionsOf('GLIBCXX')(file),
  cxxabi: versionsOf('CXXABI')(file),
})

/** The code of the problem on a system; that of glibc comes first. */
function expectedOn(system, needs) {
  const lacks = (key) => needs[key].some((version) => isNewer(version, system[key]))
  if (lacks('glibc')) return 'glibc-too-old'
  return lacks('libstdcxx') || lacks('cxxabi') ? 'libstdcxx-too-old' : undefined
}

let addons = []
before(async () => {
  if (fullLane || !hasReadelf) return
  await install('small', { log() {} })
  addons = listFiles('small')
    .filter(({ statedPlatform, statedLibc }) => statedPlatform === 'linux' && statedLibc !== 'musl')
    .map(({ file }) => ({ file, binary: checkAbi(file).binary }))
    .filter(({ binary }) => binary?.format === 'elf' && binary.libc === 'glibc')
    .map(({ file, binary }) => ({ file, arch: binary.arch, needs: needsOf(file) }))
})

const tooOld = (file, target) =>
  checkAbi(file, { target }).problems.find(({ code }) => TOO_OLD.includes(code))

test('an addon fits exactly the systems that have the versions it needs', {
  skip: fullLane || (!hasReadelf && 'needs readelf'),
}, () => {
  const seen = { 'glibc-too-old': 0, 'libstdcxx-too-old': 0, fits: 0 }
  for (const { file, arch, needs } of addons) {
    for (const system of systems.filter(({ rolling }) => !rolling)) {
      const problem = tooOld(file, `node@22/${idOf(system)}-${arch}`)
      const expected = expectedOn(system, needs)
      assert.equal(problem?.code, expected, `${file} on ${system.name}`)
      seen[expected ?? 'fits']++
    }
  }
  assert.ok(
    Object.values(seen).every((count) => count > 50),
    JSON.stringify(seen),
  )
})

test('for a version of glibc, a version that no system with it has is an error', {
  skip: fullLane || (!hasReadelf && 'needs readelf'),
}, () => {
  // SUSE's updates bring newer versions to these.
  const updated = ['2.26', '2.31', '2.38']
  for (const { file, arch, needs } of addons) {
    for (const glibc of new Set(systems.map((system) => system.glibc))) {
      const all = systems.filter((system) => system.glibc === glibc)
      const expected = all.map((system) => expectedOn(system, needs))
      const isCertain = !updated.includes(glibc) && !all.some(({ rolling }) => rolling)
      const code = tooOld(file, `node@22/linux-${arch}-glibc${glibc}`)?.code
      if (expected.includes('glibc-too-old')) assert.equal(code, 'glibc-too-old')
      else if (isCertain && expected.every(Boolean)) assert.equal(code, 'libstdcxx-too-old')
      else assert.equal(code, undefined, `${file}, glibc ${glibc}`)
    }
  }
})

test('a version that only some systems have is undetermined', async () => {
  const file = (await published('tree-sitter'))('tree-sitter', TREE_SITTER)
  for (const [system, isCertain] of [
    ['linux-x64-glibc2.28', true],
    ['linux-x64-glibc2.31', false],
    ['debian11-x64', true],
    ['ubuntu22.04-x64', true],
    ['linux-x64-glibc2.35', true],
  ]) {
    const { problems, complete, outcome } = checkAbi(file, { target: `node@22/${system}` })
    const problem = problems.find(({ code }) => code === 'libstdcxx-too-old')
    assert.equal(problem?.required, isCertain ? 'GLIBCXX_3.4.31' : undefined, system)
    if (isCertain) assert.equal(outcome, 'throws')
    else assert.ok(!complete && problems.some(({ message }) => /GLIBCXX_3\.4\.31/.test(message)))
  }
  for (const fits of ['fedora39-x64', 'ubuntu24.04-x64', 'linux-x64-glibc2.39', 'debian-x64'])
    assert.equal(tooOld(file, `node@22/${fits}`), undefined, fits)
  // musl doesn't compare versions.
  assert.equal(tooOld(file, 'node@22/alpine3.20-x64'), undefined)
})

const TREE_SITTER = 'prebuilds/linux-x64/tree-sitter.node'

// A function of GLIBCXX_3.4.29, and an addon that registers itself.
const SOURCE = `
extern void _ZSt28__throw_bad_array_new_lengthv(void);
void use(void) { _ZSt28__throw_bad_array_new_lengthv(); }
void *napi_register_module_v1(void *env, void *exports) { return exports; }`

test('a libstdc++ that comes along counts only if the process has none', {
  skip: !(isLinuxX64 && compiler()) && 'needs linux-x64 and gcc',
}, (t) => {
  const folder = project(t, { 'x.c': SOURCE })
  const made = (name, ...flags) => {
    const file = join(folder, name)
    const how = ['-shared', '-fPIC', '-nostartfiles', '-o', file, join(folder, 'x.c')]
    execFileSync('gcc', [...how, '-l:libstdc++.so.6', ...flags])
    return file
  }
  const codeIn = (file, runtime) => tooOld(file, `${runtime}/debian11-x64`)?.code
  const plain = made('plain.node')
  const own = made('own.node', '-Wl,-rpath,$ORIGIN/lib')
  const elsewhere = made('elsewhere.node', '-Wl,-rpath,/opt/lib')
  for (const runtime of ['node@22', 'electron@40', 'bun@1'])
    assert.equal(codeIn(plain, runtime), 'libstdcxx-too-old', runtime)
  assert.equal(codeIn(own, 'electron@40'), 'libstdcxx-too-old', 'the folder is empty')
  const printed = execFileSync('gcc', ['-print-file-name=libstdc++.so.6'], { encoding: 'utf8' })
  execFileSync('mkdir', [join(folder, 'lib')])
  copyFileSync(printed.trim(), join(folder, 'lib/libstdc++.so.6'))
  // Node.js has loaded the system's libstdc++ before the addon.
  assert.equal(codeIn(own, 'node@22'), 'libstdcxx-too-old')
  assert.equal(codeIn(elsewhere, 'node@22'), 'libstdcxx-too-old')
  const log = execFileSync(process.execPath, ['-p', LOADED, own], { encoding: 'utf8' })
  assert.doesNotMatch(log, new RegExp(`${folder}/lib`))
  assert.match(log, /libstdc\+\+/)
  // Bun and Electron have another C++ library, and load the copy, which may need a newer glibc.
  assert.notEqual(codeIn(own, 'bun@1'), 'libstdcxx-too-old')
  assert.notEqual(codeIn(own, 'electron@40'), 'libstdcxx-too-old')
  const { complete, problems } = checkAbi(elsewhere, { target: 'electron@40/debian11-x64' })
  const doubt = problems.find(({ message }) => /GLIBCXX_3\.4\.29 of libstdc\+\+/.test(message))
  assert.equal(doubt?.code, 'undetermined')
  assert.ok(!complete)
  // A damaged copy is an error where it is loaded.
  writeFileSync(
    join(folder, 'lib/libstdc++.so.6'),
    'not a library, but longer than a header '.repeat(9),
  )
  const damaged = checkAbi(own, { target: 'bun@1/debian11-x64' })
  assert.deepEqual(damaged.problems.map(({ code }) => code)[0], 'missing-library')
})

const QUIET = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }

/** The libraries of a process that has loaded a file. */
const LOADED = `process.dlopen({ exports: {} }, process.argv[1])
  require('fs').readFileSync('/proc/self/maps', 'utf8')`

/** This system's row in the table. */
function here() {
  if (!isLinuxX64) return undefined
  const release = readFileSync('/etc/os-release', 'utf8')
  const value = (key) => new RegExp(`^${key}="?([^"\n]+)"?$`, 'm').exec(release)?.[1]
  const id = `${value('ID')}${value('VERSION_ID')}`
  return systems.find((system) => idOf(system) === id)
}

test('a real load on this system agrees with its row', {
  skip: fullLane || (here() === undefined && 'this system is not in the table'),
}, () => {
  const system = here()
  const count = { tooOld: 0, fits: 0 }
  for (const { file, arch, needs } of addons) {
    if (arch !== 'x64') continue
    const expected = expectedOn(system, needs)
    const load = `try { process.dlopen({ exports: {} }, process.argv[1]) } catch (error) {
      console.log(error.message)
    }`
    let real = ''
    try {
      real = execFileSync(process.execPath, ['-e', load, file], QUIET).trim()
    } catch {
      // It may abort for another reason after its libraries are loaded.
    }
    assert.equal(/version .(GLIBC|GLIBCXX|CXXABI)_\S+' not found/.test(real), Boolean(expected))
    count[expected ? 'tooOld' : 'fits']++
  }
  assert.ok(count.tooOld + count.fits > 20, JSON.stringify(count))
})
