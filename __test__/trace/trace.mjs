// npm run trace [-- name… --group GROUP --json FILE]
// Compares the file that a package really opens with the one that abi-guard calls active. Real
// packages are installed without their install scripts (some are compiled then), a real Node.js
// requires each, and the first file of the package, or of one of its platform packages, that
// reaches process.dlopen must be the active one. The same is done with the faked values of other
// systems. With names, only packages with such a name, or with it in their name, are compared. If a
// loader tries another file because one doesn't load, the last file counts.
import { parseArgs } from 'node:util'
import { install as installNodes } from '../../scripts/support/matrix/install.mjs'
import { executable, versions } from '../../scripts/support/matrix/index.mjs'
import { writeWhole } from '../../scripts/support/cache.mjs'
import { pool } from '../../scripts/support/pool.mjs'
import { groupNames, groupOf, packagesOf } from './groups.mjs'
import { install } from './install.mjs'
import { compare, fakedColumns, realColumn } from './compare.mjs'
import { asJson, report } from './report.mjs'

/** The newest release of the matrix in each line that is still used. */
const nodes = ['16', '18', '20', '22', '24', '26'].map((line) =>
  versions('full')
    .filter((version) => version.startsWith(`${line}.`))
    .at(-1),
)

/** Only old packages are tested in Node.js 16; few current packages run there. */
const takes = ({ old }, { short }) => short !== '16' || old

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { group: { type: 'string' }, json: { type: 'string' } },
})

const groups = (options.group ? [options.group] : groupNames).map(groupOf)
const all = groups.flatMap(packagesOf)
const isNamed = (word) => all.some(({ name }) => name === word)
const isWanted = ({ name, version }) =>
  words.length === 0 ||
  words.some((word) => (isNamed(word) ? name === word : `${name}@${version}`.includes(word)))

const used = groups.filter((group) => packagesOf(group).some(isWanted)).map(({ name }) => name)
await installNodes('full', { log() {} })
await install(used, { log: console.error })
// The packages are read again: only now it is known which of them could not be compiled.
const packages = groups.flatMap(packagesOf).filter(isWanted)
const columns = [
  ...nodes.map((version) => realColumn(version, executable(version))),
  ...fakedColumns(),
]
const pairs = packages.flatMap((about) =>
  columns.filter((column) => takes(about, column)).map((column) => ({ about, column })),
)
console.error(`trace: ${packages.length} packages, ${pairs.length} traces`)
const { default: abiGuard } = await import('../../index.js')
const cells = await pool(pairs, 2, async ({ about, column }) => ({
  about,
  column,
  ...(await compare(about, column, abiGuard.checkPackage)),
}))
if (options.json) writeWhole(options.json, JSON.stringify(asJson(cells), null, 1))
const { text, ok } = report(cells, columns)
console.log(text)
process.exitCode = ok && cells.length > 0 ? 0 : 1
