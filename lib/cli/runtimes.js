'use strict'
// The ABI table for people. It has the stable releases, or prereleases if there are no others.
// Neighboring releases with equal numbers share a row.

const { UsageError } = require('./errors.js')

const TITLES = { node: 'Node.js', electron: 'Electron', bun: 'Bun', deno: 'Deno', nw: 'NW.js' }

/** The rows of one runtime, or those with one ABI. All rows without `wanted`. */
function select(releases, wanted) {
  if (wanted === undefined) return releases
  if (Object.hasOwn(TITLES, wanted)) return releases.filter(({ runtime }) => runtime === wanted)
  if (!/^\d+$/.test(wanted)) {
    throw new UsageError(
      `there is no runtime "${wanted}": use ${Object.keys(TITLES).join(', ')}, or an ABI number`,
    )
  }
  const found = releases.filter(({ abi }) => abi === Number(wanted))
  if (found.length === 0) throw new UsageError(`no known release has ABI ${wanted}`)
  return found
}

const isStable = (version) => !version.includes('-')
const release = (version) => version.split('-')[0]
const range = (first, last) => (first === last ? first : `${first} – ${last}`)
const known = (value) => String(value ?? '?')

/**
 * Merges neighboring rows with equal ABI and Node-API version. A row that ends in a prerelease
 * contains only prereleases.
 */
function merge(releases) {
  const merged = []
  for (const row of releases) {
    const last = merged[merged.length - 1]
    if (last && last.abi === row.abi && last.nodeApi === row.nodeApi) {
      last.last = row.last
      last.nodes.push(row.node)
    } else {
      merged.push({ ...row, nodes: [row.node] })
    }
  }
  return merged
}

function runtimeTable(releases) {
  const stable = releases.filter(({ last }) => isStable(last))
  const shown = stable.length > 0 ? stable : releases
  const parts = []
  for (const [runtime, title] of Object.entries(TITLES)) {
    const rows = merge(shown.filter((row) => row.runtime === runtime))
    if (rows.length === 0) continue
    const hasNode = rows.some(({ nodes }) => nodes.some(Boolean))
    const lines = rows.map(({ first, last, abi, nodeApi, nodes }) => {
      const inside = nodes.filter(Boolean)
      const node = inside.length > 0 ? range(inside[0], inside[inside.length - 1]) : '?'
      const name = range(isStable(last) ? release(first) : first, last)
      return [name, known(abi), nodeApi === null ? '–' : known(nodeApi), hasNode ? node : '']
    })
    const head = [title, 'ABI', 'Node-API', hasNode ? 'Node.js inside' : '']
    parts.push(
      [head, ...lines].map(([a, b, c, d]) =>
        `${a.padEnd(22)}${b.padStart(5)}${c.padStart(11)}   ${d}`.trimEnd(),
      ),
    )
  }
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

module.exports = { runtimeTable, select }
