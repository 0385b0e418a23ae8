// Pure functions that make the rows of the table from its sources. The same sources always give the
// same table.

import { compare, isStable, lookup, parse } from './semver.mjs'

const sorted = (versions) => [...new Set(versions)].sort(compare)

/** One row for each change of a value. */
function rowsWhereItChanges(entries) {
  const rows = []
  for (const { from, ...fields } of entries) {
    const { from: _, ...last } = rows.at(-1) ?? {}
    if (rows.length === 0 || JSON.stringify(last) !== JSON.stringify(fields))
      rows.push({ from, ...fields })
  }
  return rows
}

/**
 * The highest patch of every minor: { "22": [0, null, 3], … }. Releases before the first row are
 * omitted, because the sources have no facts about them.
 */
export function releaseLines(versions, rows) {
  const lines = {}
  for (const version of sorted(versions.filter(isStable))) {
    if (compare(version, rows[0].from) < 0) continue
    const { major, minor, patch } = parse(version)
    const line = (lines[major] ??= [])
    while (line.length < minor) line.push(null)
    line[minor] = patch // sorted, so the last one wins
  }
  return lines
}

/**
 * node: the ABI of each release (Node's own index up to 16.10, node-abi from 11) crossed with the
 * curated Node-API steps.
 */
export function nodeRows({ index, iojs, registry, curated }) {
  const stated = (releases, label) =>
    releases
      .filter((release) => release.modules)
      // The index writes the oldest numbers in hexadecimal ("0x000B"), which Number understands.
      .map(({ version, modules }) => ({
        from: version.slice(1),
        abi: Number(modules),
        ...(label && { label }),
      }))
  const abi = [...stated(index), ...stated(iojs, 'io.js'), ...targetsOf(registry, 'node')].sort(
    (a, b) => compare(a.from, b.from),
  )
  const entries = sorted([...abi, ...curated].map((step) => step.from)).map((from) => {
    const { abi: number, label } = lookup(abi, from)
    return { from, abi: number, nodeApi: lookup(curated, from).nodeApi, ...(label && { label }) }
  })
  return rowsWhereItChanges(entries)
}

/** The entries of node-abi for one runtime, oldest first. */
const targetsOf = (registry, runtime) =>
  registry
    .filter((target) => target.runtime === runtime && !target.future)
    .map((target) => ({ from: target.target, abi: Number(target.abi) }))
    .sort((a, b) => compare(a.from, b.from))

/**
 * Throws if a row differs from npm's process-versions, which ran every release of Node.js since
 * 16.9.
 */
export function crossCheckNode(rows, processVersions) {
  for (const [version, said] of Object.entries(processVersions)) {
    const { abi, nodeApi } = lookup(rows, version)
    if (abi !== Number(said.modules) || nodeApi !== Number(said.napi)) {
      throw new Error(
        `node ${version}: table ${abi}/${nodeApi}, process-versions ${said.modules}/${said.napi}`,
      )
    }
  }
}

/**
 * The known ABI and Node.js of single Electron releases: version → { abi?, node? }.
 * electron-releases knows both up to 22 alpha; electron-dependencies knows Node since 29 (its
 * `modules` is Node's own number, not Electron's, so only `version` is taken); the curated entries
 * override both.
 */
function electronSightings({ electronReleases, electronDependencies, curated }) {
  const seen = new Map()
  const see = (version, fact) => seen.set(version, { ...seen.get(version), ...fact })
  for (const { version, deps } of electronReleases) {
    if (deps?.modules) see(version, { abi: Number(deps.modules), node: deps.node })
  }
  for (const [version, { deps }] of Object.entries(electronDependencies)) {
    if (deps.node?.version) see(version, { node: deps.node.version })
  }
  for (const { version, abi, node } of curated) see(version, { abi, node })
  return seen
}

/**
 * A fact that no source has for a release: the value of the nearest earlier and later release of
 * the same major version, if these two are equal.
 */
function bracketed(versions, index, seen, field) {
  const { major } = parse(versions[index])
  const near = [-1, 1].map((step) => {
    for (let i = index + step; versions[i] && parse(versions[i]).major === major; i += step) {
      const value = seen.get(versions[i])?.[field]
      if (value !== undefined) return value
    }
  })
  return near[0] === near[1] ? near[0] : undefined
}

/**
 * electron: one row wherever ABI, Node-API or the embedded Node changes. Nightlies are omitted,
 * because they have no order.
 */
export function electronRows({ versions, node, registry, ...sources }) {
  const seen = electronSightings(sources)
  const targets = targetsOf(registry, 'electron')
  const listed = sources.electronReleases.map((release) => release.version)
  const known = sorted(
    [...versions, ...listed, ...seen.keys()].filter(
      (version) => !/nightly|unsupported/.test(version),
    ),
  )
  const first = known.findIndex((version) => seen.get(version)?.abi)
  const entries = []
  for (let i = first; i < known.length; i++) {
    const version = known[i]
    const fact = (field) => seen.get(version)?.[field] ?? bracketed(known, i, seen, field)
    const embedded = fact('node') ?? null
    const abi = fact('abi') ?? lookup(targets, version)?.abi ?? entries.at(-1).abi
    // If no source has the version of Node.js, the Node-API version is at least that of the release
    // before.
    const nodeApi = embedded ? lookup(node, embedded).nodeApi : entries.at(-1).nodeApi
    entries.push({ from: version, abi, nodeApi, node: embedded })
  }
  return { rows: rowsWhereItChanges(entries), versions: known }
}

/**
 * nw: the registered ABIs, then the ABIs of the embedded Node.js; null if this Node.js isn't known.
 */
export function nwRows({ abis, node: embedded }, nodeRows) {
  const registered = abis.map(({ from, abi }) => ({ from, abi, nodeApi: null, node: null }))
  const derived = embedded.map(({ from, node }) => {
    const { abi, nodeApi } = node === null ? { abi: null, nodeApi: null } : lookup(nodeRows, node)
    return { from, abi, nodeApi, node }
  })
  return rowsWhereItChanges([...registered, ...derived])
}

/** bun, deno: the measured values. */
export const measuredRows = (points) =>
  rowsWhereItChanges(
    [...points]
      .sort((a, b) => compare(a.version, b.version))
      .map(({ version, ...fields }) => ({ from: version, ...fields })),
  )

/** Numbers that node-abi has assigned to lines without a release. */
export const reserved = (registry) =>
  registry
    .filter((target) => target.future)
    .map((target) => ({
      abi: Number(target.abi),
      runtime: target.runtime,
      version: String(parse(target.target).major),
    }))
    .sort((a, b) => a.abi - b.abi)

/**
 * The lines of Node.js that have long-term support on a day, or had it before: { argon: 4, … }. The
 * schedule also has future lines, with the dates of their support.
 */
export const ltsLines = (schedule, day) =>
  Object.fromEntries(
    Object.entries(schedule)
      .filter(([, { lts, codename }]) => codename && lts <= day)
      .map(([line, { codename }]) => [codename.toLowerCase(), Number(line.slice(1))]),
  )
