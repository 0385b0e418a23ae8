'use strict'

const native = require('./native.js')
const { unwrap } = require('./request.js')

/**
 * A report or an explanation as the message of an error. Paths are relative to the current folder.
 */
function reportText(report) {
  const style = JSON.stringify({ from: currentFolder() })
  return unwrap(native.formatReport(JSON.stringify(report), 'text', style)).trimEnd()
}

/** The current folder, or `undefined` if it was removed. */
function currentFolder() {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

module.exports = { reportText }
