// The oracle's table. These functions only convert pairs to text and JSON.

const percent = (part, whole) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(3).replace(/\.?0+$/, '')} %`
const fileName = ({ package: name, version, relative }) => `${name}@${version} ${relative}`

/** A text without the paths of this machine, so that equal causes are in one group. */
const bare = (text, { file, root }) =>
  text?.replaceAll(file, '<file>').replaceAll(root, '<root>') ?? null

export function realText({ about, node, real }) {
  if (real.outcome === 'loads') return 'loads'
  if (real.outcome === 'throws') return `throws ${bare(real.message, about)}`
  const why = real.stderr
    .split('\n')
    .find((line) =>
      /symbol lookup error|terminate|panicked|Minimum required|[Ff]atal|Check failed/.test(line),
    )
  return `crashes ${real.timedOut ? 'never ended' : (real.signal ?? `exit code ${real.exitCode}`)}${why ? `: ${bare(why.trim(), about).replaceAll(node.execPath, 'node').slice(0, 200)}` : ''}`
}

/** The class of one pair. The words are those of the table's columns. */
export function classify(pair) {
  const { predicted, real, own } = pair
  const codes = predicted.problems
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)
  const said = `${predicted.outcome}${codes.length > 0 ? ` (${codes.join(', ')})` : ''}`
  // The loader's own result: an addon that the loader accepted and that then failed by itself was
  // loaded.
  const truth = own ? 'loads' : real.outcome
  const agrees = predicted.outcome === truth
  const apart = Boolean(own) && agrees
  const refuses =
    truth === 'loads' && (predicted.outcome === 'throws' || predicted.outcome === 'crashes')
  const bothThrow = !own && predicted.outcome === 'throws' && real.outcome === 'throws'
  return {
    said,
    truth,
    agrees,
    apart,
    refuses,
    bothThrow,
    sameText: bothThrow && predicted.loaderMessage === real.message,
  }
}

export function report(pairs) {
  const judged = pairs.map((pair) => ({ ...pair, ...classify(pair) }))
  const counted = judged.filter(({ apart }) => !apart)
  const agreeing = counted.filter(({ agrees }) => agrees)
  const refusals = counted.filter(({ refuses }) => refuses)
  const throwing = counted.filter(({ bothThrow }) => bothThrow)
  const sameText = throwing.filter((pair) => pair.sameText)
  const unknown = counted.filter(({ predicted }) => predicted.outcome === 'unknown')
  const ok = refusals.length === 0 && agreeing.length >= 0.99 * counted.length
  const lines = [
    '| Node.js | pairs | agree | | refuses what loads | unknown | text equal |',
    '|---|--:|--:|--:|--:|--:|--:|',
  ]
  for (const [version, list] of groupBy(counted, ({ node }) => node.version))
    lines.push(row(version, list))
  lines.push(row('all', counted), '')
  const apart = judged.filter((pair) => pair.apart)
  const deaths = apart.filter(({ real }) => real.outcome === 'crashes').length
  lines.push(
    `Not counted, with evidence that the loader had finished: ${apart.length} pairs (${apart.length - deaths} own errors, ${deaths} deaths).`,
    '',
  )
  section(lines, 'Refuses what loads', refusals)
  section(
    lines,
    'Disagreements',
    counted.filter(({ agrees, refuses }) => !agrees && !refuses),
  )
  section(
    lines,
    'Text differs',
    throwing.filter((pair) => !pair.sameText),
    ({ predicted, about }) => `text ${JSON.stringify(bare(predicted.loaderMessage, about))}`,
  )
  lines.push(
    `Pairs ${counted.length}, agreement ${percent(agreeing.length, counted.length)}, refuses what loads ${refusals.length}, unknown ${unknown.length}, text equal ${sameText.length} of ${throwing.length} (${percent(sameText.length, throwing.length)}): ${ok ? 'passed' : 'FAILED'}`,
  )
  return { text: lines.join('\n'), json: judged.map(record), ok }
}

function row(name, list) {
  const count = (key) => list.filter((pair) => pair[key]).length
  const unknown = list.filter(({ predicted }) => predicted.outcome === 'unknown').length
  const cells = [
    name,
    list.length,
    count('agrees'),
    percent(count('agrees'), list.length),
    count('refuses'),
    unknown,
    `${count('sameText')} of ${count('bothThrow')}`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** Equal disagreements in one line with their number, the most frequent first. */
function section(lines, title, list, said = (pair) => pair.said) {
  if (list.length === 0) return
  lines.push(`${title}: ${list.length}`)
  const groups = groupBy(list, (pair) => {
    const own = pair.own ? `\n     evidence: ${pair.own.split('\n')[0]}` : ''
    return `${pair.about.package}@${pair.about.version}\n     real: ${realText(pair).replaceAll('\n', '⏎')}${own}\n     said: ${said(pair)}`
  })
  for (const [key, group] of groups.sort(([, a], [, b]) => b.length - a.length)) {
    const nodes = [...new Set(group.map(({ node }) => node.version))].join(' ')
    const files = [...new Set(group.map(({ about }) => about.relative))]
    lines.push(
      `  ${group.length} × ${key}\n     on ${nodes}: ${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''}`,
    )
  }
  lines.push('')
}

/** The results of the runtimes, without any prediction. */
export function reportReal(pairs) {
  const lines = [
    '| Node.js | pairs | loads | throws | crashes | of these by the addon itself | dies at exit |',
    '|---|--:|--:|--:|--:|--:|--:|',
  ]
  const of = (list, outcome) => list.filter(({ real }) => real.outcome === outcome).length
  const line = (name, list) => {
    const own = list.filter((pair) => pair.own).length
    const late = list.filter(({ real }) => real.outcome === 'loads' && real.atExit).length
    lines.push(
      `| ${[name, list.length, of(list, 'loads'), of(list, 'throws'), of(list, 'crashes'), own, late].join(' | ')} |`,
    )
  }
  for (const [version, list] of groupBy(pairs, ({ node }) => node.version)) line(version, list)
  line('all', pairs)
  lines.push('')
  const kinds = groupBy(
    pairs.filter(({ real }) => real.outcome !== 'loads'),
    (pair) =>
      `${pair.own ? `[own] ${pair.own.split('\n')[0]} | ` : ''}${realText(pair).split('\n')[0]}`.replaceAll(
        /\d{3,}/g,
        'N',
      ),
  )
  for (const [kind, list] of kinds.sort(([, a], [, b]) => b.length - a.length).slice(0, 80)) {
    lines.push(
      `  ${list.length} × ${kind} (${[...new Set(list.map(({ about }) => about.package))].slice(0, 4).join(', ')})`,
    )
  }
  return { text: lines.join('\n'), json: pairs.map(record), ok: true }
}

function groupBy(list, key) {
  const groups = new Map()
  for (const one of list) {
    const name = key(one)
    if (!groups.has(name)) groups.set(name, [])
    groups.get(name).push(one)
  }
  return [...groups]
}

/** One pair in the form of the JSON: both sides completely, without paths of this machine. */
function record(pair) {
  const { about, node, real, own, predicted, said, agrees, refuses, apart, sameText } = pair
  return {
    file: fileName(about),
    node: node.version,
    real: { ...real, message: bare(real.message, about), stderr: bare(real.stderr, about) },
    ...(predicted && {
      predicted: {
        outcome: predicted.outcome,
        loaderMessage: bare(predicted.loaderMessage, about),
        said,
      },
      agrees,
      refuses,
      apart,
      sameText,
    }),
    evidence: own ?? null,
  }
}
