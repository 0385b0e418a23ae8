// npm run object-wrap [-- 24.21.0 26.3.1 …]: compares the problem `object-wrap-hooks` with the life
// of a process. In each release, small addons with node::ObjectWrap make and drop objects for some
// seconds. Without arguments the releases are all of Node.js 24 and 26 on npm, and the last three
// of 22 and 25, whose headers have no hooks. Each release is 40 MB, and is removed after its turn.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import abiGuard from '../../index.js'
import { once, shortHash, inCache, temporaryFolder } from '../../scripts/support/cache.mjs'
import { byVersion, pins } from '../../scripts/support/matrix/index.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { download, unpack } from '../../scripts/support/registry.mjs'
import { versions } from '../../src/runtime/data/npm.mjs'

const execute = promisify(execFile)
const here = (path) => fileURLToPath(new URL(`../fixtures/object-wrap/${path}`, import.meta.url))

/** A process that lives for this time doesn't abort: one that aborts does so within 0.2 s. */
const MILLISECONDS = 2500

/**
 * The headers that addons are compiled with, besides those of the release itself: the first and the
 * last variant of each line. An addon with an ABI of one line loads in the whole line.
 */
const HEADERS = { 22: [], 24: ['24.18.1', '24.21.0'], 25: [], 26: ['26.3.1', '26.10.0'] }

/** `isSeen` is false for a build whose symbols don't show the hooks; docs/problems.md says so. */
const BUILDS = [
  // The flags of node-gyp.
  { name: 'node-gyp', flags: ['-O3', '-fno-rtti', '-fno-exceptions'], isSeen: true },
  { name: 'O0', flags: ['-O0', '-g'], isSeen: true },
  { name: 'lto', flags: ['-O2', '-flto', '-Wl,--gc-sections', '-s'], isSeen: true },
  { name: 'own hooks', flags: ['-O3', '-fno-rtti', '-DOWN_HOOKS'], isSeen: true },
  { name: 'hidden', flags: ['-O3', '-fvisibility=hidden'], isSeen: false },
]

const line = (version) => Number(version.split('.')[0])

function listed() {
  const all = versions(pins.package).filter((version) => /^\d+\.\d+\.\d+$/.test(version))
  const of = (major) => all.filter((version) => line(version) === major).sort(byVersion)
  return [...of(22).slice(-3), ...of(24), ...of(25).slice(-3), ...of(26)]
}

/** Downloads some folders or files of a release. The integrity is checked if it is pinned. */
async function fetched(version, folder, files) {
  const work = temporaryFolder()
  try {
    const pin = { package: `${pins.package}@${version}`, integrity: pins.integrity[version] }
    const [{ tarball }] = await download([pin], work)
    for (const file of files) await unpack(tarball, folder, file)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const headersOf = (version) =>
  once(inCache('headers', version), (folder) => fetched(version, folder, ['include/node']))

/** The addon, compiled with the headers in `include`. */
function compiled(include, build) {
  const identity = [
    readFileSync(here('addon.cc'), 'utf8'),
    readFileSync(join(include, 'node_object_wrap.h'), 'utf8'),
    readFileSync(join(include, 'node_version.h'), 'utf8'),
    build.flags,
  ]
  const place = inCache('object-wrap', shortHash(JSON.stringify(identity)))
  return once(place, async (folder) => {
    mkdirSync(folder)
    const flags = ['-shared', '-fPIC', '-std=c++20', '-w', ...build.flags]
    await execute('g++', [
      ...flags,
      `-I${include}`,
      here('addon.cc'),
      '-o',
      join(folder, 'addon.node'),
    ])
  }).then((folder) => join(folder, 'addon.node'))
}

/** "lives", "aborts", or another ending in words. */
async function lifeOf(execPath, file) {
  try {
    const { stdout } = await execute(execPath, [here('use.cjs'), file, String(MILLISECONDS)], {
      timeout: 60_000,
    })
    return stdout === 'lives\n' ? 'lives' : `prints ${stdout}`
  } catch ({ signal, code, stderr }) {
    const isKnown = /Assertion.*\(env\) != (nullptr|0)|Assertion.*env.*failed/.test(stderr)
    return signal === 'SIGABRT' && isKnown ? 'aborts' : `${signal ?? code}: ${stderr}`
  }
}

function saidOf(execPath, file) {
  const { problems, outcome, ok } = abiGuard.checkAbi(file, { target: { execPath } })
  if (outcome !== 'loads') return outcome
  const isSaid = problems.some(({ code }) => code === 'object-wrap-hooks')
  return isSaid === ok ? `ok: ${ok}, although it is said: ${isSaid}` : isSaid ? 'aborts' : 'lives'
}

async function measured(version) {
  const folder = temporaryFolder()
  try {
    await fetched(version, folder, ['bin/node', 'include/node'])
    const execPath = join(folder, 'bin', 'node')
    const own = join(folder, 'include', 'node')
    const trials = [{ headers: version, include: own, build: BUILDS[0] }]
    for (const headers of HEADERS[line(version)] ?? []) {
      const include = join(await headersOf(headers), 'include', 'node')
      trials.push(...BUILDS.map((build) => ({ headers, include, build })))
    }
    return await pool(trials, 2, async ({ headers, include, build }) => {
      const file = await compiled(include, build)
      const [life, said] = [await lifeOf(execPath, file), saidOf(execPath, file)]
      return { version, headers, build, life, said }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An addon whose symbols don't show the hooks may abort without a report. */
const isRight = ({ build, life, said }) =>
  life === said || (!build.isSeen && life === 'aborts' && said === 'lives')

const wanted = process.argv.slice(2)
const releases = wanted.length > 0 ? wanted : listed()
const results = []
console.log(
  '| release | headers | build | process | abi-guard | |\n| --- | --- | --- | --- | --- | --- |',
)
for (const version of releases) {
  const rows = await measured(version)
  results.push(...rows)
  for (const row of rows) {
    const { headers, build, life, said } = row
    const verdict = isRight(row) ? (life === said ? '' : 'not visible') : 'WRONG'
    console.log(`| ${version} | ${headers} | ${build.name} | ${life} | ${said} | ${verdict} |`)
  }
}
const wrong = results.filter((row) => !isRight(row))
const hidden = results.filter((row) => isRight(row) && row.life !== row.said)
console.log(
  `\n${releases.length} releases, ${results.length} processes, ` +
    `${results.filter(({ life }) => life === 'aborts').length} aborts; ` +
    `${wrong.length} wrong, ${hidden.length} aborts that the symbols don't show`,
)
process.exitCode = wrong.length > 0 ? 1 : 0
