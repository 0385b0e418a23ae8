'use strict'
// What depends on where the output goes.

const { oneLine } = require('../escape.js')

/**
 * Width and colour for reports: those of the terminal, none in a file. The reader is where the
 * command was typed.
 */
function style({ verbose = false, output, stream = process.stdout } = {}) {
  const { isTTY, columns } = stream
  const from = process.cwd()
  if (output !== undefined) return { verbose, from, color: false, width: 80 }
  return {
    verbose,
    from,
    color: wantsColor(stream),
    width: isTTY ? Math.min(columns || 80, 100) : 80,
  }
}

/** FORCE_COLOR and NO_COLOR as Node.js itself reads them: the first decides when both are set. */
function wantsColor(stream) {
  const { FORCE_COLOR, NO_COLOR, TERM, npm_config_color: npm } = process.env
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR)
  // `npm install --no-color` reaches scripts as an empty text.
  return Boolean(stream.isTTY) && !NO_COLOR && TERM !== 'dumb' && npm !== '' && npm !== 'false'
}

/** A reader that has gone away (`abi-guard | head`) is no error. */
function quietBrokenPipe() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

/** One line on standard error. */
function complain(message) {
  process.stderr.write(`abi-guard: ${oneLine(message)}\n`)
}

/** Text as lines of at most `width` characters, broken at spaces. */
function wrapped(text, width) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    if (last && last.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = last ? `${last} ${word}` : word
  }
  return lines
}

/** Before the first progress line: most scans are done by then. */
const PATIENCE = 300

/**
 * Tells how far a scan is, on a terminal only and not before it has taken a while; `done` takes the
 * line away again.
 */
function progressLine(wanted) {
  const { stderr } = process
  if (!wanted || !stderr.isTTY || process.env.TERM === 'dumb') return { tell: undefined, done() {} }
  const start = Date.now()
  let shown = false
  return {
    tell({ directories, packages }) {
      if (Date.now() - start < PATIENCE) return
      shown = true
      stderr.write(`\r\x1b[2Kscanning: ${directories} folders, ${packages} native packages`)
    },
    done() {
      if (shown) stderr.write('\r\x1b[2K')
      shown = false
    },
  }
}

module.exports = { complain, progressLine, quietBrokenPipe, style, wrapped }
