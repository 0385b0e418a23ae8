// packages.json, and the folder of each of its packages in the cache.
import { readFileSync } from 'node:fs'
import { inCache, shortHash } from '../cache.mjs'

export const pins = JSON.parse(readFileSync(new URL('./packages.json', import.meta.url), 'utf8'))
export const groups = Object.keys(pins)

/** The pins of a group; `full` includes `small`. */
export function pinsOf(group = 'small') {
  if (!groups.includes(group))
    throw new Error(`there is no group "${group}" of packages: choose one of ${groups.join(', ')}`)
  return group === 'full' ? [...pins.small, ...pins.full] : pins[group]
}

/** The pins of some packages of a group; without names, all of the group. */
export function pinsNamed(group, names = []) {
  const all = pinsOf(group)
  if (names.length === 0) return all
  const missing = names.find((name) => !all.some((pin) => nameAndVersion(pin).name === name))
  if (missing) throw new Error(`${missing} isn't in the group "${group}" of the corpus`)
  return all.filter((pin) => names.includes(nameAndVersion(pin).name))
}

/** `@scope/name@1.2.3` → name and version. */
export function nameAndVersion(pin) {
  const at = pin.package.lastIndexOf('@')
  return { name: pin.package.slice(0, at), version: pin.package.slice(at + 1) }
}

/**
 * The folder whose node_modules contains only the package and its companions (the libraries to
 * which its addon links).
 */
export function rootFolder(pin) {
  const companions = pin.with ? `-${shortHash(JSON.stringify(pin.with)).slice(0, 6)}` : ''
  return inCache('corpus', pin.package.replace('/', '+') + companions)
}

export const packageFolder = (root, pin) => `${root}/node_modules/${nameAndVersion(pin).name}`

/** JSON with one package per line, so that a new package is a diff of one line. */
export function format(value) {
  const key = (pin) => pin.package
  const line = (pin) => `    ${JSON.stringify(pin)}`
  const group = ([name, list]) =>
    `  ${JSON.stringify(name)}: [\n${[...list]
      .sort((a, b) => (key(a) < key(b) ? -1 : 1))
      .map(line)
      .join(',\n')}\n  ]`
  return `{\n${Object.entries(value).map(group).join(',\n')}\n}\n`
}
