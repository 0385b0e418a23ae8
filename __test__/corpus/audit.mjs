// node __test__/corpus/audit.mjs [small|full]
// Audits every package of the corpus. The files with wrong names, which exceptions.json lists with
// proof, must be reported, and no other file.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { install } from '../../scripts/support/corpus/install.mjs'
import { listFiles } from '../../scripts/support/corpus/index.mjs'

const { exceptions } = JSON.parse(
  readFileSync(new URL('./exceptions.json', import.meta.url), 'utf8'),
)

/** True for a file whose name is known to be wrong. */
const liars = (about) =>
  exceptions.some(
    (one) =>
      one.package === `${about.package}@${about.version}` &&
      new RegExp(one.files).test(about.relative),
  )

/**
 * @returns {{ packages: number, told: number, wrong: string[] }} `told`: the number of reported
 *   files
 */
export function auditCorpus(files, auditPackage) {
  const byPackage = Map.groupBy
    ? Map.groupBy(files, folderOf)
    : files.reduce(
        (map, about) => map.set(folderOf(about), [...(map.get(folderOf(about)) ?? []), about]),
        new Map(),
      )
  const wrong = []
  let told = 0
  for (const [folder, about] of byPackage) {
    const report = auditPackage(folder)
    const denied = new Set(
      report.files
        .filter(({ problems }) => problems.some(({ code }) => code === 'mislabelled'))
        .map(({ file }) => file),
    )
    for (const one of about) {
      const expected = liars(one)
      if (expected) told++
      if (denied.has(one.relative) !== expected)
        wrong.push(
          `${one.package}@${one.version} ${one.relative}: ${expected ? 'not reported' : 'reported without proof'}`,
        )
    }
  }
  return { packages: byPackage.size, told, wrong }
}

const folderOf = ({ file, relative }) => file.slice(0, -relative.length - 1)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const group = process.argv[2] ?? 'full'
  await install(group)
  const { default: abiGuard } = await import('../../index.js')
  const { packages, told, wrong } = auditCorpus(listFiles(group), abiGuard.auditPackage)
  console.log(
    `${packages} packages audited, ${told} files with wrong names, ${wrong.length} answers wrong`,
  )
  for (const line of wrong) console.log(`  ${line}`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}
