'use strict'
// node guard.cjs <package> <folder> [whole]: the time of the guard's check in a fresh process.
// `whole` asks for a report, in which the scan's time is 0 if the answer came from the index.

const { join } = require('node:path')

const [, , guard, folder, whole] = process.argv
const { guardJob } = require(join(guard, 'lib/guard.js'))
const { unwrap } = require(join(guard, 'lib/request.js'))
const start = process.hrtime.bigint()
const answer = guardJob(folder, {}, { whole: whole === 'whole' }).job.run()
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
const { report } = unwrap(answer)
const isKnown = report && report.stats.milliseconds === 0
console.log(JSON.stringify({ milliseconds, isKnown }))
