// Reads facts of a library with other tools: readelf for ELF, the load commands for Mach-O.
// abi-guard's minimum versions are compared with them.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { symbols } from 'node-api-headers'

const byNumbers = (a, b) => a.localeCompare(b, 'en', { numeric: true })
const readelf = (...args) =>
  execFileSync('readelf', args, { encoding: 'utf8', maxBuffer: 256 << 20 })

/** True if readelf can be run. */
export const hasReadelf = (() => {
  try {
    return Boolean(readelf('--version'))
  } catch {
    return false
  }
})()

/** Reads the versions with a prefix, for example `GLIBCXX`, that a file needs of its libraries. */
export const versionsOf = (prefix) => (file) => {
  const text = readelf('-V', '-W', file)
  const start = text.indexOf("'.gnu.version_r'")
  if (start === -1) return []
  const needs = text.slice(start).matchAll(new RegExp(`Name: ${prefix}_([\\d.]+) `, 'g'))
  return [...needs].map(([, version]) => version)
}

/** The newest version of glibc whose symbols a file needs; `null` for none. */
export const glibcOf = (file) => versionsOf('GLIBC')(file).sort(byNumbers).at(-1) ?? null

/**
 * The first Node-API version that has all functions that a file imports; `null` if it imports none.
 */
export function nodeApiOf(file) {
  const names = [...readelf('--dyn-syms', '-W', file).matchAll(/ UND (napi_\w+|node_api_\w+)/g)]
  const versions = names.map(([, name]) =>
    Object.keys(symbols)
      .sort(byNumbers)
      .find((version) => Object.values(symbols[version]).some((list) => list.includes(name))),
  )
  return versions.length === 0 ? null : Number(versions.sort(byNumbers).at(-1).slice(1))
}

/** The oldest macOS on which a thin 64-bit Mach-O file runs, according to its load commands. */
export function macosOf(file) {
  const bytes = readFileSync(file)
  if (bytes.readUInt32LE(0) !== 0xfeedfacf)
    throw new Error(`${file} is no thin Mach-O file of 64 bits`)
  let at = 32
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const [command, length] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
    // LC_BUILD_VERSION, LC_VERSION_MIN_MACOSX
    const field = { 50: at + 12, 36: at + 8 }[command]
    if (field) {
      const version = bytes.readUInt32LE(field)
      return `${version >>> 16}.${(version >>> 8) & 0xff}`
    }
    at += length
  }
  return null
}
