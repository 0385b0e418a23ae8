// node __test__/corpus/names.mjs [small|full]
// Compares the claims in the names of the corpus with what abi-guard reads in the files: the ABI,
// the platform, the architecture and the libc. A claim may be wrong: exceptions.json lists those
// names, each with the proof.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { install } from '../../scripts/support/corpus/install.mjs'
import { listFiles } from '../../scripts/support/corpus/index.mjs'

const exceptions = JSON.parse(
  readFileSync(new URL('./exceptions.json', import.meta.url), 'utf8'),
).exceptions
const fields = ['abi', 'platform', 'arch', 'libc']

/**
 * The value of a field in the contents, or undefined if a file of this kind doesn't have the field.
 */
function contents({ binary, addon }, field) {
  if (field === 'abi') {
    // A Node-API addon has no ABI, even if its folder's name claims one. A hybrid addon depends on
    // an ABI, but its file may not contain the number.
    if (addon?.api === 'node-api' || (addon?.api === 'hybrid' && addon.abi === null))
      return undefined
    return addon?.abi ?? null
  }
  if (!binary) return null
  if (field === 'arch' && binary.slices?.length > 1)
    return binary.slices
      .map(({ arch }) => arch)
      .sort()
      .reverse()
      .join('+') // 'x64+arm64'
  // A file that needs no libc by name loads with both, so it contradicts no claim.
  if (field === 'libc' && binary.libc === null) return undefined
  return binary[field]
}

const exceptionFor = (about, field, found) =>
  exceptions.find(
    (one) =>
      one.package === `${about.package}@${about.version}` &&
      one.field === field &&
      String(one.contents) === String(found) &&
      new RegExp(one.files).test(about.relative),
  )

/** @returns {{ rows: object[], failures: object[] }} one row per file and field that its name states */
export function compareNames(files, checkAbi) {
  const rows = []
  for (const about of files) {
    const report = checkAbi(about.file)
    const claims = {
      abi: about.statedAbi,
      platform: about.statedPlatform,
      arch: about.statedArch,
      libc: about.statedLibc,
    }
    for (const field of fields) {
      if (claims[field] === null) continue
      const found = contents(report, field)
      // A universal file contains more architectures than a name like darwin-arm64 claims.
      const equal =
        found === claims[field] ||
        (field === 'arch' && String(found).split('+').includes(claims[field]))
      const result =
        found === undefined
          ? 'says nothing'
          : equal
            ? 'equal'
            : exceptionFor(about, field, found)
              ? 'exception'
              : 'differs'
      rows.push({
        about,
        field,
        format: report.binary?.format ?? 'none',
        claim: claims[field],
        found,
        result,
      })
    }
  }
  return { rows, failures: rows.filter(({ result }) => result === 'differs') }
}

export function table(rows) {
  const results = ['equal', 'says nothing', 'exception', 'differs']
  const lines = [`| claim | format | ${results.join(' | ')} |`, '|---|---|--:|--:|--:|--:|']
  const formats = [...new Set(rows.map(({ format }) => format))].sort()
  for (const field of fields) {
    for (const format of formats) {
      const some = rows.filter((row) => row.field === field && row.format === format)
      if (some.length === 0) continue
      lines.push(
        `| ${[field, format, ...results.map((result) => some.filter((row) => row.result === result).length)].join(' | ')} |`,
      )
    }
  }
  for (const { about, field, claim, found, result } of rows) {
    if (result === 'differs' || result === 'exception')
      lines.push(
        `${result}: ${about.package}@${about.version} ${about.relative}: the name says ${field} ${claim}, the file ${found}`,
      )
  }
  return lines.join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const group = process.argv[2] ?? 'full'
  await install(group)
  const { default: abiGuard } = await import('../../index.js')
  const { rows, failures } = compareNames(listFiles(group), abiGuard.checkAbi)
  console.log(table(rows))
  process.exitCode = failures.length === 0 ? 0 : 1
}
