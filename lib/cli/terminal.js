'use strict'
// Settings that depend on the output: terminal, file or pipe.

const { oneLine } = require('../escape.js')

/**
 * Width and color for reports: those of the terminal; no color in a file. The reader's folder is
 * the current folder.
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

/** Reads FORCE_COLOR and NO_COLOR as Node.js does. FORCE_COLOR wins if both are set. */
function wantsColor(stream) {
  const { FORCE_COLOR, NO_COLOR, TERM, npm_config_color: npm } = process.env
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR)
  // `npm install --no-color` sets npm_config_color to an empty text.
  return Boolean(stream.isTTY) && !NO_COLOR && TERM !== 'dumb' && npm !== '' && npm !== 'false'
}

/** Ignores EPIPE: a reader that has ended (`abi-guard | head`) is no error. */
function quietBrokenPipe() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

/** Prints one line to standard error. */
function complain(message) {
  process.stderr.write(`abi-guard: ${oneLine(message)}\n`)
}

/** Breaks a text at spaces into lines of at most `width` characters. */
function wrapped(text, width) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    if (last && last.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = last ? `${last} ${word}` : word
  }
  return lines
}

/** Milliseconds before the first progress line. Most scans have ended by then. */
const PROGRESS_DELAY = 300

/**
 * Shows the progress of a scan, only on a terminal and only after a delay. `done` removes the line.
 */
function progressLine(wanted) {
  const { stderr } = process
  if (!wanted || !stderr.isTTY || process.env.TERM === 'dumb') return { tell: undefined, done() {} }
  const start = Date.now()
  let shown = false
  return {
    tell({ directories, packages }) {
      if (Date.now() - start < PROGRESS_DELAY) return
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
