'use strict'
// abi-guard/global-setup: the `globalSetup` of Jest and Vitest, and `--test-global-setup` of `node
// --test`.

const { check } = require('./lib/runners/setup.js')
const { projectsOf } = require('./lib/runners/projects.js')

function globalSetup(...args) {
  check(projectsOf(...args), globalSetup)
}

// Jest and Vitest call the export itself. Node.js calls the export with this name.
module.exports = globalSetup
module.exports.globalSetup = globalSetup
