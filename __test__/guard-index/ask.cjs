'use strict'
// node ask.cjs <package>: asks the guard of a package, once for each line of JSON on standard input.

const { join } = require('node:path')
const { createInterface } = require('node:readline')

const [, , home] = process.argv
const { jobOf } = require(join(home, 'lib/guard.js'))
const { unwrap } = require(join(home, 'lib/request.js'))

createInterface({ input: process.stdin }).on('line', (line) => {
  const { root, options, byIndex } = JSON.parse(line)
  const scan = { target: { execPath: process.execPath }, production: true, ...options }
  const answer = unwrap(jobOf(root, scan, { byIndex, whole: true }).run())
  const isKnown = answer.report.stats.milliseconds === 0
  answer.report.stats.milliseconds = 0
  const verdicts = JSON.stringify(answer.report.packages.map(({ name, ok }) => [name, ok]))
  const text = JSON.stringify(answer)
  process.stdout.write(`${JSON.stringify({ isKnown, text, verdicts })}\n`)
})
