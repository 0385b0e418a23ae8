'use strict'
// The text that is to be explained: typed, out of a file, or piped in.

const fs = require('node:fs')
const { UsageError } = require('./errors.js')

/** Most bytes that are looked at; of a longer log the end, where the error is. */
const LONGEST = 64 * 2 ** 20

/** The text that `operands` mean: that of a file, their own, or that of standard input. */
async function textToExplain(operands) {
  if (operands.length === 0 || (operands.length === 1 && operands[0] === '-')) {
    if (process.stdin.isTTY) {
      throw new UsageError(
        'explain needs a text: abi-guard explain "<error>", abi-guard explain <file>, or … | ' +
          'abi-guard explain',
      )
    }
    return (await endOf(process.stdin)).toString()
  }
  const [file] = operands
  if (operands.length > 1 || !isFile(file)) return operands.join(' ')
  const { size } = fs.statSync(file)
  const start = Math.max(0, size - LONGEST)
  return (await endOf(fs.createReadStream(file, { start }))).toString()
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
    // Seldom, so that a long stream isn't copied over and over.
    if (length > 2 * LONGEST) {
      chunks = [Buffer.concat(chunks).subarray(-LONGEST)]
      length = LONGEST
    }
  }
  return Buffer.concat(chunks).subarray(-LONGEST)
}

module.exports = { textToExplain }
