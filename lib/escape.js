'use strict'

/**
 * What no text out of a package may bring into a terminal or a log: control characters, characters
 * that turn the direction of writing, and those that are invisible. src/report/escape.rs has the
 * same ones for reports.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu

/**
 * How commands to CI services begin: `::` at the beginning of a line, which any word may come to
 * stand at, and `##[` anywhere.
 */
const COMMANDS = /(^|\s):(?=:)|##(?=\[)/gu

const code = (character) => `\\u{${character.codePointAt(0).toString(16)}}`

/** Text that stays on one line and is nothing but text, wherever it is printed. */
function oneLine(text) {
  return text
    .replace(HIDDEN, code)
    .replace(COMMANDS, (_, before) => (before === undefined ? '#\\u{23}' : `${before}\\u{3a}`))
}

/** The same for a text of several lines. */
function lines(text) {
  return text.split('\n').map(oneLine).join('\n')
}

module.exports = { lines, oneLine }
