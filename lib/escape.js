'use strict'

/**
 * Characters that are escaped before a package's text reaches a terminal or a log: control
 * characters, characters that change the writing direction, and invisible ones.
 * src/report/escape.rs has the same set for reports.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu

/**
 * The start of a command to a CI service: `::` at the start of a line, or `##[` anywhere. Any word
 * may be printed at the start of a line.
 */
const COMMANDS = /(^|\s):(?=:)|##(?=\[)/gu

const code = (character) => `\\u{${character.codePointAt(0).toString(16)}}`

/** Escapes a text, so that it stays on one line and has no effect on a terminal or a CI service. */
function oneLine(text) {
  return text
    .replace(HIDDEN, code)
    .replace(COMMANDS, (_, before) => (before === undefined ? '#\\u{23}' : `${before}\\u{3a}`))
}

/** Escapes each line of a text. */
function lines(text) {
  return text.split('\n').map(oneLine).join('\n')
}

module.exports = { lines, oneLine }
