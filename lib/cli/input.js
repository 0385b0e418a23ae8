'use strict'
// Reads the text to explain: from the command line, a file, or standard input.

const fs = require('node:fs')
const { UsageError } = require('./errors.js')

/**
 * The maximum number of bytes that are read. Of a longer log the end is used, where the error is.
 */
const MAX_BYTES = 64 * 2 ** 20

/**
 * The bytes of the file in `operands` or of standard input, or `operands` themselves as a text.
 * @returns {Promise<Buffer | string>}
 */
async function textToExplain(operands) {
  if (operands.length === 0 || (operands.length === 1 && operands[0] === '-')) {
    if (process.stdin.isTTY) {
      throw new UsageError(
        'explain needs a text: abi-guard explain "<error>", abi-guard explain <file>, or … | ' +
          'abi-guard explain',
      )
    }
    return endOf(process.stdin)
  }
  const [file] = operands
  if (operands.length > 1 || !isFile(file)) return operands.join(' ')
  const { size } = fs.statSync(file)
  const start = Math.max(0, size - MAX_BYTES)
  return endOf(fs.createReadStream(file, { start }))
}

function isFile(path) {
  try {
    return fs.statSync(path).isFile() || path.startsWith('/dev/')
  } catch {
    return false
  }
}

/** The last bytes of a stream. */
async function endOf(stream) {
  let chunks = []
  let length = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    length += chunk.length
    // Only sometimes, so that a long stream isn't copied again and again.
    if (length > 2 * MAX_BYTES) {
      chunks = [Buffer.concat(chunks).subarray(-MAX_BYTES)]
      length = MAX_BYTES
    }
  }
  return Buffer.concat(chunks).subarray(-MAX_BYTES)
}

module.exports = { textToExplain }
