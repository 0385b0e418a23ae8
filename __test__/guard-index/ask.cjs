'use strict'
// Asks the guard of the package in this folder, once for each line of JSON on standard input.

const { createInterface } = require('node:readline')
const { jobOf } = require('./lib/guard.js')
const { unwrap } = require('./lib/request.js')

createInterface({ input: process.stdin }).on('line', (line) => {
  const { root, options, path, byIndex } = JSON.parse(line)
  if (path === null) delete process.env.LD_LIBRARY_PATH
  else process.env.LD_LIBRARY_PATH = path
  const scan = { target: { execPath: process.execPath }, production: true, ...options }
  const answer = unwrap(jobOf(root, scan, { byIndex, whole: true }).run())
  const isKnown = answer.report.stats.milliseconds === 0
  answer.report.stats.milliseconds = 0
  const verdicts = JSON.stringify(answer.report.packages.map(({ name, ok }) => [name, ok]))
  const text = JSON.stringify(answer)
  process.stdout.write(`${JSON.stringify({ isKnown, text, verdicts })}\n`)
})
