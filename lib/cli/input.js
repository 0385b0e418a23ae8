'use strict'
// Reads the text to explain: from the command line, a file, or standard input.

const { once } = require('node:events')
const fs = require('node:fs')
const { UsageError } = require('./errors.js')

/**
 * The maximum number of bytes that are read. Of a longer log the end is used, where the error is.
 */
const MAX_BYTES = 64 * 2 ** 20

/**
 * The bytes of the file in `operands` or of standard input, or `operands` themselves as a text.
 * @param {NodeJS.WriteStream} [through] gets standard input while it is read, so that the output of
 *   `app | abi-guard explain` is seen at once
 * @returns {Promise<Buffer | string>}
 */
async function textToExplain(operands, through) {
  if (operands.length === 0 || (operands.length === 1 && operands[0] === '-')) {
    if (process.stdin.isTTY) {
      throw new UsageError(
        'explain needs a text: abi-guard explain "<error>", abi-guard explain <file>, or … | ' +
          'abi-guard explain',
      )
    }
    return through ? passed(through) : endOf(process.stdin)
  }
  const [file] = operands
  if (operands.length > 1 || !isFile(file)) return operands.join(' ')
  const { size } = fs.statSync(file)
  const start = Math.max(0, size - MAX_BYTES)
  return endOf(fs.createReadStream(file, { start }))
}

/** Standard input, which also goes to `through`, with an empty line behind it. */
async function passed(through) {
  // Ctrl-C ends the app in front of the pipe, and its output is still explained.
  const stay = () => {}
  process.once('SIGINT', stay)
  const bytes = await endOf(process.stdin, through)
  process.removeListener('SIGINT', stay)
  const isWhole = bytes[bytes.length - 1] === 10
  if (bytes.length > 0) through.write(isWhole ? '\n' : '\n\n')
  return bytes
}

function isFile(path) {
  try {
    return fs.statSync(path).isFile() || path.startsWith('/dev/')
  } catch {
    return false
  }
}

/** The last bytes of a stream. All of it goes to `through`, too. */
async function endOf(stream, through) {
  let chunks = []
  let length = 0
  for await (const chunk of stream) {
    if (through?.write(chunk) === false) await once(through, 'drain')
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
