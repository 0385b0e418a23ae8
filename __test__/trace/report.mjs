// The table of the compared pairs, and the list of differences.
import { named } from './judge.mjs'

const signs = { ok: 'ok', differs: 'DIFFERS', 'not run': 'not run' }
const idOf = ({ name, version }) => `${name}@${version}`

/** @param {{ about: object, column: object, real: object, said: object, verdict: string, reason: string }[]} cells */
export function report(cells, columns) {
  const titles = columns.map(({ short }) => short)
  const lines = [
    `| package | loader | file | ${titles.join(' | ')} |`,
    `|---|---|---|${titles.map(() => '---').join('|')}|`,
  ]
  const rows = groupBy(cells, ({ about }) => `${about.group} ${idOf(about)}`)
  for (const row of rows) {
    const [{ about }] = row
    const loaders = [...new Set(row.map(({ said }) => said.loader))].join(', ')
    const file = row.map(({ real }) => real.file).find((one) => one !== null) ?? null
    const signOf = (column) => signs[row.find((cell) => cell.column === column)?.verdict] ?? ''
    lines.push(
      `| ${idOf(about)} | ${loaders} | ${named(about, file)} | ${columns.map(signOf).join(' | ')} |`,
    )
  }
  const of = (verdict) => cells.filter((cell) => cell.verdict === verdict)
  const several = cells.filter(({ real }) => real.own.length > 1)
  // `npm run oracle` tests the outcome; here, it only shows how a package handles it.
  const ends = cells.filter(
    ({ verdict, column, real, said }) =>
      verdict === 'ok' && !column.system && real.outcome !== said.outcome,
  )
  lines.push(
    '',
    ...section('Differs', of('differs'), difference),
    ...section('Opens one file after the other', several, everyFile),
    ...section(
      'Ends otherwise than said (fails nothing here)',
      ends,
      ({ about, real, said }) =>
        `${named(about, real.file)} ${real.outcome}, abi-guard says ${said.outcome}`,
    ),
    ...section('Not run', of('not run'), ({ reason }) => reason),
  )
  const unsure = cells.filter(({ unsure }) => unsure).length
  lines.push(
    `${rows.length} packages, ${cells.length} traces: ${of('ok').length} ok (of these ${unsure} without a file and the loader unknown), ${of('differs').length} differ, ${of('not run').length} not run`,
  )
  return { text: lines.join('\n'), ok: of('differs').length === 0 }
}

function difference({ about, real, said, reason }) {
  const answer = said.sure || said.file !== null ? named(about, said.file) : 'that it does not know'
  return `it opens ${named(about, real.file)}, abi-guard says ${reason ?? answer}`
}

const everyFile = ({ about, real: { own, loads } }) =>
  own
    .map((file) => {
      const outcome = loads.some(({ loaded }) => loaded === file)
        ? ' (loads)'
        : loads.some(({ failed }) => failed === file)
          ? ' (fails)'
          : ''
      return `${named(about, file)}${outcome}`
    })
    .join(', ')

/** One line per package and result, with the columns that have this result. */
function section(title, cells, textOf) {
  if (cells.length === 0) return []
  const lines = groupBy(cells, (cell) => `  ${idOf(cell.about)}: ${textOf(cell)}`, true).map(
    ([text, list]) => `${text} [${list.map(({ column }) => column.short).join(', ')}]`,
  )
  return [`${title}:`, ...lines, '']
}

function groupBy(list, key, withKey = false) {
  const groups = new Map()
  for (const one of list) {
    const name = key(one)
    if (!groups.has(name)) groups.set(name, [])
    groups.get(name).push(one)
  }
  return withKey ? [...groups] : [...groups.values()]
}

/** Every trace as data. */
export const asJson = (cells) =>
  cells.map(({ about, column, real, said, verdict, reason, unsure = false }) => ({
    package: about.name,
    version: about.version,
    group: about.group,
    directory: about.directory,
    column: column.short,
    target: column.target,
    verdict,
    reason,
    unsure,
    loader: said.loader,
    real: {
      file: named(about, real.file),
      first: named(about, real.first),
      own: real.own.map((file) => named(about, file)),
      files: real.files.map((file) => named(about, file)),
      thrown: real.thrown && { ...real.thrown, stack: undefined },
      outcome: real.outcome,
      ended: real.ended,
      loads: real.loads,
    },
    said: {
      file: named(about, said.file),
      sure: said.sure,
      outcome: said.outcome,
      exception: said.exception ?? null,
    },
  }))
