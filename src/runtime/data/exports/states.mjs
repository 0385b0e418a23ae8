// The state of a name in a line of releases: the release that added it and the release that removed
// it (format.mjs). It is found release by release, so that only the new releases of a known line
// have to be read.

import { compare } from '../semver.mjs'
import { NONE, VARYING } from './format.mjs'

/**
 * Releases of one line on one platform.
 * @typedef {object} Line
 * @property {(name: string) => number[]} known the state of a name in the releases that are known
 *   already
 * @property {number} count the number of these releases
 * @property {{ version: string, sets: Set<string>[] }[]} fresh those after them, oldest first, with
 *   the names that each of their packages exports
 */

/** The state of a name that no release has. */
const ABSENT = [NONE, NONE]

/**
 * @param {string} name
 * @param {Line} line
 * @returns {number[]} the release that added it and the release that removed it
 */
export function stateOf(name, { known, count, fresh }) {
  let [first, gone] = known(name)
  for (const [index, { sets }] of fresh.entries()) {
    const having = sets.filter((set) => set.has(name)).length
    const isBack = having > 0 && gone !== NONE
    if (first === VARYING || isBack || (having > 0 && having < sets.length)) return [VARYING, NONE]
    if (having > 0 && first === NONE) first = count + index
    if (having === 0 && first !== NONE && gone === NONE) gone = count + index
  }
  return [first, gone]
}

/**
 * The known part of a line. It is empty if an unread release isn't newer than all known ones.
 * @param {{ name: string, version: string }[]} releases all current releases of the line
 * @param {Record<string, string[]>} packages versions that each package had when the tables were
 *   made
 * @param {(name: string) => number[] | undefined} stateOf the state of a name in the tables
 * @returns {{ known: Line['known'], count: number, unread: { name: string, version: string }[] }}
 */
export function beginning(releases, packages, stateOf) {
  const isKnown = ({ name, version }) => packages[name]?.includes(version)
  const [old, unread] = [releases.filter(isKnown), releases.filter((one) => !isKnown(one))]
  const newest = old.at(-1)?.version
  if (!newest || unread.some(({ version }) => compare(version, newest) <= 0))
    return { known: () => ABSENT, count: 0, unread: releases }
  const count = new Set(old.map(({ version }) => version)).size
  return { known: (name) => stateOf(name) ?? ABSENT, count, unread }
}
