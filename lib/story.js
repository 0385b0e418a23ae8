'use strict'

const native = require('./native.js')
const { unwrap } = require('./request.js')

/** A report, or an explanation, as the message of an error: for a reader in the current folder. */
function storyOf(report) {
  const style = JSON.stringify({ from: currentFolder() })
  return unwrap(native.formatReport(JSON.stringify(report), 'text', style)).trimEnd()
}

/** It may have been removed. */
function currentFolder() {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

module.exports = { storyOf }
