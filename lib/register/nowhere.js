'use strict'

const { mainScript } = require('../root.js')

/** The message for a process that belongs to no project. */
function nowhere() {
  return (
    `no project was found${where()}, so nothing is guarded at the start: each addon is checked ` +
    'when it is loaded. Require abi-guard/register in a file of the app'
  )
}

function where() {
  const main = mainScript()
  return main === undefined ? '' : ` for ${main}`
}

module.exports = { nowhere }
