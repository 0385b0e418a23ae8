// Checks with abi-guard whether a binary fulfills the requirements of its platform's package. `node
// scripts/platforms/inspect.mjs` checks the binaries in npm/, as before they are published.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../setup.mjs'
import { fileOf, floorOf, platforms } from './table.mjs'

const require = createRequire(import.meta.url)

/**
 * abi-guard's report on a binary. The module is loaded only here, because a new checkout has no
 * binary yet when this file is imported.
 */
function check(file, options) {
  const { checkAbi } = require('../../index.js')
  return checkAbi(file, options)
}

/** The report for the oldest system that its platform supports. */
export const reportOf = (one, file) => check(file, { target: targetOf(one) })

/** The oldest supported Node.js has Node-API 8. */
const NODE_API = 8

/** The symbol that Node.js looks up. No other symbol needs to be exported. */
const ENTRY = 'napi_register_module_v1'

/** Symbols that zig's linker for macOS always exports, whatever its options; nothing uses them. */
const ZIG_EXPORTS =
  /^(_mh_dylib_header|__dso_handle|rust_eh_personality|_R\w+panicking11EMPTY_PANIC)$/

/** The libraries that are part of each system. Any other library could be missing. */
const libraries = {
  glibc: /^(lib(c|m|dl|pthread|rt)\.so\.\d|ld-linux.*\.so\.\d)$/,
  musl: /^libc\.so$/,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  win32: /^(kernel32|ntdll|advapi32|bcryptprimitives|userenv|ws2_32|api-ms-win-[\w-]+)\.dll$/i,
}

/**
 * Inspects the binary of a platform.
 * @param {import('./table.mjs').Platform} one
 * @param {string} file
 * @param {{ paths?: string[], isLocal?: boolean }} [how] `paths`: paths of the building machine,
 *   which must not be in the binary; `isLocal`: it is only for this system, and may need its
 *   libraries
 * @returns {{ wrong: string[], report?: object }} the defects, as sentences
 */
export function inspect(one, file, { paths = [], isLocal = false } = {}) {
  if (!existsSync(file))
    return { wrong: [`there is no ${file}: build it with "npm run build:all -- ${one.name}"`] }
  const report = isLocal ? check(file) : reportOf(one, file)
  const { binary, addon } = report
  if (!binary) return { wrong: report.problems.map(({ message }) => message), report }
  const wrong = report.problems
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message)
  const expect = (isRight, sentence) => isRight || wrong.push(sentence)
  expect(report.outcome === 'loads', `abi-guard says of it: ${report.outcome}`)
  expect(binary.platform === one.os, `it is for ${binary.platform}, not for ${one.os}`)
  expect(binary.arch === one.cpu, `it is for ${binary.arch}, not for ${one.cpu}`)
  expect(
    one.os !== 'linux' || binary.libc === one.libc,
    `it is for ${binary.libc}, not for ${one.libc}`,
  )
  const floor = isLocal ? undefined : floorOf(one, 'glibc')
  expect(
    !floor || !isNewer(binary.libcVersion, floor),
    `it needs glibc ${binary.libcVersion}, and ${floor} is promised`,
  )
  const allowed = libraries[one.libc ?? one.os]
  for (const name of isLocal ? [] : binary.libraries)
    expect(allowed.test(name), `it needs ${name}, which not every such system has`)
  expect(addon?.api === 'node-api', `it is no addon on Node-API (${addon?.api})`)
  const version = Math.max(addon?.nodeApi?.declared ?? 0, addon?.nodeApi?.computed ?? 0)
  expect(version <= NODE_API, `it needs Node-API ${version}, and ${NODE_API} is promised`)
  const { exports: found, unreadable } = symbolsOf(file)
  expect(!unreadable, `its exports can't be read: ${unreadable}`)
  // Mach-O has an underscore before every name.
  const exports = found.map((name) => (one.os === 'darwin' ? name.replace(/^_/, '') : name))
  const isTolerated = (name) => one.os === 'darwin' && ZIG_EXPORTS.test(name)
  for (const name of exports) expect(name === ENTRY || isTolerated(name), `it exports ${name}, too`)
  expect(unreadable || exports.includes(ENTRY), `it doesn't export ${ENTRY}`)
  const bytes = readFileSync(file)
  for (const path of paths)
    expect(!bytes.includes(path), `a path of the building machine stands in it: ${path}`)
  return { wrong, report }
}

/** The oldest system that a platform supports, as a runtime. */
function targetOf(one) {
  const { os, cpu, libc } = one
  const version = floorOf(one, 'glibc') ?? ''
  return `node@22/${os}-${cpu}${libc ? `-${libc}${version}` : ''}`
}

/** True if a version is newer than another. */
export function isNewer(version, than) {
  const [a, b] = [version ?? '0', than].map((text) => text.split('.').map(Number))
  return a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])
}

/**
 * The exports and imports of a file.
 * @returns {{ exports: string[], imports: Record<string, string[]>, unreadable?: string }}
 *   `imports`: by library, if the format has it; `unreadable`: the reason why it can't be read
 */
export function symbolsOf(file) {
  const args = ['run', '--quiet', '--no-default-features', '--example', 'symbols', '--', file]
  const { status, error, stdout, stderr } = spawnSync('cargo', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  if (error) throw error
  if (status === 0) return JSON.parse(stdout)[file]
  const reason = /^Error: (.*)/m.exec(stderr)?.[1]
  if (!reason) throw new Error(stderr)
  return { exports: [], imports: {}, unreadable: reason }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const one of platforms) {
    const { wrong } = inspect(one, join(root, 'npm', one.name, fileOf(one)))
    console.log(`${wrong.length === 0 ? 'ok    ' : 'WRONG '} ${one.name}`)
    for (const sentence of wrong) console.log(`  ${sentence}`)
    if (wrong.length > 0) process.exitCode = 1
  }
}
