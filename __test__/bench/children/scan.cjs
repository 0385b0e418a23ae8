'use strict'
// node scan.cjs <package> <folder>: the time of this process's first scan.

const [, , guard, folder] = process.argv
const { scanNodeModules } = require(guard)
const start = process.hrtime.bigint()
const { ok, stats } = scanNodeModules(folder)
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
console.log(JSON.stringify({ milliseconds, ok, stats }))
