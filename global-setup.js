'use strict'
// abi-guard/global-setup: what `globalSetup` of Jest and Vitest names, and `node --test
// --test-global-setup`.

const { check } = require('./lib/runners/setup.js')
const { projectsOf } = require('./lib/runners/projects.js')

function globalSetup(...args) {
  check(projectsOf(...args), globalSetup)
}

// Jest and Vitest call the export itself, Node.js the one of this name.
module.exports = globalSetup
module.exports.globalSetup = globalSetup
