'use strict'
// node check.cjs <package> <list>: the time for checks of all files in a list, a JSON file. The
// process is fresh, so that abi-guard has nothing in memory.

const { readFileSync } = require('node:fs')

const [, , guard, list] = process.argv
const { checkAbi } = require(guard)
const files = JSON.parse(readFileSync(list, 'utf8'))
const start = process.hrtime.bigint()
let complete = 0
for (const file of files) if (checkAbi(file).complete) complete++
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
console.log(JSON.stringify({ milliseconds, complete }))
