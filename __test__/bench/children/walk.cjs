'use strict'
// node walk.cjs <folder>: the time of a search for .node files with Node.js's own functions.

const { readdirSync } = require('node:fs')
const { join } = require('node:path')

function walk(folder, found) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) walk(join(folder, entry.name), found)
    else if (entry.name.endsWith('.node')) found.push(join(folder, entry.name))
  }
  return found
}

const start = process.hrtime.bigint()
const { length } = walk(process.argv[2], [])
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
console.log(JSON.stringify({ milliseconds, addons: length }))
