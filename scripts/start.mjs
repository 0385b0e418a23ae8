// npm start -- [directory] [options]: sets up the checkout and scans a directory, by default the
// checkout itself. Paths are relative to the folder in which npm was called.
import { createRequire } from 'node:module'
import { root, setupOrExit } from './setup.mjs'

setupOrExit()

const require = createRequire(import.meta.url)
const { main } = require('../lib/cli/main.js')
const { parse } = require('../lib/cli/usage.js')

process.chdir(process.env.INIT_CWD ?? process.cwd())
const args = process.argv.slice(2)
await main(['scan', ...args, ...(namesNoDirectory() ? [root] : [])])

function namesNoDirectory() {
  try {
    return parse(['scan', ...args]).operands.length === 0
  } catch {
    return false // Wrong usage, which main reports.
  }
}
