// npm run bench [-- --package=<folder>] [--only=<group>]
// Measures abi-guard beside other programs and beside itself, with a warm disk cache. A report, not
// a test: a missed target doesn't fail. A measurement that can't be trusted does.
//   --package=<folder>  a ready package with a release build; without it, one is built first
//   --only=<group>      one group of rows, by the name of its file in rows/
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isLinuxX64 } from '../../scripts/support/system.mjs'
import { describeMachine } from './machine.mjs'
import { releasePackage } from './release.mjs'
import { check } from './rows/check.mjs'
import { growth } from './rows/growth.mjs'
import { index } from './rows/index.mjs'
import { memory } from './rows/memory.mjs'
import { scan } from './rows/scan.mjs'
import { size } from './rows/size.mjs'
import { start } from './rows/start.mjs'
import { Table } from './table.mjs'

const groups = { start, scan, index, check, growth, memory, size }

const { values } = parseArgs({ options: { package: { type: 'string' }, only: { type: 'string' } } })
if (!isLinuxX64) throw new Error('the bench measures programs for linux-x64')
if (values.only !== undefined && !(values.only in groups))
  throw new Error(`--only=${values.only}: use ${Object.keys(groups).join(', ')}`)

const folder = values.package === undefined ? releasePackage() : resolve(values.package)
const table = new Table()
for (const [name, measure] of Object.entries(groups))
  if (values.only === undefined || values.only === name) await measure(folder, table)
console.log(`\n${describeMachine(folder)}`)
