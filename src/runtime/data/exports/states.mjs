// What the tables say of a name in a line of releases: the first release that has it and the first
// that hasn't it any more (format.mjs), found release by release, so that a line whose beginning is
// known goes on from there.

import { compare } from '../semver.mjs'
import { NONE, VARYING } from './format.mjs'

/**
 * Releases of one line on one platform.
 * @typedef {object} Line
 * @property {(name: string) => number[]} known what is said of a name in the releases before
 * @property {number} count how many releases these are
 * @property {{ version: string, sets: Set<string>[] }[]} fresh those after them, oldest first, with
 *   the names that each of their packages exports
 */

/** What is said of a name that no release has. */
const ABSENT = [NONE, NONE]

/**
 * @param {string} name
 * @param {Line} line
 * @returns {number[]} the first release that has it and the first that hasn't it any more
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
 * What is known of a line when only releases newer than all known ones have come.
 * @param {{ name: string, version: string }[]} releases all of the line now
 * @param {Record<string, string[]>} packages versions that each package had when the tables were
 *   made
 * @param {(name: string) => number[] | undefined} stateOf what the tables say of a name
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
