'use strict'

/** What could rewrite a terminal, written out; the core does the same in reports (src/report/escape.rs). */
function oneLine(text) {
  return text.replace(
    /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu,
    (c) => `\\u{${c.codePointAt(0).toString(16)}}`,
  )
}

module.exports = { oneLine }
