'use strict'
// Reads the text to explain: from the command line, a file, or standard input.

const { once } = require('node:events')
const fs = require('node:fs')
const { refusal } = require('../files.js')
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
    return interruptible(through)
  }
  const stats = operands.length === 1 ? statsOf(operands[0]) : undefined
  if (!stats) return operands.join(' ')
  const start = Math.max(0, stats.size - MAX_BYTES)
  return endOf(fs.createReadStream(operands[0], { start }))
}

/**
 * Reads standard input. Ctrl+C in a terminal interrupts every process of a pipeline: it ends the
 * app, whose output is still explained. A second Ctrl+C ends this process too, because the app may
 * not stop.
 */
async function interruptible(through) {
  const stay = () => {}
  if (isPiped()) process.once('SIGINT', stay)
  try {
    return through ? await passed(through) : await endOf(process.stdin)
  } finally {
    process.removeListener('SIGINT', stay)
  }
}

/** True if another process writes to standard input. Node.js gives its children sockets. */
function isPiped() {
  try {
    const stats = fs.fstatSync(0)
    return stats.isFIFO() || stats.isSocket()
  } catch {
    return false
  }
}

/** Standard input, which also goes to `through`, with an empty line behind it. */
async function passed(through) {
  const bytes = await endOf(process.stdin, through)
  const isWhole = bytes[bytes.length - 1] === 10
  if (bytes.length > 0) through.write(isWhole ? '\n' : '\n\n')
  return bytes
}

/**
 * The facts of the file that an operand names, or `undefined` if the operand is a text. A text that
 * names no file is taken for a path if it has no whitespace, and a separator or the extension of a
 * log.
 * @throws ERR_NOT_A_FILE, and the errors of the system
 */
function statsOf(operand) {
  const mustExist = /^\S+$/.test(operand) && /[\\/]|\.(log|txt)$/i.test(operand)
  let stats
  try {
    stats = fs.statSync(operand)
  } catch (error) {
    if (!mustExist || error.code === 'ENAMETOOLONG') return undefined
    if (error.code !== 'ENOTDIR') throw error
    throw refusal('ENOENT', `there is no ${operand}`, operand)
  }
  if (stats.isFile() || operand.startsWith('/dev/')) return stats
  if (!mustExist) return undefined
  throw refusal('ERR_NOT_A_FILE', `${operand} is not a regular file`, operand)
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
