// Loads one addon and writes down what came of it. Plain ES5, since Node.js 0.10 runs it too.
// argv: file of the addon, file for the answer.
'use strict'
var fs = require('fs')
var file = process.argv[2]
var answer = {
  outcome: 'loads',
  message: null,
  code: null,
  name: null,
  abi: process.versions.modules,
  napi: process.versions.napi
}

function text(value) {
  return value === undefined || value === null ? null : String(value)
}

try {
  process.dlopen({ exports: {} }, file)
} catch (error) {
  answer.outcome = 'throws'
  var isObject = error !== null && typeof error === 'object'
  answer.message = isObject ? text(error.message) : text(error)
  answer.code = isObject ? text(error.code) : null
  answer.name = isObject ? text(error.name) : typeof error
}
// Written before anything else can go wrong, so that a death on the way out isn't taken for a death
// in the loader.
fs.writeFileSync(process.argv[3], JSON.stringify(answer))
process.exit(0)
